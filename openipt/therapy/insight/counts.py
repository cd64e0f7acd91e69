"""Plain counts, before any model: "Rui was there on 3 of the 4 better days". From the third entry on."""

from __future__ import annotations

from datetime import date
from statistics import fmean, median

from openipt.therapy.insight.diary import Diary
from openipt.therapy.insight.result import Count

LEAST_ENTRIES = 3


def counts(diary: Diary) -> tuple[Count, ...]:
    """Count for each person the better days and the other days with contact, people in the order of their names.

    A better day is a day whose mood lies above the middle (median) of this diary's days. Nothing is counted below three
    entries, or where all days were alike.
    """
    moods: dict[date, list[float]] = {}
    there: dict[date, set[str]] = {}
    for entry, day, sums in zip(diary.entries, diary.days, diary.sums, strict=True):
        if entry.asked:
            moods.setdefault(day, []).append(entry.mood)
            there.setdefault(day, set()).update(sums)
    if len(diary.entries) < LEAST_ENTRIES or not moods:
        return ()
    of_day = {day: fmean(said) for day, said in moods.items()}
    middle = median(of_day.values())
    better = {day for day, mood in of_day.items() if mood > middle}
    other = set(of_day) - better
    if not better:
        return ()
    return tuple(
        Count(person, _with(person, better, there), len(better), _with(person, other, there), len(other))
        for person in diary.contact_days
    )


def _with(person: str, days: set[date], there: dict[date, set[str]]) -> int:
    return sum(person in there[day] for day in days)
