"""The golden diary of INSIGHT 1.8: fourteen entries, three people, day 0 a Monday."""

from __future__ import annotations

from datetime import datetime, timedelta

from openipt.therapy.insight import DiaryEntry, Interaction

DAYS = (0, 1, 2, 4, 5, 6, 8, 9, 10, 11, 13, 14, 16, 17)
MOODS = (4, 5, 3, 4, 6, 5, 3, 4, 5, 6, 6, 4, 6, 7)
PEOPLE = ("mother", "partner", "friend")
VALENCES = (
    (-2, 1, 0), (0, 2, 0), (-3, 0, 0), (-1, 0, 2), (0, 2, 1), (0, 1, 0), (-2, -1, 0),
    (-1, 0, 0), (0, 2, 0), (1, 0, 2), (0, 1, 0), (-3, 0, 0), (0, 1, 2), (2, 2, 0),
)  # fmt: skip
MONDAY = datetime(2026, 3, 2, 20, 30)


def golden_diary(last: float = 7) -> tuple[DiaryEntry, ...]:
    """Return the diary; the last mood is 7 in case A and 10 in case B."""
    return tuple(
        DiaryEntry(
            MONDAY + timedelta(days=day),
            float(mood),
            tuple(Interaction(person, rated) for person, rated in zip(PEOPLE, valences, strict=True) if rated),
        )
        for day, mood, valences in zip(DAYS, (*MOODS[:-1], last), VALENCES, strict=True)
    )
