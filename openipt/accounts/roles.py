"""Roles begin and end; ending one ends what it opened with the next request."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from openipt.accounts.models import Account, Membership
from openipt.accounts.noting import note
from openipt.policy import roles

CLIENT = "client"
PROXY = "proxy"
OF_CLIENTS = frozenset({CLIENT})


class RoleRefusedError(ValueError):
    """A role that there is not, or that this account cannot hold."""


@transaction.atomic
def give_role(*, account: Account, role: str, by: str, at: datetime) -> Membership:
    """Let an account be something from now on.

    Raises:
        RoleRefusedError: There is no such role, a client's account would become staff, or it is held already.
    """
    if Membership.objects.live(at).filter(account=account, role=role).exists():
        raise RoleRefusedError(f"{role} is held already")
    membership = hold(account, role, at)
    note("role.give", account=account, by=by, at=at, rows=[membership])
    return membership


@transaction.atomic
def end_role(*, membership: Membership, by: str, at: datetime, why: str = "") -> Membership:
    """End a role. The next request of the account no longer has it.

    Raises:
        RoleRefusedError: It has ended already.
    """
    ended = Membership.objects.live(at).filter(pk=membership.pk).update(until=at)
    if not ended:
        raise RoleRefusedError("this role has ended already, or has not begun")
    membership.refresh_from_db()
    note("role.end", account=membership.account, by=by, at=at, rows=[membership], why=why)
    return membership


def hold(account: Account, role: str, at: datetime) -> Membership:
    """Write one role of an account; part of a larger act, which notes it."""
    if role not in roles():
        raise RoleRefusedError(f"{role!r} is no role; expected one of {', '.join(sorted(roles()))}")
    if (role == PROXY) != account.is_caregiver:
        raise RoleRefusedError(f"{role} and this account do not go together: caregivers are proxy, and nobody else is")
    if (role in OF_CLIENTS) != account.is_client:
        raise RoleRefusedError(f"a {'client' if account.is_client else 'staff'} account cannot be {role}")
    membership = Membership(account=account, organisation_id=account.organisation_id, role=role, since=at)
    membership.save(force_insert=True)
    return membership
