"""Four worked cases as they stand on a day: one just begun, one to be decided on, one near its end, one over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from openipt.exchange.cases.case import Case
from openipt.exchange.cases.clock import on
from openipt.exchange.cases.opening import case_named, open_case
from openipt.exchange.clinic.shifting import shift
from openipt.exchange.clinic.simulating import MORNING
from openipt.therapy.record import Record
from openipt.therapy.shelf import Problem, Refused

WEEK = timedelta(days=7)
TO_DECIDE = "DP8"
SINCE_THE_END = timedelta(days=21)  # at least so long ago the finished course has ended


def demo_cases(today: date) -> list[tuple[Case, Record]]:
    """Return four worked cases with their records as they are known on the morning of a day.

    In this order: before its second session (C01); in the middle, its eighth session held within the last week and the
    decision that fell due with it not written yet (C02); near its end, two sessions left (C03); finished some weeks ago
    (C06). Each is moved by whole weeks, so sessions keep their day of the week.
    """
    return [_told(name, anchor, today) for name, anchor in DEMO.items()]


def _told(name: str, anchor: Callable[[Record, date], Record], today: date) -> tuple[Case, Record]:
    path = case_named(name)
    if path is None:
        raise Refused(Problem(name, 0, "", "no worked case of this name on the shelf", "C01, C02, C03 and C06"))
    case = open_case(path)
    return case, anchor(case.records[0], today)


def _before(number: int) -> Callable[[Record, date], Record]:
    """The session of this number is the next one: today, or within six days."""

    def as_it_stands(record: Record, today: date) -> Record:
        moved = shift(record, -(-(today - _day(record, number)) // WEEK))
        return moved.as_of(_morning(today))

    return as_it_stands


def _after(number: int, point: str) -> Callable[[Record, date], Record]:
    """The session of this number was held within the last week; what was decided at a point is not written yet."""

    def as_it_stands(record: Record, today: date) -> Record:
        moved = shift(record, (today - timedelta(days=1) - _day(record, number)) // WEEK)
        known = moved.as_of(_morning(today))
        left = tuple(one for one in known.entries if one.answers.get("point") != point)
        return replace(known, entries=left, _memo={})

    return as_it_stands


def _ended(record: Record, today: date) -> Record:
    """The course has ended, some weeks ago."""
    if record.ended_on is None:
        raise ValueError(f"{record.enrolment} has not ended; expected a finished course")
    return shift(record, (today - SINCE_THE_END - record.ended_on) // WEEK).as_of(_morning(today))


def _day(record: Record, number: int) -> date:
    return next(session.day for session in record.sessions if session.number == number)


def _morning(today: date) -> datetime:
    return on(today, MORNING)


DEMO: dict[str, Callable[[Record, date], Record]] = {
    "C01": _before(2),
    "C02": _after(8, TO_DECIDE),
    "C03": _before(11),
    "C06": _ended,
}
