"""Decision points: when a person must decide, on what evidence, with which options; and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from openipt.therapy.course.position import planned_sessions
from openipt.therapy.course.state import State, better_pct, course_on, point_day, state
from openipt.therapy.manuals import DecisionPoint, Manual
from openipt.therapy.progress import half_up_pct
from openipt.therapy.record import Entry, Record, fit, violence_checks
from openipt.therapy.words import Sentence, say

GRACE = timedelta(days=7)  # gate `decision_due`: recorded within 7 days
LOW_FIT = 6  # a formulation fit below this asks for a revision
FIRST_SESSIONS, ATTENDED_LEAST = 3, 2  # DP2


@dataclass(frozen=True, slots=True)
class PointDue:
    """A decision point that has fallen due, with the evidence of its day and what became of it."""

    point: DecisionPoint
    on: date
    state: State
    fall_pct: float | None
    shown_pct: int | None
    failed: bool
    recorded: Entry | None
    overdue: bool
    options: tuple[str, ...]
    evidence: tuple[Sentence, ...]


def decision_points(manual: Manual, record: Record, today: date) -> tuple[PointDue, ...]:
    """Return every decision point that has fallen due by a day, oldest first."""
    found = []
    for point in manual.decision_points:
        day = _due_day(manual, point, record, today)
        if day is not None:
            found.append(_make(manual, record, point, day, today))
    return tuple(sorted(found, key=lambda one: (one.on, one.point.id)))


def recorded_decision(record: Record, point_id: str) -> Entry | None:
    """Return the decision record of a point, the newest if there are several."""
    return next((one for one in reversed(record.of("decision-record")) if one.answers.get("point") == point_id), None)


def _due_day(manual: Manual, point: DecisionPoint, record: Record, today: date) -> date | None:
    if point.due.session == "last":
        if record.ended_on and record.ended_on <= today:
            return record.ended_on
        planned = planned_sessions(manual, record)
        day = point_day(point.model_copy(update={"due": point.due.model_copy(update={"session": planned})}), record, today)
        return day
    day = point_day(point, record, today)
    if day is None or (point.raised_if and not _raised(record, today)):
        return None
    return day


def _raised(record: Record, today: date) -> bool:
    """Whether the engagement point is raised: few of the first sessions attended, or a formulation that fits badly."""
    first = [session for session in record.sessions if session.day <= today and session.kind != "pre_group"][:FIRST_SESSIONS]
    missed = len(first) >= FIRST_SESSIONS and sum(session.attended for session in first) < ATTENDED_LEAST
    shared = fit(record)
    return missed or (shared is not None and shared.client_fit is not None and shared.client_fit < LOW_FIT)


def _make(manual: Manual, record: Record, point: DecisionPoint, day: date, today: date) -> PointDue:
    then = state(manual, record, day)
    course = course_on(manual, record, day)
    fall = better_pct(course, course.latest)
    recorded = recorded_decision(record, point.id)
    failed = point.fall_pct is not None and fall is not None and fall < point.fall_pct
    return PointDue(
        point=point,
        on=day,
        state=then,
        fall_pct=fall,
        shown_pct=None if fall is None else half_up_pct(fall),
        failed=failed,
        recorded=recorded,
        overdue=recorded is None and today - day > GRACE,
        options=point.actions,
        evidence=tuple(_evidence(record, then, point, day)),
    )


def _evidence(record: Record, then: State, point: DecisionPoint, day: date) -> list[Sentence]:
    """What lies on the table at a decision point: facts only, in the order they are weighed."""
    lines = [then.why]
    if point.fall_pct is not None and then.fall_pct is not None:
        lines.append(say("point.fall", fall=half_up_pct(then.fall_pct), hoped=point.fall_pct))
    held = [session for session in record.sessions if session.day <= day]
    lines.append(say("point.attended", n=sum(s.attended for s in held), of=len(held)))
    alliance = [reading for reading in record.readings("alliance-5") if reading.day <= day]
    if alliance:
        lines.append(say("point.alliance", value=alliance[-1].value, on=alliance[-1].day))
    shared = fit(record)
    if shared and shared.client_fit is not None and shared.at.date() <= day:
        lines.append(say("point.fit", fit=shared.client_fit))
    checks = [check for check in violence_checks(record) if check.on <= day]
    lines.append(say("point.violence", on=checks[-1].on) if checks else say("point.violence_never"))
    return lines
