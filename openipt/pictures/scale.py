"""From dates and values to places, and which ticks to write."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from openipt.pictures.lettering import text_width
from openipt.pictures.words import Words

_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)
_VALUE_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)
_GAP = 12.0
_WEEKS_UNTIL = 100  # days; a shorter axis is told in days of the month


@dataclass(frozen=True)
class Tick:
    """One mark on an axis and its words."""

    at: float
    label: str


@dataclass(frozen=True)
class TimeScale:
    """Dates along a line. What lies outside is held at the end of the line."""

    start: date
    end: date
    left: float
    right: float

    def x(self, when: date) -> float:
        """The place of a date."""
        days = max((self.end - self.start).days, 1)
        share = (when - self.start).days / days
        return self.left + min(max(share, 0.0), 1.0) * (self.right - self.left)


@dataclass(frozen=True)
class ValueScale:
    """Values up a line. What lies outside is held at the end of the line."""

    low: float
    high: float
    bottom: float
    top: float

    def y(self, value: float) -> float:
        """The place of a value."""
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return self.bottom - min(max(share, 0.0), 1.0) * (self.bottom - self.top)


def _months(start: date, end: date, step: int) -> Iterator[date]:
    count = start.year * 12 + start.month - 1
    count += -count % step
    while date(count // 12, count % 12 + 1, 1) <= end:
        when = date(count // 12, count % 12 + 1, 1)
        if when >= start:
            yield when
        count += step


def _fits(ticks: list[Tick]) -> bool:
    return all(
        before.at + text_width(before.label) / 2 + _GAP <= after.at - text_width(after.label) / 2
        for before, after in pairwise(ticks)
    )


def time_ticks(scale: TimeScale, words: Words) -> tuple[Tick, ...]:
    """Weeks, months or years: the finest that can be read."""
    if (scale.end - scale.start).days <= _WEEKS_UNTIL:
        return _week_ticks(scale, words)
    ticks: list[Tick] = []
    for step in _MONTH_STEPS:
        label = _year if step >= 12 else _month_label(words)
        dates = list(_months(scale.start, scale.end, step))
        ticks = [Tick(scale.x(when), label(when)) for when in dates]
        if step < 12 and dates and dates[0].month != 1:
            dated = [Tick(ticks[0].at, f"{ticks[0].label} {dates[0].year}"), *ticks[1:]]
            ticks = dated if _fits(dated) else ticks
        if _fits(ticks):
            return tuple(ticks)
    return tuple(ticks[:1])


def _year(when: date) -> str:
    return str(when.year)


def _month_label(words: Words) -> Callable[[date], str]:
    def label(when: date) -> str:
        return str(when.year) if when.month == 1 else words.months[when.month - 1]

    return label


def _week_ticks(scale: TimeScale, words: Words) -> tuple[Tick, ...]:
    ticks: list[Tick] = []
    for weeks in (1, 2, 4, 8, 16):
        days = range(0, (scale.end - scale.start).days + 1, weeks * 7)
        dates = [scale.start + timedelta(days=count) for count in days]
        ticks = [Tick(scale.x(when), words.short_day(when)) for when in dates]
        if _fits(ticks):
            break
    return tuple(ticks) if _fits(ticks) else tuple(ticks[:1])


def value_ticks(low: float, high: float, most: int = 4) -> tuple[float, ...]:
    """Round values from low to high, no more than asked for."""
    for step in _VALUE_STEPS:
        first = -(-low // step) * step
        count = int((high - first) // step) + 1
        if count <= most:
            return tuple(first + step * n for n in range(count)) or (low,)
    return (low, high)


def step_ticks(first: int, last: int, room: float, each: float = 30.0) -> tuple[int, ...]:
    """Session numbers that can be written beside each other; always the first, and the last when it fits."""
    for step in _VALUE_STEPS:
        inner = [n for n in range(first, last + 1) if n == first or n % step == 0]
        places = [(n - first) / max(last - first, 1) * room for n in inner]
        if all(b - a >= each for a, b in pairwise(places)):
            return tuple(inner)
    return (first,)
