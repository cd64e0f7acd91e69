"""The steps agreed for between the sessions, as they stand: what, with whom, since when, how it went."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from openipt.therapy.record import Entry, Record, Session, alias
from openipt.therapy.writing.retold import in_clients_words

STEP = "between-session-step"


@dataclass(frozen=True, slots=True)
class AgreedStep:
    """One step: what was agreed, and what was said of it. `status`: a word of `step_statuses`, empty before any."""

    text: str
    when: str
    person: str
    since: date
    session: Session | None
    status: str
    happened: str
    is_clients: bool  # what happened stands in the client's own words


def steps_agreed(record: Record) -> tuple[AgreedStep, ...]:
    """Return every step that stands, the one agreed last first."""
    return tuple(sorted(_steps(record), key=lambda one: one.since, reverse=True))


def _steps(record: Record) -> Iterator[AgreedStep]:
    sessions = {one.id: one for one in record.sessions}
    for thing in reversed(record.steps):
        if entry := record.newest(STEP, thing.id):
            yield _as_it_stands(record, entry, sessions.get(str(entry.answers.get("agreed_in"))))


def _as_it_stands(record: Record, entry: Entry, session: Session | None) -> AgreedStep:
    said = entry.answers
    person, happened = said.get("person"), str(said.get("what_happened") or "")
    return AgreedStep(
        text=str(said.get("text") or ""),
        when=str(said.get("when") or ""),
        person=str(alias(record, str(person)) or person) if person else "",
        since=session.day if session else _first_said(record, entry),
        session=session,
        status=str(said.get("status") or ""),
        happened=happened,
        is_clients=bool(happened) and in_clients_words(record, entry),
    )


def _first_said(record: Record, entry: Entry) -> date:
    """Return when a step was first written: a newer version of it says how it went, and agrees nothing anew."""
    versions = [one for one in record.entries if (one.form, one.about) == (STEP, entry.about) and not one.retracted_at]
    return min((one.happened_at for one in versions), default=entry.happened_at).date()
