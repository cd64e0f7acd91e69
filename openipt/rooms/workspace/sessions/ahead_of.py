"""Whom a session is with, read before it: the focus, its people, where a dispute stands, what the last note plans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from openipt.casebook.queries.notes import Signed, signed
from openipt.rooms.workspace.course.following import dated_events
from openipt.rooms.workspace.courses import Course
from openipt.rooms.workspace.sessions.came_in import CameIn, came_in
from openipt.rooms.workspace.sessions.note_changes import changes, nearest, sentences
from openipt.rooms.workspace.sessions.notes import plain_draft
from openipt.rooms.workspace.sessions.since import Happened, left_out
from openipt.therapy.record import Record, Session, alias, focus, focus_people
from openipt.therapy.vocabulary import label
from openipt.therapy.words import render as put
from openipt.therapy.words import say
from openipt.therapy.writing import note

PLANS = ("note.decision.heading", "note.step.heading")  # the parts of a note that say how it goes on
# Of a draft: the step itself, and how it goes, stand in lines of their own beside it.
IN_DRAFT = ("note.decision.made", "note.decision.reason", "note.step.next")
OWN = 3  # sentences of a person's own, the last ones
LONGEST = 160  # characters of a line: two lines of a page


@dataclass(frozen=True, slots=True)
class Focus:
    """What is worked on: the areas, who is part of it, where a dispute stands and how one could tell."""

    areas: tuple[str, ...]
    people: tuple[str, ...]
    stage: str
    stage_on: date | None
    told_by: str
    words: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What the note of a session says of how it goes on."""

    session: Session
    is_signed: bool
    lines: tuple[str, ...]


def focus_of(record: Record) -> Focus:
    """Return what is worked on in a course, as it stands now."""
    areas = focus(record)
    maps = [one for one in record.of("dispute-map") if one.answers.get("stage")] if "PA_DISPUTE" in areas else []
    newest = maps[-1] if maps else None
    return Focus(
        areas=tuple(str(label("problem_areas", area)) for area in areas),
        people=tuple(_person(record, person) for person in focus_people(record)),
        stage=str(label("dispute_stages", newest.answers["stage"])) if newest else "",
        stage_on=newest.happened_at.date() if newest else None,
        told_by=str(newest.answers.get("stage_evidence") or "") if newest else "",
        words=str(record.says("formulation").get("client_words") or ""),
    )


def _person(record: Record, person: str) -> str:
    """Name a person with who they are: Lena, partner."""
    said = record.says("interpersonal-inventory", person)
    kind = said.get("relation")
    relation = said.get("relation_words") or (str(label("relations", kind)).lower() if kind else "")
    return ", ".join(filter(None, (alias(record, person) or person, str(relation))))


def measured_in(record: Record, day: date) -> Session | None:
    """Return the session that a measure of a day was taken for: of that day, or the next one that was held."""
    return next((one for one in record.held() if one.day >= day), None)


def plan_of(course: Course, last: Session | None) -> Plan | None:
    """Return how the last session goes on by its note; by its draft, also an empty one, where nobody has signed it."""
    if last is None or not course.named:
        return None
    stands = signed(course.record, last)
    lines = _signed_lines(course, last, stands) if stands else _drafted_lines(course, last)
    return Plan(last, stands is not None, tuple(map(_short, lines))) if lines or not stands else None


def _signed_lines(course: Course, last: Session, stands: Signed) -> list[str]:
    """Return the parts that say how it goes on, or the last words where there is none; then what was added by hand."""
    text = str(stands.note.answers.get("text") or "")
    parts = [" ".join(one.split()) for one in text.split("\n") if one.strip()]
    heads = tuple(f"{put(say(name))}. " for name in PLANS)
    found = [one.removeprefix(head) for one in parts for head in heads if one.startswith(head)] or parts[-1:]
    own = [words for words in _by_hand(course, last, stands, text) if not any(words in line for line in found)]
    added = [str(one.answers.get("text") or "") for one in stands.addenda]
    return [*found, *own[-OWN:], *filter(None, added)]


def _by_hand(course: Course, last: Session, stands: Signed, text: str) -> list[str]:
    """Return the sentences somebody wrote into a draft; none of a note that was written without one."""
    known = course.as_of(stands.note.recorded_at).record
    every = (
        note(course.manual, known, last, people=people, words=words)
        for people, words in product((False, True), repeat=2)
    )
    draft = nearest(map(plain_draft, every), text)
    found = changes(draft, text)
    is_drafted = 2 * sum(one.kind == "out" for one in found) <= len(sentences(draft))
    return [one.words for one in found if one.kind == "in"] if is_drafted else []


def _drafted_lines(course: Course, last: Session) -> list[str]:
    made = note(course.manual, course.record, last, people=True)
    found = [" ".join(put(line) for line in part.lines if line.id in IN_DRAFT) for part in made.parts]
    return [line for line in found if line]


def _short(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1].rsplit(' ', 1)[0]} …"


def meanwhile(course: Course, last: Session | None, today: date) -> dict[str, Any]:
    """Return what happened since a session and what came in from the client, as the page of a session tells it."""
    return {
        "events": tuple(_events(course.record, last, today)),
        "came_in": _came_in(course, last),
        "left_out": left_out(course.manual, course.record, last, today),
    }


def _came_in(course: Course, last: Session | None) -> tuple[CameIn, ...]:
    return came_in(course.id, course.record, last.recorded_at if last else None)


def _events(record: Record, last: Session | None, today: date) -> Iterator[Happened]:
    for said, day in sorted(dated_events(record), key=lambda one: one[1] or date.min):
        if last is not None and day is not None and last.day < day <= today:
            yield Happened(day, str(said.get("text") or ""))
