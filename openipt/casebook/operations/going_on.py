"""Go on after what was agreed: further sessions, maintenance, or a new course that links to the one before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from openipt.casebook.models import Enrolment, Tie
from openipt.casebook.operations.acting import Act, act
from openipt.casebook.operations.beginning import take_charge, write_course_sheet
from openipt.casebook.operations.saving import Saved, write_entry
from openipt.casebook.operations.sheet import Sheet
from openipt.casebook.operations.standing import restate
from openipt.casebook.operations.together import begin_thing_in, write_together
from openipt.casebook.queries.linked import course_sheet
from openipt.casebook.queries.record import record
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.casebook.queries.visible import live
from openipt.policy import Actor
from openipt.therapy.forms import open_form
from openipt.therapy.manuals import open_manual
from openipt.therapy.record import Entry, Record
from openipt.therapy.shelf import Refused

GOING_ON, CONTRACT = "going-on", "contract"
TIES = ("assigned", "supervision", "own")  # who was there stays there; what caregivers see is agreed anew
CARRIED = ("intake", "consent", "closeness-circle", "relapse-plan", "safety-plan")  # the newest of each
ALL_OF = ("medication",)
LABEL = 40


def extend(
    *,
    by: Actor,
    at: datetime,
    enrolment: str,
    contract: Mapping[str, Any],
    replaces: UUID,
    going: Mapping[str, Any],
    id: UUID,  # noqa: A002 - the word of the field
) -> Saved:
    """Write that further sessions were agreed: a new version of the contract, and why, with the client's own words.

    Args:
        by: Who has the course in charge.
        at: The server's time.
        enrolment: The enrolment's label.
        contract: The whole contract with its extension.
        replaces: The contract as it stood when the page was opened.
        going: Of the sheet `going-on`.
        id: Made with the page: sent twice it is one extension.

    Raises:
        NotVisible, NotAllowed, Invalid, SameIdOtherBody, Replaced: as for `save_entry`; nothing was stored.
    """
    sheets = [
        Sheet(CONTRACT, contract, at, id, replaces=replaces),
        Sheet(GOING_ON, {"how": "extension", **going}, at, uuid5(id, GOING_ON)),
    ]
    return write_together(
        "extend_course", sheets, by=by, at=at, enrolment=enrolment, in_its_place=lambda known: known.newest(CONTRACT)
    )


def go_on(
    *,
    by: Actor,
    at: datetime,
    enrolment: str,
    manual: str,
    began_on: date,
    going: Mapping[str, Any],
    id: UUID,  # noqa: A002
) -> str:
    """Begin a new course of the same client that goes on from this one; return its label.

    What applies goes along: who the client is, the people of the circle, the plan for keeping well, the safety plan,
    consent, medication. The old course keeps its own manual, days and decisions; each names the other.

    Args:
        by: Who has the course in charge.
        at: The server's time.
        enrolment: The label of the course before.
        manual: The manual of the new one.
        began_on: Its first day.
        going: Of the sheet `going-on`: `reason`, `client_says`, `agreed`.
        id: The new course's id, made with the page: sent twice it is one course.

    Raises:
        NotVisible, NotAllowed: as policy rules. Refused: no such manual. Invalid: nothing was stored.
    """
    seen = find_enrolment(by, enrolment, "session_records", "write", at)
    before = seen.enrolment
    known = Enrolment.objects.filter(id=id, client=before.client).first()
    if known is not None:
        return known.label
    found = open_manual(manual)
    how = "maintenance" if found.purpose == "maintenance" else "again"
    with transaction.atomic():
        after = Enrolment(
            id=id,
            organisation_id=before.organisation_id,
            client=before.client,
            label=_free_label(before, "M" if how == "maintenance" else "N"),
            created_at=at,
            by=UUID(by.id),
        )
        said = {"how": how, **going, "course": after.label}
        sheet = Sheet(GOING_ON, said, at, uuid5(id, GOING_ON))
        write_together("go_on", [sheet], by=by, at=at, enrolment=enrolment)
        with act("begin_course", by=by.id, at=at, owner=after, why="goes_on") as it:
            it.add(after)
            _tie(it, before, after, by)
            keeps = ("age", "pronouns", "staff", "supervisor", "solo")
            facts = {name: value for name, value in course_sheet(before).items() if name in keeps}
            facts |= {"began_on": began_on.isoformat(), "follows": before.label}
            write_course_sheet(it, found, facts, at)
            _carry_over(it, after, record(before, naming=False), by)
            restate(it, record(after, naming=False), at)
    return after.label


def _free_label(before: Enrolment, letter: str) -> str:
    taken = set(Enrolment.objects.filter(client=before.client).values_list("label", flat=True))
    names = (f"{before.label[: LABEL - 4]}-{letter}{n if n > 1 else ''}" for n in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _tie(it: Act, before: Enrolment, after: Enrolment, by: Actor) -> None:
    take_charge(after, UUID(by.id), "assigned", it.at, it=it)
    for tie in Tie.objects.filter(live(it.at), enrolment=before, kind__in=TIES):
        take_charge(after, tie.account_id, tie.kind, it.at, tie.until, it=it)


def _carry_over(it: Act, after: Enrolment, known: Record, by: Actor) -> None:
    """Write what applies anew, as it stands, with the day it was said on. People keep the ids answers call them by."""
    for thing in known.people:
        if thing.ended_at is None:
            begin_thing_in(it, "person", uuid5(after.id, f"person {thing.id}"), thing.id, by)
    people = (known.newest("interpersonal-inventory", thing.id) for thing in known.people if thing.ended_at is None)
    newest = (known.newest(form) for form in CARRIED)
    every = (one for form in ALL_OF for one in known.of(form))
    for entry in (*newest, *people, *every):
        if entry is not None and entry.kind == "answers":
            _carry(it, after, entry, by)


def _carry(it: Act, after: Enrolment, entry: Entry, by: Actor) -> None:
    try:
        form = open_form(entry.form, entry.version)
    except Refused:
        form = open_form(entry.form)
    made = uuid5(after.id, entry.id)
    sheet = Sheet(
        entry.form, dict(entry.answers), entry.happened_at, made, about=entry.about, visibility=entry.visibility
    )
    write_entry(it, form, sheet, UUID(by.id), after, None)
