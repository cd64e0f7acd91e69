"""Diary entries as the insight sees them: local time, mood, and what happened with whom."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

WINDOW_DAYS = 120
MOST_ENTRIES = 400


@dataclass(frozen=True, slots=True)
class Interaction:
    """One contact. `person` None is nobody; `valence` -3 (very bad) to 3 (very good)."""

    person: str | None
    valence: int = 0
    kinds: frozenset[str] = frozenset()
    skill: bool | None = None


@dataclass(frozen=True, slots=True)
class DiaryEntry:
    """One entry: local wall time without a zone, mood 0 to 10 (10 is best), and its interactions.

    `asked` is False where nobody asked about contact: it is then unknown, not absent.
    """

    at: datetime
    mood: float
    interactions: tuple[Interaction, ...] = ()
    asked: bool = True

    @property
    def day(self) -> date:
        """The local day."""
        return self.at.date()

    @property
    def kinds(self) -> frozenset[str]:
        """What happened."""
        return frozenset(kind for one in self.interactions for kind in one.kinds)


def window(entries: Iterable[DiaryEntry], days: int = WINDOW_DAYS, most: int = MOST_ENTRIES) -> tuple[DiaryEntry, ...]:
    """Return the entries of the last days before (and with) the newest one, at most so many, in the order of time."""
    ordered = sorted(entries, key=lambda entry: (entry.at, entry.mood, _plain(entry)))
    if not ordered:
        return ()
    first = ordered[-1].day.toordinal() - days
    return tuple(entry for entry in ordered if entry.day.toordinal() > first)[-most:]


def inputs_hash(entries: Sequence[DiaryEntry], *settings: object) -> str:
    """Return the SHA-256 of what a fit is made of; the order of the entries and of what is in them does not matter."""
    plain = sorted([entry.at.isoformat(), float(entry.mood), entry.asked, _plain(entry)] for entry in entries)
    whole = json.dumps([plain, [repr(one) for one in settings]], ensure_ascii=True, separators=(",", ":"))
    return sha256(whole.encode()).hexdigest()


def _plain(entry: DiaryEntry) -> list[list[object]]:
    return sorted([one.person or "", one.valence, sorted(one.kinds)] for one in entry.interactions)
