"""A group changes hands: every member's course goes along in one act, or none does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from openipt.accounts.models import Account
from openipt.casebook.models import Enrolment, Tie
from openipt.casebook.operations.acting import Act
from openipt.casebook.operations.beginning import let_go, take_charge
from openipt.casebook.operations.flagging import write_step
from openipt.casebook.operations.sheet import Sheet
from openipt.casebook.operations.standing import day_of
from openipt.casebook.operations.together import write_sheet, write_together
from openipt.casebook.queries.leading import facilitators
from openipt.casebook.queries.linked import course_sheet
from openipt.casebook.queries.visible import NotAllowed, NotVisible, live
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.casebook.queries.waiting import waiting
from openipt.policy import Actor, Ruling

HANDING, COURSE, LEADS = "handing-over", "course-sheet", "group"


def led_by(by: Actor, enrolment: str, at: datetime) -> Enrolment:
    """Return a course of a group that the actor leads.

    Raises:
        NotVisible: nothing ties the actor to it.
        NotAllowed: it belongs to no group, or they do not lead it.
    """
    seen = find_enrolment(by, enrolment, "session_records", "write", at)
    if seen.enrolment.group_id is None or LEADS not in seen.ties:
        raise NotAllowed(Ruling(False, "none", "policy.denied.other_tie"))
    return seen.enrolment


def members_led(by: Actor, one: Enrolment, at: datetime) -> tuple[Enrolment, ...]:
    """Return the courses of a group that the actor leads, the one that was opened first."""
    tied = Tie.objects.filter(live(at), account=UUID(by.id), kind=LEADS, enrolment__group=one.group_id)
    found = Enrolment.objects.filter(id__in=tied.values("enrolment")).select_related("client", "group", "organisation")
    return tuple(sorted(found, key=lambda member: (member.id != one.id, member.label)))


def hand_group_over(
    *,
    by: Actor,
    at: datetime,
    enrolment: str,
    to: UUID,
    to_know: str,
    client_knows: bool,
    id: UUID,  # noqa: A002 - the word of the field
) -> int:
    """Hand a whole group over for good. Whoever led it lets go of every member with the same act; open flags go along.

    Args:
        by: Who leads the group.
        at: The server's time.
        enrolment: The label of one member's course.
        to: Who leads it from now on; somebody who may lead a group.
        to_know: What they need to know.
        client_knows: Whether the members were told.
        id: Of the sheet in the course that was opened, made with the page: sent twice it is one.

    Returns:
        How many courses went along.

    Raises:
        NotVisible, NotAllowed: also where `to` may lead no group here; then nothing was stored.
    """
    one = led_by(by, enrolment, at)
    found = next((known for known in facilitators(by, at) if known.id == to), None)
    if found is None:
        raise NotVisible(str(to))
    members = members_led(by, one, at)
    said = {"how": "for_good", "to": found.name, "to_know": to_know, "client_knows": client_knows}
    with transaction.atomic():
        for member in members:
            made = id if member.id == one.id else uuid5(id, str(member.id))
            sheet = Sheet(HANDING, {**said, "first": day_of(member, at).isoformat()}, at, made)
            then = _change_hands(member, found, made, to_know, by, at)
            write_together("hand_group_over", [sheet], by=by, at=at, enrolment=member.label, then=then)
    return len(members)


def _change_hands(
    member: Enrolment, to: Account, made: UUID, words: str, by: Actor, at: datetime
) -> Callable[[Act], None]:
    def change(it: Act) -> None:
        write_sheet(it, Sheet(COURSE, {**course_sheet(member), "staff": to.name}, at, uuid5(made, COURSE)), by)
        for flag in (known.flag for known in waiting() if known.flag.enrolment_id == member.id):
            write_step(it, flag, "handed_over", by=UUID(by.id), said={"words": words}, to=to.id, due_at=flag.due_at)
        for tie in Tie.objects.filter(live(at), enrolment=member, kind=LEADS):
            let_go(member, tie.account_id, LEADS, at, it=it)
        take_charge(member, to.id, LEADS, at, it=it)

    return change
