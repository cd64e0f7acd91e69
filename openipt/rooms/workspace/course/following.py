"""The measure of a course over its dates: with what happened, medication and sessions, and what may be expected."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from openipt.exchange.drawing import scale_of
from openipt.pictures import Picture, Score
from openipt.pictures.followed import Marker, Stretch, followed
from openipt.therapy.course import outcome_form
from openipt.therapy.manuals import Manual
from openipt.therapy.record import Reading, Record
from openipt.therapy.words import render, say

if TYPE_CHECKING:
    from openipt.therapy.course.ahead import Ahead


def draw_following(
    record: Record, manual: Manual, *, way: Ahead | None = None, width: float, prefix: str
) -> Picture | None:
    """Draw the scores of a course over its days; None before the first.

    Args:
        record: The course, as known on a day.
        manual: Its manual.
        way: The way ahead, where the service may show one; without it nothing is expected of anybody.
        width: In pixels.
        prefix: For the ids inside.
    """
    form = outcome_form(manual, record)
    readings = record.readings(form.id)
    if not readings:
        return None
    sessions = [session.day for session in record.held()]
    return followed(
        render(say("gains.followed", form=form.name)),
        _scores(readings, sessions),
        expected=_expected(way) if way else [],
        expected_words=(render(say("progress.page.middle")), render(say("progress.page.band"))),
        markers=_markers(record, readings[0].day),
        sessions=sessions,
        width=width,
        id_prefix=f"followed-{prefix}",
        **scale_of(form),
    )


def _scores(readings: tuple[Reading, ...], sessions: list[date]) -> list[Score]:
    """The scores; a session of a day without one, after the first, breaks the line."""
    known = {reading.day: Score(reading.day, reading.value) for reading in readings}
    first, last = min(known), max(known)
    gaps = {day: Score(day, None) for day in sessions if first < day < last}
    return [one for _, one in sorted({**gaps, **known}.items())]


def _markers(record: Record, first: date) -> list[Marker]:
    """What happened and what was prescribed since the first score, where the day is known."""
    events = [
        Marker(day, str(said.get("text") or ""))
        for said, day in dated_events(record)
        if day is not None and day >= first
    ]
    drugs = [
        Marker(day, _drug(entry.answers.get("drug"), entry.answers.get("action")))
        for entry in record.of("medication")
        if (day := whole_day(entry.answers.get("date"))) is not None and day >= first
    ]
    return [*events, *drugs]


def _drug(name: object, action: object) -> str:
    return render(say("gains.drug", drug=name, action=str(action or "").replace("_", " ")))


def dated_events(record: Record) -> list[tuple[dict[str, object], date | None]]:
    """Return the life events of a record, each with its day where that is known to the day."""
    marks = [dict(entry.answers) for entry in record.of("timeline") if entry.kind == "answers"]
    return [(said, whole_day(said.get("date"))) for said in marks if said.get("mark") == "event"]


def whole_day(text: object) -> date | None:
    """Read a day; None where it is known less exactly, or not at all."""
    try:
        return date.fromisoformat(str(text)) if text and len(str(text)) == len("2026-01-05") else None
    except ValueError:
        return None


def _expected(way: Ahead) -> list[Stretch]:
    """The band begins at the score that the course is judged from, which need not be the first there is."""
    from openipt.therapy.progress import expected_course

    made = expected_course(way.expectation.reference, way.start.value, way.expectation.planned_week)
    weeks = zip(made.mean, made.low, made.high, strict=True)
    first = way.start.day
    return [
        Stretch(first + timedelta(days=7 * week), middle, low, high) for week, (middle, low, high) in enumerate(weeks)
    ]
