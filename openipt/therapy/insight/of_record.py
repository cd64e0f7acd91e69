"""The diary of a record: what the client wrote and shared, and what a session heard about mood and an event."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from openipt.therapy.insight.entries import DiaryEntry, Interaction
from openipt.therapy.record import Entry, Record
from openipt.therapy.vocabulary import vocabulary

DIARY, SESSION = "mood-diary", "session-record"


def diary_entries(record: Record) -> tuple[DiaryEntry, ...]:
    """Return the diary entries of a record that may feed what a therapist sees, in the order of time.

    A session's mood counts as an entry where an event was told with it (CLINICAL-RULES 7); who was there that day was
    not asked then. Entries that the client keeps to themself, retracted and replaced ones are not among them.
    """
    return tuple(sorted((*_written(record), *_told(record)), key=lambda entry: entry.at))


def _written(record: Record) -> Iterator[DiaryEntry]:
    kinds = vocabulary()["visibility_kinds"]
    for entry in record.of(DIARY):
        mood = entry.answers.get("mood")
        feeds = kinds.get(entry.visibility, {}).get("feeds_therapist_insight", False)
        if feeds and entry.kind == "answers" and mood is not None:
            yield DiaryEntry(_when(entry), float(mood), tuple(_interactions(entry)))


def _interactions(entry: Entry) -> Iterator[Interaction]:
    for said in entry.answers.get("interactions") or ():
        person, valence = said.get("person"), said.get("valence")
        kinds = frozenset(said.get("kinds") or ())
        if valence is not None or kinds:
            # A contact without a rating says what happened, and not how it was with whom.
            yield Interaction(person if valence is not None else None, int(valence or 0), kinds, said.get("skill"))


def _told(record: Record) -> Iterator[DiaryEntry]:
    for entry in record.of(SESSION):
        mood = entry.answers.get("mood")
        if entry.kind == "answers" and mood is not None and entry.answers.get("mood_event_link"):
            yield DiaryEntry(_wall(entry.happened_at), float(mood), asked=False)


def _when(entry: Entry) -> datetime:
    """Return the local moment the client gave; otherwise when it happened."""
    said: Any = entry.answers.get("at")
    try:
        return _wall(datetime.fromisoformat(str(said))) if said else _wall(entry.happened_at)
    except ValueError:
        return _wall(entry.happened_at)


def _wall(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)
