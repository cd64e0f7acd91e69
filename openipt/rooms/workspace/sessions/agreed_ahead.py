"""What was agreed for the session that comes, read before it: its date, and the steps as they stand by now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from openipt.therapy.record import Entry, Record, Session, step_after
from openipt.therapy.vocabulary import label
from openipt.therapy.words import Sentence, say
from openipt.therapy.writing.retold import in_clients_words

PLANNED, NOT_NOW = "planned", "not_now"
CARRIED = 2  # a step that was left goes along for so many sessions


@dataclass(frozen=True, slots=True)
class StepAhead:
    """One agreed step: how it stands, and what was said of it."""

    text: str
    stands: str = ""
    not_yet: Sentence | None = None
    words: str = ""
    is_clients: bool = False  # the words are the client's own
    expected: Sentence | None = None  # what might get in the way, as it was thought of beforehand


def date_agreed(record: Record, last: Session | None, today: date) -> Sentence | None:
    """Say which date was agreed for the next session, as the newest card has it; None before the first session."""
    if last is None:
        return None
    cards = (one.answers.get("next_date") for one in reversed(record.of("session-record")))
    agreed = next((datetime.fromisoformat(str(one)) for one in cards if one), None)
    if agreed is None or agreed.date() <= last.day:
        return say("look_ahead.no_date")
    if agreed.date() < today:
        return say("look_ahead.date_passed", on=agreed)
    return say("look_ahead.date", on=agreed, at=f"{agreed:%H:%M}")


def steps_ahead(record: Record) -> tuple[StepAhead, ...]:
    """Return the step agreed last, and the one before it where it was left for now."""
    return tuple(_steps(record))


def _steps(record: Record) -> Iterator[StepAhead]:
    for place, session in enumerate(reversed(record.held()[-CARRIED:])):
        entry = step_after(record, session)
        if entry and (place == 0 or entry.answers.get("status") == NOT_NOW):
            yield _as_it_stands(record, entry)


def _as_it_stands(record: Record, entry: Entry) -> StepAhead:
    said = entry.answers
    status, words = str(said.get("status") or PLANNED), str(said.get("what_happened") or "")
    expected = said.get("likely_obstacle") if status == NOT_NOW and not words else None
    return StepAhead(
        text=str(said.get("text") or ""),
        stands="" if status in (PLANNED, NOT_NOW) else label("step_statuses", status),
        not_yet=say("look_ahead.not_yet", on=entry.happened_at) if status == NOT_NOW else None,
        words=words,
        is_clients=bool(words) and in_clients_words(record, entry),
        expected=say("look_ahead.in_the_way", words=str(expected)) if expected else None,
    )
