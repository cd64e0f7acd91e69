"""Catch it now: an incident, a person or an event in one line, while the session goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from openipt.casebook.operations.changing import retract
from openipt.casebook.operations.saving import SameIdOtherBody, save_entry
from openipt.casebook.queries.visible import NotVisible
from openipt.policy import Actor
from openipt.rooms.filling.asked_for import names_of
from openipt.rooms.filling.things import begun
from openipt.rooms.workspace.said import Said
from openipt.therapy.forms import open_form, score
from openipt.therapy.forms.items import LONG_TEXT
from openipt.therapy.record import Record, Session

KINDS = {"incident": "pattern-log", "person": "interpersonal-inventory", "event": "timeline"}
WORDS = {"incident": "An incident", "person": "A person", "event": "An event"}
KIND, TEXT, WITH, ON, ID = "_catch_kind", "_catch_text", "_catch_with", "_catch_on", "_catch_id"
CHIP, PART = "_catch_day", "_catch_part"  # today or yesterday by a tap; a month or a year where no more is known
TWO_DAYS = "Two days stand here: {}. Keep one of them."
LONGEST = {"person": 60}
WHY = "Taken back at once, by the one who wrote it."


@dataclass(frozen=True, slots=True)
class Catch:
    """The one line as the page shows it."""

    id: UUID
    kind: str = "incident"
    text: str = ""
    person: str = ""
    on: str = ""
    chip: str = ""  # the day that was tapped
    part: str = ""  # the month or the year
    wrong: tuple[str, ...] = ()
    caught: str = ""  # the entry that was just made, and can be taken back
    caught_words: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line that can be kept: on which form, with which answers."""

    form: str
    answers: Mapping[str, Any]


def days(today: date) -> tuple[tuple[str, str], ...]:
    """Return the days that a tap takes, with their words."""
    return (today.isoformat(), "Today"), ((today - timedelta(days=1)).isoformat(), "Yesterday")


def blank() -> Catch:
    """Return an empty line, with the mark that keeps it from being stored twice."""
    return Catch(uuid4())


def read(typed: Mapping[str, str], record: Record) -> tuple[Catch, Line | None]:
    """Read the line; what cannot be taken is named, and stays as it was typed."""
    said = Said(typed)
    kind = said.one_of(KIND, KINDS, "Say what it is: an incident, a person or an event.")
    text = said.text(TEXT, "There is nothing written yet: a few words are enough.", LONGEST.get(kind, LONG_TEXT))
    person = said.one_of(WITH, names_of(record))
    days = [typed.get(name, "").strip() for name in (ON, CHIP, PART)]
    on = next(filter(None, days), "")
    if len({*filter(None, days)}) > 1:
        said.wrong[ON] = TWO_DAYS.format(", ".join(day[:40] for day in days if day))
    shown = Catch(_id(typed), kind or "incident", text, typed.get(WITH, ""), days[0], chip=days[1], part=days[2])
    line = Line(KINDS[kind], _answers(kind, text, person, on)) if not said.wrong else None
    if line is not None and not score(open_form(line.form), line.answers).valid:
        less = ", a month as 2025-10 or a year" if kind == "event" else ""
        said.wrong[ON] = f"Write the day as 2025-10-27{less}; you wrote “{on[:40]}”."
    if said.wrong:
        return replace(shown, wrong=tuple(said.wrong.values())), None
    return shown, line


def _id(typed: Mapping[str, str]) -> UUID:
    try:
        return UUID(typed.get(ID, ""))
    except ValueError:
        return uuid4()


def _answers(kind: str, text: str, person: str, on: str) -> dict[str, Any]:
    if kind == "person":
        return {"alias": text}
    if kind == "event":
        said: dict[str, Any] = {"mark": "event", "date": on, "text": text, "people": [person] if person else None}
    else:
        said = {"trigger": text, "person": person, "date": on}
    return {name: one for name, one in said.items() if one}


def keep_line(by: Actor, at: datetime, course: str, session: Session, line: Line, made: UUID, zone: str) -> UUID:
    """Keep one line as an entry of its form; the session stands with it.

    An incident is about the session. A person or an event is about itself, so it is told at the moment of the session:
    that moment is the tie.
    """
    form = open_form(line.form)
    thing = begun(by, at, course, form, line.answers, made)
    try:
        save_entry(
            by=by,
            at=at,
            enrolment=course,
            form=line.form,
            answers=line.answers,
            happened_at=min(at, session.happened_at),
            id=made,
            about=session.id if line.form == KINDS["incident"] else thing,
            zone=zone,
        )
    except SameIdOtherBody as other:
        return other.entry
    return made


def take_back(by: Actor, at: datetime, record: Record, entry: str) -> None:
    """Take a line back that was just caught: hidden, kept, and noted.

    Raises:
        NotVisible: there is no such line in this course.
    """
    found = next((one for one in record.entries if one.id == entry and one.form in KINDS.values()), None)
    if found is None:
        raise NotVisible(entry)
    retract(by=by, at=at, entry=UUID(entry), why=WHY)


@dataclass(frozen=True, slots=True)
class Incident:
    """A moment with somebody as it was caught in a session."""

    text: str
    person: str
    on: str


def incident_of(record: Record, session: str | None) -> Incident | None:
    """Return the incident that was caught last in a session; None where none was, or no session is named."""
    found = record.of(KINDS["incident"], session) if session else ()
    if not found:
        return None
    said = found[-1].answers
    return Incident(str(said.get("trigger") or ""), str(said.get("person") or ""), str(said.get("date") or ""))


def caught(record: Record, entry: str) -> tuple[str, str]:
    """Return a line that was just caught, for the word of it on the page; nothing where it is not there."""
    found = next((one for one in record.entries if one.id == entry and one.form in KINDS.values()), None)
    if found is None or found.retracted_at:
        return "", ""
    said = found.answers.get("trigger") or found.answers.get("alias") or found.answers.get("text") or ""
    return found.id, str(said)
