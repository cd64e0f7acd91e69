"""Occasions: the closed list of reasons for which a manual offers a task again, or only then."""

# ruff: noqa: ARG001, ARG005 - all questions share one signature, whether or not they need all of it
from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from openipt.therapy.course.endings import outcome
from openipt.therapy.course.events import events_since
from openipt.therapy.course.flags import ADULT, SELF_HARM_RULES, derived_flags
from openipt.therapy.course.focus import dispute_in_view
from openipt.therapy.course.points import LOW_FIT, points_fallen
from openipt.therapy.course.position import planned_sessions, where
from openipt.therapy.course.state import state
from openipt.therapy.manuals import Manual
from openipt.therapy.record import Record, fit, focus, recovery, step_after

SOON = timedelta(days=7)
LONG_COURSE = 16
LOSSES = {"death", "loss", "relationship"}  # kinds of life events after which safety is asked about aloud


def flag_open(manual: Manual, record: Record, today: date) -> bool:
    """A new flag of R1 to R3 since the session before."""
    held = record.held()
    since = held[-1].day if held else date.min
    return any(
        flag.rule in SELF_HARM_RULES and flag.state == "new" and (flag.on > since or flag.is_open)
        for flag in derived_flags(manual, record, today)
    )


def safety_review_due(manual: Manual, record: Record, today: date) -> bool:
    """Ask aloud: at session 1, each decision point, after a loss or break-up, at the end (CLINICAL-RULES 2.2)."""
    number = where(manual, record, today).number
    points = {point.due.session for point in manual.decision_points}
    if number in (1, *points, planned_sessions(manual, record)):
        return True
    held = record.held()
    since = held[-1].day if held else date.min
    by_day = any(since < point.on for point in points_fallen(manual, record, today))
    return by_day or bool(held and any(True for _ in events_since(record, LOSSES, since, today)))


def recover_review_due(manual: Manual, record: Record, today: date) -> bool:
    """Time to recover is running and its review date is near or past."""
    resting = recovery(record)
    return resting is not None and not resting.ended and (resting.until is None or resting.until - today <= SOON)


def decision_due(manual: Manual, record: Record, today: date) -> bool:
    """A decision point falls due at this session, or has, and nothing is written."""
    number = where(manual, record, today).number
    coming = any(point.due.session == number and not point.raised_if for point in manual.decision_points)
    return coming or any(point.recorded is None for point in points_fallen(manual, record, today))


def not_on_track(manual: Manual, record: Record, today: date) -> bool:
    """Less change than hoped for by now, or worse."""
    return state(manual, record, today).id in ("off_track", "worse")


def not_recovered(manual: Manual, record: Record, today: date) -> bool:
    """Not in the remission range, or nothing to judge by."""
    result = outcome(manual, record, today)
    return result is None or result.remission is not True


def step_agreed(manual: Manual, record: Record, today: date) -> bool:
    """A step was agreed in the session before."""
    held = record.held()
    return bool(held) and step_after(record, held[-1]) is not None


def formulation_to_revise(manual: Manual, record: Record, today: date) -> bool:
    """The client gave the formulation a fit below 6."""
    shared = fit(record)
    return shared is not None and shared.client_fit is not None and shared.client_fit < LOW_FIT


def member_absent(manual: Manual, record: Record, today: date) -> bool:
    """The last meeting was missed."""
    return bool(record.sessions) and not record.sessions[-1].attended


OCCASIONS: dict[str, Callable[[Manual, Record, date], bool]] = {
    "flag_open": flag_open,
    "safety_review_due": safety_review_due,
    "recover_review_due": recover_review_due,
    "decision_due": decision_due,
    "not_on_track": not_on_track,
    "not_recovered": not_recovered,
    "step_agreed": step_agreed,
    "dispute_in_view": lambda manual, record, today: dispute_in_view(record),
    "ties_to_build": lambda manual, record, today: "PA_DEFICIT" in focus(record),
    "focus_unsettled": lambda manual, record, today: not focus(record),
    "formulation_to_revise": formulation_to_revise,
    "caregivers_involved": lambda manual, record, today: record.age is not None and record.age < ADULT,
    "member_absent": member_absent,
    "long_course": lambda manual, record, today: planned_sessions(manual, record) >= LONG_COURSE,
}
