"""Look after the people who work here: come, be something from a day to a day, be signed out, go. One act each.

Taking access away is the safe side: one person does it, at once. What gives more than that is in `answering.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid5

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q

from openipt.accounts.closing import end_sign_ins
from openipt.accounts.governing import ANSWERS_FOR_IT
from openipt.accounts.keeping_changes import Act, What, keep, put
from openipt.accounts.making import NameTakenError, withdraw_slips
from openipt.accounts.models import Account, Membership, Organisation
from openipt.accounts.names import plain, staff_name
from openipt.accounts.roles import RoleRefusedError, hold

ROLES = ("therapist", "facilitator", "supervisor", "lead", "researcher", "operator", "emergency")
LEAD = "lead"


class LastLead(ValueError):  # noqa: N818
    """After this nobody would answer for the service."""


@dataclass(frozen=True, slots=True)
class Term:
    """A role from a moment to a moment, or for as long as nobody ends it."""

    role: str
    since: datetime
    until: datetime | None = None

    def plain(self) -> dict[str, str | None]:
        """Return it as it is kept in a change."""
        return {
            "role": self.role,
            "since": self.since.isoformat(),
            "until": self.until.isoformat() if self.until else None,
        }

    @classmethod
    def of(cls, said: dict[str, str | None]) -> Term:
        """Read it back."""
        until = said.get("until")
        return cls(
            str(said["role"]),
            datetime.fromisoformat(str(said["since"])),
            datetime.fromisoformat(until) if until else None,
        )


def takes_another(role: str, account: Account | None, by: str) -> bool:
    """Whether a second person has to confirm a role: it answers for the service, or is for whoever gives it."""
    return role in ANSWERS_FOR_IT or (account is not None and str(account.id) == by)


@transaction.atomic
def add_colleague(act: Act, *, username: str, name: str, email: str, terms: Sequence[Term]) -> Account:
    """Make an account for somebody who comes to work here. Roles that answer for the service wait for a second person.

    Raises:
        NameRefusedError, NameTakenError, RoleRefusedError: what is wrong, and what to do.
    """
    account = Account(
        username=staff_name(username), name=name, email=email, organisation=act.organisation, created_at=act.at
    )
    if Account.objects.filter(username=account.username).exists():
        raise NameTakenError("that sign-in name is taken; choose another, for example with a middle initial")
    account.set_unusable_password()
    account.save(force_insert=True)
    at_once = [one for one in terms if not takes_another(one.role, None, act.by)]
    held = [_held(account, one, act.at) for one in at_once]
    what = What("colleague", account, {"roles": [one.role for one in at_once]})
    keep(act, what, held)
    for one in terms:
        if one not in at_once:
            put_role_forward(_next(act, one.role), account, one)
    return account


@transaction.atomic
def give_role(act: Act, account: Account, term: Term) -> None:
    """Let somebody be something from a moment on.

    Raises:
        RoleRefusedError: there is no such role, it overlaps with one that is held, or ends before it begins.
    """
    keep(act, What("role", account, term.plain()), [_held(account, term, act.at)])


def put_role_forward(act: Act, account: Account, term: Term) -> None:
    """Put forward that somebody shall be something; a second person confirms it."""
    _check(account, term)
    put(act, What("role", account, term.plain()))


def term_held(account: Account, term: Term, at: datetime) -> Membership:
    """Write a role that was confirmed; it begins when it was confirmed at the earliest."""
    return _held(account, term, at)


@transaction.atomic
def end_role(act: Act, membership: Membership, until: datetime) -> None:
    """End a role at a moment; one that has not begun never begins.

    Raises:
        RoleRefusedError: it has ended already.
        LastLead: nobody would answer for the service.
    """
    if membership.until is not None and membership.until <= act.at:
        raise RoleRefusedError("this role has ended already")
    if membership.role == LEAD:
        _somebody_leads(act, membership.account, until)
    stood = Term(membership.role, membership.since, membership.until).plain()
    membership.until = max(until, membership.since)
    membership.save(update_fields=["until"])
    says = Term(membership.role, membership.since, membership.until).plain()
    keep(act, What("role_end", membership.account, says, stood), [membership])


@transaction.atomic
def close(act: Act, account: Account) -> None:
    """End every role and every sign-in of an account, and let nobody sign in with it again.

    Raises:
        LastLead: nobody would answer for the service.
    """
    if not account.is_active:
        return
    held = list(Membership.objects.filter(account=account).filter(Q(until=None) | Q(until__gt=act.at)))
    if any(one.role == LEAD for one in held):
        _somebody_leads(act, account, act.at)
    for one in held:
        one.until = max(act.at, one.since)
    Membership.objects.bulk_update(held, ["until"])
    account.is_active = False
    account.set_unusable_password()
    account.save(update_fields=["is_active", "password"])
    slips = withdraw_slips(account, act.at)
    end_sign_ins(account)
    keep(act, What("close", account, stood={"roles": sorted({one.role for one in held})}), [*held, *slips])


@transaction.atomic
def sign_out_everywhere(act: Act, account: Account) -> None:
    """End every sign-in of an account, wherever it is. The next page anybody opens with it asks for the password."""
    end_sign_ins(account)
    keep(act, What("signed_out", account))


@transaction.atomic
def mend_details(act: Act, account: Account, *, name: str, email: str) -> None:
    """Change how somebody is called, or their work address."""
    stood = {"name": account.name, "email": account.email}
    says = {"name": name, "email": email}
    if says == stood:
        return
    account.name, account.email = name, email
    account.save(update_fields=["name", "email"])
    keep(act, What("details", account, says, stood))


def is_safe_to_let_in(account: Account) -> bool:
    """Whether a new way in can be given to nobody but its owner: never used yet, or behind a second factor."""
    if account.last_login is None:
        return True
    return bool(Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists())


def _held(account: Account, term: Term, at: datetime) -> Membership:
    _check(account, term)
    since = max(term.since, at)
    membership = hold(account, term.role, since)
    if term.until is not None:
        if term.until <= since:
            raise RoleRefusedError("its last day is over already")
        membership.until = term.until
        membership.save(update_fields=["until"])
    return membership


def _check(account: Account, term: Term) -> None:
    if not account.is_active:
        raise RoleRefusedError("this account is closed")
    if term.role not in ROLES:
        raise RoleRefusedError(f"{term.role!r} is no role of staff; expected one of {', '.join(ROLES)}")
    if term.until is not None and term.until <= term.since:
        raise RoleRefusedError("the last day comes before the first")
    same = Membership.objects.filter(account=account, role=term.role)
    later = same.filter(Q(until=None) | Q(until__gt=term.since))
    if (later.filter(since__lt=term.until) if term.until else later).exists():
        raise RoleRefusedError("this role is held already in that time")


def _somebody_leads(act: Act, leaving: Account, at: datetime) -> None:
    """Refuse to leave a service without anybody who answers for it from a moment on."""
    moment = max(at, act.at)
    others = Membership.objects.live(moment).filter(organisation=act.organisation, role=LEAD, until=None)
    if not others.filter(account__is_active=True).exclude(account=leaving).exists():
        raise LastLead("nobody would answer for the service any more; somebody else has to be lead first")


def _next(act: Act, name: str) -> Act:
    """Return an act within an act, with an id of its own that follows from the page's."""
    inner = uuid5(act.id, name) if act.id else None
    return Act(act.by, act.at, act.organisation, act.why, inner)


def account_named(organisation: Organisation, username: str) -> Account | None:
    """Return somebody who works in a service by their sign-in name, however it was typed."""
    staff = Account.objects.filter(organisation=organisation, client=None, proxy_of=None)
    return staff.filter(username=plain(username)).first()
