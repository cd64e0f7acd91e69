"""Let a caregiver see what stands on a list, change the list, and end it. Each is one act, and each end is for good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from allauth.usersessions.models import UserSession

from openipt.accounts.closing import close_account
from openipt.accounts.making import Access, give_slip, make_caregiver_access
from openipt.accounts.models import Account
from openipt.casebook.models import Enrolment, Entry, Tie, TieEnd
from openipt.casebook.operations.acting import Act, act
from openipt.casebook.operations.saving import Saved, save_entry
from openipt.casebook.operations.standing import day_of
from openipt.casebook.queries.record import record
from openipt.casebook.queries.visible import NotVisible
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor
from openipt.therapy.course.young import CAREGIVER, STOP, Seeing, caregivers, last_day, may_invite
from openipt.therapy.words import Sentence

SETTINGS = "proxy_settings"


class NotNow(ValueError):  # noqa: N818
    """Nobody can be let in now; `why` says what stands against it."""

    def __init__(self, why: Sentence) -> None:
        super().__init__(why.id)
        self.why = why


def account_of(made: UUID) -> UUID:
    """Return the id of the account that a page made for an invitation stands for."""
    return uuid5(made, CAREGIVER)


def let_caregiver_in(
    *,
    by: Actor,
    at: datetime,
    enrolment: str,
    called: str,
    sees: Sequence[str],
    until: date | None,
    id: UUID,  # noqa: A002 - the word of the field
) -> Access | None:
    """Make an account for a caregiver, the list of what it sees, and the slip with which they come in.

    Args:
        by: Whoever has the course in charge.
        at: The server's time.
        enrolment: The enrolment's label.
        called: What the young person calls them.
        sees: What stands on the list.
        until: The last day, where one was agreed. Age ends it in any case.
        id: Made with the page. Sent twice it is one caregiver, and None is returned: the code is kept nowhere.

    Raises:
        NotVisible, NotAllowed: as policy rules.
        NotNow: law, consent or the young person's word stand against it.
        Invalid: answers that cannot be taken; nothing was stored.
    """
    owner = find_enrolment(by, enrolment, SETTINGS, "write", at).enrolment
    if Entry.objects.filter(id=id, enrolment=owner).exists():
        return None
    known, today = record(owner, naming=False), day_of(owner, at)
    shut = may_invite(known, today)
    if shut is not None:
        raise NotNow(shut)
    account = account_of(id)
    said = {"called": called, "sees": list(sees), **({"until": until.isoformat()} if until else {})}
    with act("let_caregiver_in", by=by.id, at=at, owner=owner) as it:
        save_entry(by=by, at=at, enrolment=enrolment, form=CAREGIVER, answers=said, about=str(account), id=id)
        access = make_caregiver_access(
            client=owner.client_id, organisation=owner.organisation, id=account, by=by.id, at=at
        )
        ends = _midnight(owner, last_day(known, today))
        it.add(Tie(account_id=account, enrolment=owner, kind="proxy", since=at, until=ends))
    return access


def _midnight(owner: Enrolment, day: date | None) -> datetime | None:
    return datetime.combine(day, time(), ZoneInfo(owner.organisation.zone)) if day else None


def change_list(
    *,
    by: Actor,
    at: datetime,
    enrolment: str,
    account: str,
    sees: Sequence[str],
    until: date | None,
    replaces: UUID,
    id: UUID,  # noqa: A002
) -> Saved:
    """Write a list anew; it holds from the next page that the caregiver opens.

    Raises:
        NotVisible, NotAllowed, Invalid, SameIdOtherBody, Replaced: as for `save_entry`.
    """
    one = _one(by, at, enrolment, account)
    said = {"called": one.called, "sees": list(sees), **({"until": until.isoformat()} if until else {})}
    return save_entry(
        by=by, at=at, enrolment=enrolment, form=CAREGIVER, answers=said, about=one.account, replaces=replaces, id=id
    )


def new_caregiver_slip(*, by: Actor, at: datetime, enrolment: str, account: str) -> Access:
    """Give a caregiver a new slip; what they had ends now.

    Raises:
        NotVisible, NotAllowed: as policy rules.
        NotNow: their list is not open.
    """
    one = _one(by, at, enrolment, account)
    if one.over is not None:
        raise NotNow(one.over)
    return give_slip(account=Account.objects.get(id=UUID(account)), by=by.id, at=at)


def end_caregiver(*, by: Actor, at: datetime, enrolment: str, account: str, id: UUID) -> None:  # noqa: A002
    """End what a caregiver sees, by the clinic: list, tie, account and every sign-in, at once.

    Raises:
        NotVisible, NotAllowed: as policy rules.
    """
    one = _one(by, at, enrolment, account)
    said = {"called": one.called, "sees": list(one.sees), "ended": True}
    owner = find_enrolment(by, enrolment, SETTINGS, "write", at).enrolment
    with act("end_caregiver", by=by.id, at=at, owner=owner) as it:
        if not one.entry.answers.get("ended"):
            older = UUID(one.entry.id)
            save_entry(
                by=by,
                at=at,
                enrolment=enrolment,
                form=CAREGIVER,
                answers=said,
                about=one.account,
                replaces=older,
                id=id,
            )
        _end(it, owner, one, by, at)


def stop_caregiver(*, by: Actor, at: datetime, enrolment: str, account: str, id: UUID) -> None:  # noqa: A002
    """End what a caregiver sees, by the young person.

    Raises:
        NotVisible: no caregiver of that name here. NotAllowed: as policy rules.
    """
    owner = find_enrolment(by, enrolment, "consent", "write", at).enrolment
    one = _of(owner, at, account)
    with act("stop_caregiver", by=by.id, at=at, owner=owner) as it:
        if not Entry.objects.filter(id=id, enrolment=owner).exists():
            save_entry(by=by, at=at, enrolment=enrolment, form=STOP, answers={"stop": True}, about=one.account, id=id)
        _end(it, owner, one, by, at)


def _end(it: Act, owner: Enrolment, one: Seeing, by: Actor, at: datetime) -> None:
    for tie in Tie.objects.filter(enrolment=owner, account=UUID(one.account), kind="proxy", end=None):
        it.add(TieEnd(tie=tie, at=at))
    account = Account.objects.get(id=UUID(one.account))
    if account.is_active:
        close_account(account=account, by=by.id, at=at, why="withdrawn")


def _one(by: Actor, at: datetime, enrolment: str, account: str) -> Seeing:
    return _of(find_enrolment(by, enrolment, SETTINGS, "write", at).enrolment, at, account)


def _of(owner: Enrolment, at: datetime, account: str) -> Seeing:
    known = caregivers(record(owner, naming=False), day_of(owner, at))
    found = next((one for one in known if one.account == account), None)
    if found is None or not Account.objects.filter(id=found.account, proxy_of=owner.client_id).exists():
        raise NotVisible(account)
    return found


def came_in(accounts: Sequence[str]) -> dict[str, datetime | None]:
    """Return which of these accounts have a secret of their own, with when each was last used. Two queries."""
    known = {one.id: one for one in Account.objects.filter(id__in=accounts) if one.has_usable_password()}
    used = dict(UserSession.objects.filter(user__in=known).order_by("last_seen_at").values_list("user", "last_seen_at"))
    return {str(key): used.get(key) or one.last_login for key, one in known.items()}
