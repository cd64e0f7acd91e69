"""The social rhythm metric: how regular the times of a week are, and how many times were recorded (SRM-5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from openipt.therapy.forms.definition import Named

_DAY = 24 * 60
Minutes = Sequence[int]
Week = Callable[[Mapping[str, Any]], Sequence[Minutes] | None]


def week_of(rule: Named, events: Sequence[str]) -> Week:
    """Build the look at a sheet: for each event its recorded times, in minutes since the day began; None unrecorded."""
    begins = _minutes(rule.day_from)

    def week(a: Mapping[str, Any]) -> Sequence[Minutes] | None:
        rows = a.get(rule.rows)
        if not rows:
            return None
        return [[(_minutes(row[event]) - begins) % _DAY for row in rows if row.get(event)] for event in events]

    return week


def regularity(week: Sequence[Minutes], rule: Named) -> Fraction | None:
    """Return hits per event over the events that happened often enough; None where none did."""
    often = [times for times in week if len(times) >= rule.min_occurrences]
    return Fraction(sum(hits(times, rule) for times in often), len(often)) if often else None


def hits(times: Minutes, rule: Named) -> int:
    """Count the days that lie within the window around the habitual time; a time that was dropped is tested too."""
    usual = habitual(times, rule)
    return sum(_apart(time, usual) <= rule.window_minutes for time in times)


def habitual(times: Minutes, rule: Named) -> Fraction:
    """Return the mean time, once the times that lie too far from the first mean are dropped."""
    mean = Fraction(sum(times), len(times))
    variance = sum((time - mean) ** 2 for time in times) / (len(times) - 1)
    # Squared, so that everything stays a fraction: a time exactly at the limit is kept on every machine.
    furthest = Fraction(repr(rule.outlier_sd)) ** 2 * variance
    kept = [time for time in times if (time - mean) ** 2 <= furthest]
    return Fraction(sum(kept), len(kept)) if kept else mean


def _apart(one: int, other: Fraction) -> Fraction:
    """Minutes between two times of the clock, the shorter way round."""
    distance = abs(one - other)
    return min(distance, _DAY - distance)


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)
