"""Dated scores without a record around them: one a day, where one is missing, and what counts as a session."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise
from math import floor, isfinite
from statistics import median

from openipt.therapy.progress import by_week
from openipt.therapy.record import Session

A_SESSION_APART = 5  # days: scores nearer to each other belong to one session

Dated = tuple[date | datetime, float | None]


@dataclass(frozen=True, slots=True)
class Occasion:
    """A day on which a measure was asked; without a value where no usable score came of it."""

    at: datetime
    value: float | None

    @property
    def day(self) -> date:
        """The calendar day, as it was written."""
        return self.at.date()


def occasions(scores: Iterable[Dated], today: date | None = None) -> tuple[Occasion, ...]:
    """Put dated scores in order, one a day, from the first score on and up to a day.

    Of several scores of a day the last one stands. A moment counts on the day it was written with, in whatever zone.

    Raises:
        ValueError: A score that is no finite number.
    """
    # Through float: the numbers of an array compare to truths that are not Python's own.
    found = [Occasion(_moment(at), None if value is None else float(value)) for at, value in scores]
    wrong = next((one for one in found if one.value is not None and not isfinite(one.value)), None)
    if wrong:
        raise ValueError(f"the score of {wrong.at} is {wrong.value}; expected a number, or None where there is none")
    found.sort(key=lambda one: one.at)  # stable: of two at the same moment the later row stands
    known = [_of_a_day(list(day)) for _, day in groupby(found, key=lambda one: one.day)]
    if today is not None:
        known = [one for one in known if one.day <= today]
    first = next((n for n, one in enumerate(known) if one.value is not None), len(known))
    return tuple(known[first:])


def _moment(at: date | datetime) -> datetime:
    return at.replace(tzinfo=None) if isinstance(at, datetime) else datetime.combine(at, time())


def _of_a_day(day: list[Occasion]) -> Occasion:
    return next((one for one in reversed(day) if one.value is not None), day[-1])


def with_gaps(series: tuple[Occasion, ...]) -> list[Occasion | None]:
    """Put None where a score is missing between two days: one for each time the usual distance was left out.

    The usual distance is the median one. A day that was asked and not answered stands as it is.
    """
    apart = [(after.day - before.day).days for before, after in pairwise(series)]
    usual = median(apart) if apart else 0
    filled: list[Occasion | None] = list(series[:1])
    for after, days in zip(series[1:], apart, strict=True):
        filled += [None] * max(0, floor(days / usual + 0.5) - 1)
        filled.append(after)
    return filled


def by_session(series: tuple[Occasion, ...]) -> tuple[Occasion, ...]:
    """Take one score a session: days nearer than five to the first of a session belong to it.

    A session has the score of its first day that has one; a session in which none was usable stands without.
    """
    groups: list[list[Occasion]] = []
    for one in series:
        if not groups or one.day - groups[-1][0].day >= timedelta(days=A_SESSION_APART):
            groups.append([])
        groups[-1].append(one)
    return tuple(next((one for one in group if one.value is not None), group[0]) for group in groups)


def sessions_of(series: tuple[Occasion, ...]) -> tuple[Session, ...]:
    """Take the days of scores for sessions that were held."""
    return tuple(Session(f"S{n:02d}", n, "attended", one.at, one.at) for n, one in enumerate(by_session(series), 1))


def weeks_of(series: tuple[Occasion, ...]) -> dict[int, float]:
    """Return week -> score, counted from the first score."""
    known = [(one.day, one.value) for one in series if one.value is not None]
    return by_week([(day - known[0][0]).days for day, _ in known], [value for _, value in known])


def finished_course(scores: Iterable[Dated]) -> dict[int, float]:
    """Return the weeks of a finished course, as `local_reference` takes them; empty without a score."""
    series = occasions(scores)
    return weeks_of(series) if series else {}
