"""A course changes hands: for good, or while somebody is away. What the next person must know is written with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction

from openipt.accounts.models import Account
from openipt.casebook.models import Enrolment, Entry, Tie, TieEnd
from openipt.casebook.operations.acting import Act, act
from openipt.casebook.operations.beginning import let_go, take_charge
from openipt.casebook.operations.flagging import write_step
from openipt.casebook.operations.saving import Saved
from openipt.casebook.operations.sheet import Sheet
from openipt.casebook.operations.together import write_sheet, write_together
from openipt.casebook.queries.linked import course_sheet
from openipt.casebook.queries.visible import NotAllowed, NotVisible, live
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.casebook.queries.waiting import waiting
from openipt.policy import Actor, Ruling

HANDING, COURSE = "handing-over", "course-sheet"
IN_CHARGE = "assigned"


def in_charge(by: Actor, enrolment: str, at: datetime) -> Enrolment:
    """Return a course that the actor has in charge; whoever only stands in for somebody may not hand it on.

    Raises:
        NotVisible: nothing ties the actor to it.
        NotAllowed: they are tied to it in another way.
    """
    seen = find_enrolment(by, enrolment, "session_records", "write", at)
    if IN_CHARGE not in seen.ties:
        raise NotAllowed(Ruling(False, "none", "policy.denied.other_tie"))
    return seen.enrolment


def hand_course_over(
    *,
    by: Actor,
    at: datetime,
    enrolment: str,
    to: UUID,
    to_know: str,
    client_knows: bool,
    id: UUID,  # noqa: A002 - the word of the field
) -> None:
    """Hand a course over for good. The old therapist lets go with the same act; open flags go along.

    Args:
        by: Who has it in charge.
        at: The server's time.
        enrolment: The enrolment's label.
        to: Who takes it.
        to_know: What they need to know.
        client_knows: Whether the client was told.
        id: The entry's id, made with the page: sent twice it is one.

    Raises:
        NotVisible, NotAllowed: also for whoever only stands in; also where `to` is nobody of this service.
    """
    owner = in_charge(by, enrolment, at)
    name = _name_of(to, by)
    said = {"how": "for_good", "to": name, "first": _today(owner, at), "to_know": to_know, "client_knows": client_knows}

    def change_hands(it: Act) -> None:
        sheet = {**course_sheet(owner), "staff": name}
        write_sheet(it, Sheet(COURSE, sheet, at, uuid5(id, COURSE)), by)
        _pass_flags(it, owner, to, by, to_know)
        for tie in Tie.objects.filter(live(at), enrolment=owner, kind=IN_CHARGE):
            let_go(owner, tie.account_id, IN_CHARGE, at, it=it)
        take_charge(owner, to, IN_CHARGE, at, it=it)

    sheet = Sheet(HANDING, said, at, id)
    write_together("hand_over_course", [sheet], by=by, at=at, enrolment=enrolment, then=change_hands)


def _pass_flags(it: Act, owner: Enrolment, to: UUID, by: Actor, words: str) -> None:
    for one in waiting():
        if one.flag.enrolment_id == owner.id:
            due = one.flag.due_at
            write_step(it, one.flag, "handed_over", by=UUID(by.id), said={"words": words}, to=to, due_at=due)


def cover(
    *,
    by: Actor,
    at: datetime,
    courses: Mapping[str, str],
    to: UUID,
    first: date,
    last: date,
    client_knows: bool,
    id: UUID,  # noqa: A002
) -> tuple[Saved, ...]:
    """Name who stands in while somebody is away: exactly these courses, exactly these days.

    Args:
        by: Who goes away; has every one of the courses in charge.
        at: The server's time.
        courses: Label of each course -> what to know about it.
        to: Who stands in.
        first: The first day, by the calendar of the service.
        last: The last day.
        client_knows: Whether the clients know.
        id: Made with the page: sent twice it is one cover for each course.

    Raises:
        NotVisible, NotAllowed: for any one of the courses; then nothing was stored.
    """
    name = _name_of(to, by)
    owners = {label: in_charge(by, label, at) for label in courses}
    made = []
    with transaction.atomic():
        for label, owner in owners.items():
            since, until = _bounds(owner, first, last)
            said = {"how": "cover", "to": name, "first": first.isoformat(), "last": last.isoformat()}
            said |= {"to_know": courses[label]}
            sheet = Sheet(HANDING, {**said, "client_knows": client_knows}, at, uuid5(id, label))
            made.append(
                write_together(
                    "cover_course",
                    [sheet],
                    by=by,
                    at=at,
                    enrolment=label,
                    then=_standing_in(owner, to, max(since, at), until),
                )
            )
    return tuple(made)


def _standing_in(owner: Enrolment, to: UUID, since: datetime, until: datetime) -> Callable[[Act], None]:
    def stand_in(it: Act) -> None:
        take_charge(owner, to, "cover", since, until, it=it)

    return stand_in


def end_cover(*, by: Actor, at: datetime, enrolment: str, account: UUID) -> None:
    """End a cover before its last day, or before its first: whoever went away came back, or another stands in.

    Raises:
        NotVisible, NotAllowed: as for naming one; NotVisible also where nobody of that name stands in.
    """
    owner = in_charge(by, enrolment, at)
    ties = list(Tie.objects.filter(enrolment=owner, account=account, kind="cover", until__gt=at, end=None))
    if not ties:
        raise NotVisible(str(account))
    with act("end_cover", by=by.id, at=at, owner=owner) as it:
        for tie in ties:
            it.add(TieEnd(tie=tie, at=at))


def _bounds(owner: Enrolment, first: date, last: date) -> tuple[datetime, datetime]:
    """Return the moments at which a span of days begins and ends where the service is."""
    zone = ZoneInfo(owner.organisation.zone)
    return (
        datetime.combine(first, time(), zone),
        datetime.combine(last + timedelta(days=1), time(), zone),
    )


def _name_of(to: UUID, by: Actor) -> str:
    name = Account.objects.filter(id=to, organisation_id=by.organisation, is_active=True, client=None, proxy_of=None)
    found = name.exclude(id=by.id).values_list("name", flat=True).first()
    if found is None:
        raise NotVisible(str(to))
    return found


def _today(owner: Enrolment, at: datetime) -> str:
    return at.astimezone(ZoneInfo(owner.organisation.zone)).date().isoformat()


def came_before(id: UUID) -> bool:  # noqa: A002
    """Whether a page was sent before: then the course may be somebody else's by now."""
    return Entry.objects.filter(id=id, form=HANDING).exists()
