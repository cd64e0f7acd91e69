"""Decision points: when a person must decide, on what evidence, with which options; and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from openipt.therapy.course.position import planned_sessions
from openipt.therapy.course.state import State, better_pct, course_on, point_day, since, state
from openipt.therapy.manuals import DecisionPoint, Manual
from openipt.therapy.progress import half_up_pct
from openipt.therapy.record import Entry, Record, fit, fits, violence_checks
from openipt.therapy.words import Sentence, say

GRACE = timedelta(days=7)  # gate `decision_due`: recorded within 7 days
LOW_FIT = 6  # a formulation fit below this asks for a revision
FIRST_SESSIONS, ATTENDED_LEAST = 3, 2  # DP2


@dataclass(frozen=True, slots=True)
class PointFallen:
    """A decision point that has fallen due, and what became of it."""

    point: DecisionPoint
    on: date
    recorded: Entry | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class PointDue(PointFallen):
    """The same with the evidence of its day."""

    state: State
    fall_pct: float | None
    shown_pct: int | None
    failed: bool
    options: tuple[str, ...]
    evidence: tuple[Sentence, ...]
    since: Sentence | None  # what the measure is now, where a score came in after that day


def decision_points(manual: Manual, record: Record, today: date) -> tuple[PointDue, ...]:
    """Return every decision point that has fallen due by a day with its evidence, oldest first."""
    key = ("points", manual.id, manual.version, today)
    return record.remember(
        key, lambda: tuple(_weighed(manual, record, one, today) for one in points_fallen(manual, record, today))
    )


def points_fallen(manual: Manual, record: Record, today: date) -> tuple[PointFallen, ...]:
    """Return every decision point that has fallen due by a day, oldest first; nothing is weighed yet."""
    return record.remember(("fallen", manual.id, manual.version, today), lambda: _fallen(manual, record, today))


def _fallen(manual: Manual, record: Record, today: date) -> tuple[PointFallen, ...]:
    found = []
    for point in manual.decision_points:
        day = _due_day(manual, point, record, today)
        if day is not None:
            recorded = recorded_decision(record, point.id, today)
            found.append(PointFallen(point, day, recorded, recorded is None and today - day > GRACE))
    return tuple(sorted(found, key=lambda one: (one.on, one.point.id)))


def recorded_decision(record: Record, point_id: str, by: date | None = None) -> Entry | None:
    """Return the decision record of a point, the newest if there are several; with `by`, as it stood on that day."""
    found = [one for one in record.of("decision-record") if one.answers.get("point") == point_id]
    return next((one for one in reversed(found) if by is None or one.happened_at.date() <= by), None)


def _due_day(manual: Manual, point: DecisionPoint, record: Record, today: date) -> date | None:
    if point.due.session == "last":
        if record.ended_on and record.ended_on <= today:
            return record.ended_on
        last = point.due.model_copy(update={"session": planned_sessions(manual, record)})
        return point_day(manual, point.model_copy(update={"due": last}), record, today)
    day = point_day(manual, point, record, today)
    if day is None or not point.raised_if:
        return day
    raised = [max(day, reason) for reason in _reasons(record) if reason <= today]
    return min(raised) if raised else None


def _reasons(record: Record) -> list[date]:
    """Return the days on which something raised the engagement point; what was raised once is not taken back.

    Few of the first sessions attended, or a formulation that fits badly.
    """
    days = [one.at.date() for one in fits(record) if one.client_fit is not None and one.client_fit < LOW_FIT]
    first = [session for session in record.sessions if session.kind != "pre_group"][:FIRST_SESSIONS]
    if len(first) == FIRST_SESSIONS and sum(session.attended for session in first) < ATTENDED_LEAST:
        days.append(first[-1].day)
    return days


def _weighed(manual: Manual, record: Record, fallen: PointFallen, today: date) -> PointDue:
    point, day = fallen.point, fallen.on
    then = state(manual, record, day)
    course = course_on(manual, record, day)
    fall = better_pct(course, course.latest)
    failed = point.fall_pct is not None and fall is not None and fall < point.fall_pct
    return PointDue(
        point=point,
        on=day,
        recorded=fallen.recorded,
        overdue=fallen.overdue,
        state=then,
        fall_pct=fall,
        shown_pct=None if fall is None else half_up_pct(fall),
        failed=failed,
        options=point.actions,
        evidence=tuple(_evidence(record, then, point, day)),
        since=since(course_on(manual, record, min(today, record.ended_on or today)), course.latest),
    )


def _evidence(record: Record, then: State, point: DecisionPoint, day: date) -> list[Sentence]:
    """What lies on the table at a decision point: facts only, in the order they are weighed."""
    lines = [then.why]
    if point.fall_pct is not None and then.fall_pct is not None:
        shown = half_up_pct(then.fall_pct)
        lines.append(say("point.fall" if shown >= 0 else "point.rise", fall=abs(shown), hoped=point.fall_pct))
    held = [session for session in record.sessions if session.day <= day]
    lines.append(say("point.attended", n=sum(s.attended for s in held), of=len(held)))
    alliance = [reading for reading in record.readings("alliance-5") if reading.day <= day]
    if alliance:
        lines.append(say("point.alliance", value=alliance[-1].value, on=alliance[-1].day))
    shared = fit(record, day)
    if shared and shared.client_fit is not None:
        lines.append(say("point.fit", fit=shared.client_fit))
    checks = [check for check in violence_checks(record) if check.on <= day and check.asked_alone]
    lines.append(say("point.violence", on=checks[-1].on) if checks else say("point.violence_never"))
    return lines
