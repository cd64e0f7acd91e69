"""Accounts are made by an administrator, one act each; nobody makes their own.

Who may do so is the policy's to say, at the door of the page or command that calls (`accounts/doors.py`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from openipt.accounts.codes import LIFETIME, bare, made_code
from openipt.accounts.models import Account, Membership, Organisation, Slip
from openipt.accounts.names import made_name, staff_name
from openipt.accounts.noting import ITSELF, note
from openipt.accounts.own_secret import check_staff_password
from openipt.accounts.roles import CLIENT, PROXY, hold
from openipt.audit.writing import wrote

TRIES = 50  # of names for a client; with half of all names taken, fifty in a row are taken once in 10 to the 15th


class NameTakenError(ValueError):
    """A sign-in name that somebody has already."""


@dataclass(frozen=True, slots=True)
class Access:
    """What is printed on a client's slip. The code stands nowhere else; it is not kept."""

    account: Account
    username: str
    code: str
    expires_at: datetime


@transaction.atomic
def make_organisation(
    *,
    name: str,
    zone: str,
    by: str | None,
    at: datetime,
    synthetic: bool = False,
    solo: bool = False,
    promise: dict[str, Any] | None = None,
) -> Organisation:
    """Make a service.

    Args:
        name: As people know it.
        zone: IANA name of the zone its days are counted in.
        by: The account that acts; None at set-up, when there is none yet.
        at: The server's time.
        synthetic: Whether its people are all invented. Decided here and never again.
        solo: One clinician; a delay and a reason then stand for a second person (RULINGS 14).
        promise: Hours, who answers, within how long.

    Raises:
        MarkedForGoodError: The database holds services of the other sort.
    """
    made = Organisation(name=name, zone=zone, synthetic=synthetic, solo=solo, promise=promise or {}, created_at=at)
    made.save(force_insert=True)
    wrote(act="organisation.make", by=by or ITSELF, at=at, organisation=str(made.id), client=None, rows=[made])
    return made


@transaction.atomic
def make_staff(
    *,
    username: str,
    name: str,
    email: str,
    organisation: Organisation,
    roles: Collection[str],
    by: str | None,
    at: datetime,
    password: str | None = None,
) -> Account:
    """Make an account for a member of staff, with the roles it holds from now on.

    Args:
        username: What they type to sign in; kept in its plain form.
        name: As clients and colleagues see it.
        email: Their work address; the only way to a forgotten password. Empty: only an administrator can help.
        organisation: The service.
        roles: Roles of the policy, one or more.
        by: The account that acts; None at set-up, when there is none yet.
        at: The server's time.
        password: Their first password (set-up, the demonstration). Without one they ask for a link by mail.

    Raises:
        NameRefusedError, NameTakenError, RoleRefusedError, WeakSecretError: What is wrong, and what to do.
    """
    account = Account(username=staff_name(username), name=name, email=email, organisation=organisation, created_at=at)
    if Account.objects.filter(username=account.username).exists():
        raise NameTakenError("that sign-in name is taken; choose another, for example with a middle initial")
    if password is not None:
        check_staff_password(password, account)
    account.password = make_password(password)
    account.save(force_insert=True)
    held: list[Membership] = [hold(account, role, at) for role in sorted(set(roles))]
    note("account.make", account=account, by=by or ITSELF, at=at, rows=held)
    return account


@transaction.atomic
def make_client_access(*, client: UUID, organisation: Organisation, by: str, at: datetime) -> Access:
    """Make an account for a client, and the slip with its name and one-time code.

    Args:
        client: Whose record it is.
        organisation: The service.
        by: The account that acts.
        at: The server's time; the code runs out two weeks later.

    Raises:
        NameTakenError: The client has an account already (give a new slip instead), or no free name was drawn.
    """
    if Account.objects.filter(client=client).exists():
        raise NameTakenError("this client can sign in already; give them a new slip instead (give_slip)")
    account = Account(username=_free_name(), organisation=organisation, client=client, created_at=at)
    account.set_unusable_password()
    account.save(force_insert=True)
    membership = hold(account, CLIENT, at)
    slip, access = _slip(account, at)
    note("client-access.make", account=account, by=by, at=at, rows=[membership, slip])
    return access


@transaction.atomic
def make_caregiver_access(*, client: UUID, organisation: Organisation, id: UUID, by: str, at: datetime) -> Access:  # noqa: A002
    """Make an account for somebody who cares for a client, and the slip with its name and one-time code.

    Args:
        client: Whose list they are to see. A young person may have several caregivers, each with an account of theirs.
        organisation: The service.
        id: The account's id, made with the page: sent twice it is one account.
        by: The account that acts.
        at: The server's time; the code runs out two weeks later.

    Raises:
        NameTakenError: it was made before, or no free name was drawn.
    """
    if Account.objects.filter(id=id).exists():
        raise NameTakenError("this caregiver was let in already; give them a new slip instead (give_slip)")
    account = Account(id=id, username=_free_name(), organisation=organisation, proxy_of=client, created_at=at)
    account.set_unusable_password()
    account.save(force_insert=True)
    membership = hold(account, PROXY, at)
    slip, access = _slip(account, at)
    note("access.make", account=account, by=by, at=at, rows=[membership, slip])
    return access


@transaction.atomic
def give_slip(*, account: Account, by: str, at: datetime) -> Access:
    """Give a client a new slip: they forgot, or somebody else may know. What they had stops working now.

    Raises:
        ValueError: The account is of staff; they ask for a link by mail.
    """
    if account.is_of_staff:
        raise ValueError("only clients and caregivers have slips; staff choose a password by mail or at set-up")
    account.set_unusable_password()  # ends every sign-in of the account with the next request
    account.lock = ""
    account.save(update_fields=["password", "lock"])
    old = withdraw_slips(account, at)
    slip, access = _slip(account, at)
    note("slip.give", account=account, by=by, at=at, rows=[*old, slip])
    return access


def withdraw_slips(account: Account, at: datetime) -> list[Slip]:
    """Make the slips that are still out worthless, and return them."""
    out = list(account.slips.filter(redeemed_at=None, withdrawn_at=None))
    for slip in out:
        slip.withdrawn_at = at
    Slip.objects.bulk_update(out, ["withdrawn_at"])
    return out


def _free_name() -> str:
    for _ in range(TRIES):
        name = made_name()
        if not Account.objects.filter(username=name).exists():
            return name
    raise NameTakenError(f"{TRIES} drawn names were all taken; add words to accounts/data")


def _slip(account: Account, at: datetime) -> tuple[Slip, Access]:
    code = made_code()
    slip = Slip(account=account, code=make_password(bare(code)), issued_at=at, expires_at=at + LIFETIME)
    slip.save(force_insert=True)
    return slip, Access(account, account.username, code, slip.expires_at)
