"""Whether a dispute still stands where it was recorded to stand: a question, where the diary since tells otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from openipt.therapy.record import Entry, Record, alias, focus
from openipt.therapy.vocabulary import label
from openipt.therapy.words import Sentence, say

TALK = frozenset({"conflict", "said_what_i_felt", "closeness", "shared_fun"})  # a quarrel is talk, too
NEAR = TALK - {"conflict"}
SILENCE = frozenset({"ignored", "avoided"})
SILENT = 3  # so many contacts one after the other: one silent day is no silence


@dataclass(frozen=True, slots=True)
class StageAgain:
    """A question about a stage, and the sheet that a new answer would be the next version of."""

    ask: Sentence
    sheet: str


@dataclass(frozen=True, slots=True)
class _Contact:
    at: datetime
    kinds: tuple[str, ...]


def stage_again(record: Record) -> StageAgain | None:
    """Return the question whether the stage still holds; None where the diary since it was recorded says no other."""
    maps = [one for one in record.of("dispute-map") if one.answers.get("stage")]
    if not maps or "PA_DISPUTE" not in focus(record):
        return None
    newest = maps[-1]
    stage, person = str(newest.answers["stage"]), str(newest.answers.get("person") or "")
    told = _otherwise(stage, list(_contacts(record, newest, person)))
    if told is None:
        return None
    name, events = alias(record, person or None), "; ".join(label("event_kinds", kind) for kind in told.kinds)
    words = say(
        "look_ahead.stage_again",
        stage=label("dispute_stages", stage),
        on=newest.happened_at,
        day=told.at,
        event=f"{name}. {events}" if name else events,
    )
    return StageAgain(words, newest.id)


def _otherwise(stage: str, contacts: list[_Contact]) -> _Contact | None:
    """Return the last contact that tells of another stage than the recorded one."""
    if stage == "renegotiation":
        last = contacts[-SILENT:]
        silent = len(last) == SILENT and all(SILENCE & set(one.kinds) and not TALK & set(one.kinds) for one in last)
        return last[-1] if silent else None
    other = {"impasse": TALK, "dissolution": NEAR}.get(stage, frozenset())
    return next((one for one in reversed(contacts) if other & set(one.kinds)), None)


def _contacts(record: Record, newest: Entry, person: str) -> Iterator[_Contact]:
    """Yield the contacts of the diary with a person since a sheet was filled in, oldest first."""
    for entry in record.of("mood-diary"):
        if entry.happened_at > newest.happened_at:
            for row in entry.answers.get("interactions") or ():
                if not person or row.get("person") == person:
                    yield _Contact(entry.happened_at, tuple(row.get("kinds") or ()))
