"""From a record to the values a picture is made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from openipt.exchange.drawing import draw_record, scale_of
from openipt.pictures import Goal, Phase, Picture, SessionScore, goals, ring, sparkline, trajectory
from openipt.rooms.workspace.courses import Course
from openipt.therapy.course import outcome_form
from openipt.therapy.course.position import phase_at
from openipt.therapy.forms import Form
from openipt.therapy.progress import progress
from openipt.therapy.record import alias
from openipt.therapy.words import render, say
from openipt.therapy.writing.summary import change_sentence


def draw_ring(held: int, planned: int, prefix: str, now: int | None = None) -> Picture:
    """Draw the session counter; with `now` the session that is being held."""
    title = render(say("picture.ring", held=held, planned=planned))
    return ring(title, held, planned, now=now, id_prefix=f"{prefix}-ring")


def draw_values(form: Form, values: Sequence[float], prefix: str) -> Picture:
    """Draw the small line of the caseload."""
    title = render(say("picture.from_to", form=form.name, first=values[0], last=values[-1]))
    return sparkline(title, list(values), id_prefix=f"{prefix}-spark", **scale_of(form))


def draw_trajectory(course: Course, form: Form, prefix: str) -> Picture:
    """Draw the scores by session; a session without an answer is a gap.

    What was answered on the days before a session was answered for it: the newest of these stands with it.
    """
    by_day = {reading.day: reading.value for reading in course.record.readings(form.id)}
    held = [session for session in course.record.held() if session.number]
    days = [date.min, *(session.day for session in held)]
    scores = [
        SessionScore(session.number, _newest_between(by_day, before, session.day))
        for before, session in zip(days, held, strict=False)
    ]
    waiting = [day for day in by_day if not held or day > held[-1].day]
    if waiting:  # answered at the door of the session that is about to begin
        scores.append(SessionScore((held[-1].number if held else 0) + 1, by_day[waiting[-1]]))
    return trajectory(_finding(form, list(by_day.values())), scores, width=300, id_prefix=prefix, **scale_of(form))


def _newest_between(by_day: dict[date, float], before: date, until: date) -> float | None:
    return next((by_day[day] for day in sorted(by_day, reverse=True) if before < day <= until), None)


def _finding(form: Form, values: list[float]) -> str:
    made = progress(form, values)
    return (
        render(change_sentence(form.name, made))
        if made and made.n > 1
        else render(say("picture.one", form=form.name, n=len(values)))
    )


def draw_timeline(course: Course, prefix: str, width: int) -> Picture | None:
    """Draw life events over symptoms and scores; None while there is nothing to draw."""
    form = outcome_form(course.manual, course.record)
    title = _finding(form, [reading.value for reading in course.record.readings(form.id)])
    return draw_record(course.record, form, title, _phases(course), width=width, id_prefix=f"timeline-{prefix}")


def _phases(course: Course) -> list[Phase]:
    held = [session for session in course.record.held() if session.number]
    found: dict[str, list[date]] = {}
    waits = any(phase.lasts == "until_done" for phase in course.manual.phases)  # then it is asked what was done by then
    for session in held:
        known = course.record.as_of(session.recorded_at) if waits else course.record
        phase = phase_at(course.manual, known, session.number)
        if phase.label:
            found.setdefault(phase.label.lower(), []).append(session.day)
    return [Phase(name, days[0], days[-1]) for name, days in found.items()]


def draw_goals(course: Course, prefix: str) -> Picture | None:
    """Draw every goal: start, now, hoped for; None before there are any."""
    drawn = []
    for thing in course.record.goals:
        said = course.record.says("goals-and-boundaries", thing.id)
        ratings = said.get("ratings") or []
        scope = said.get("scope")
        whom = alias(course.record, scope) if scope and scope != "self" else None
        statement = f"{said.get('statement', '')} ({whom})" if whom else str(said.get("statement", ""))
        now = ratings[-1]["value"] if ratings else None
        drawn.append(Goal(statement, said.get("baseline"), now, said.get("target")))
    if not drawn:
        return None
    moved = sum(goal.now is not None and goal.start is not None and goal.now > goal.start for goal in drawn)
    return goals(render(say("picture.goals", moved=moved, n=len(drawn))), drawn, width=520, id_prefix=prefix)
