"""What a new page has filled in: facts that are known, and what the manual usually agrees. Never an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from openipt.rooms.workspace.courses import Course
from openipt.therapy.course import where
from openipt.therapy.course.position import first_day
from openipt.therapy.course.young import law_here
from openipt.therapy.record import focus
from openipt.therapy.words import render, say

DAYS_APART = {"twice_weekly": 3.5, "weekly": 7.0, "biweekly": 14.0, "monthly": 28.0}


@dataclass(frozen=True, slots=True)
class Known:
    """What a page may fill in from: the course, the day, who writes."""

    course: Course
    today: date
    writer: str


def filled_in(step: str, known: Known) -> dict[str, Any]:
    """Return the answers that a new page of a step opens with."""
    return _MAKERS[step](known) if step in _MAKERS else {}


def last_day(start: date | None, sessions: int | None, cadence: str | None) -> date | None:
    """Return the day of the last session, counted from the first; None where the rhythm does not say."""
    apart = DAYS_APART.get(cadence or "")
    if start is None or not sessions or apart is None:
        return None
    return start + timedelta(days=round((sessions - 1) * apart))


def _asked_today(known: Known) -> dict[str, Any]:
    return {"date": known.today.isoformat(), "by": known.writer}


def _alone(known: Known) -> dict[str, Any]:
    return {**_asked_today(known), "source": "WS_VIOLENCE"}


def _young(known: Known) -> dict[str, Any]:  # noqa: ARG001 - the makers share one signature
    return {"law": law_here().name}


def _intake(known: Known) -> dict[str, Any]:
    said = known.course.record.says("intake")
    return {"alias": said.get("alias") or known.course.name, "assessed_by": known.writer}


def _recover(known: Known) -> dict[str, Any]:
    """Open with what was put down last, so that renewing it is changing a date."""
    last = known.course.record.says("time-to-recover")
    kept = {name: value for name, value in last.items() if name not in ("ended", "how_it_was")}
    return {"begins": known.today.isoformat(), "review_session": 8, **kept}


def _medication(known: Known) -> dict[str, Any]:
    return {"date": known.today.isoformat()}


def _timeline(known: Known) -> dict[str, Any]:  # noqa: ARG001 - the makers share one signature
    return {"mark": "event"}


def _focus(known: Known) -> dict[str, Any]:
    return {"focus_agreed_on": known.today.isoformat()}


def _contract(known: Known) -> dict[str, Any]:
    """Return the card with what the manual usually agrees."""
    record, dose = known.course.record, known.course.manual.dose
    held = record.held()
    areas = focus(record)
    points = [point.due.session for point in known.course.manual.decision_points]
    card: dict[str, Any] = {
        "agreed_on": known.today.isoformat(),
        "sessions_n": dose.usual,
        "minutes": dose.minutes,
        "cadence": dose.cadence,
        "start": (first_day(record) or known.today).isoformat(),
        "modality": (held[-1].modality if held else None) or "in_person",
        "focus": areas[0] if areas else None,
        "review_points": [{"session": number} for number in dict.fromkeys(points) if isinstance(number, int)],
        "missed_session_rule": render(say("agreed.missed")),
    }
    return {name: value for name, value in card.items() if value is not None}


def session_now(course: Course, today: date) -> int:
    """Return the session that a review belongs to: the last one used, or the first."""
    return max(1, where(course.manual, course.record, today).held)


_MAKERS: Mapping[str, Callable[[Known], dict[str, Any]]] = {
    "safety": _asked_today,
    "medical": _asked_today,
    "alone": _alone,
    "intake": _intake,
    "young": _young,
    "recover": _recover,
    "medication": _medication,
    "timeline": _timeline,
    "focus": _focus,
    "contract": _contract,
}
