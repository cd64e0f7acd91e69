"""What is due: measures, decisions, reviews, steps. Each with its reason, and whether it must be asked on paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Literal

from openipt.therapy.course.beside import agreed
from openipt.therapy.course.gates import gates
from openipt.therapy.course.meetings import meetings
from openipt.therapy.course.points import points_fallen
from openipt.therapy.course.position import contracted, planned_sessions, undone, where
from openipt.therapy.forms import Form, open_form
from openipt.therapy.manuals import Manual, open_task
from openipt.therapy.manuals.definition import Measure
from openipt.therapy.record import Record, alias, focus, focus_people, recovery, step_after
from openipt.therapy.words import Sentence, say


@dataclass(frozen=True, slots=True)
class DueItem:
    """One thing that is due on a day."""

    id: str  # the form, decision point, task, step, meeting or phase
    kind: Literal["measure", "decision", "review", "step", "meeting", "phase"]
    why: Sentence
    on: date | None = None
    overdue: bool = False
    on_paper: bool = False  # its words are not on this shelf: ask on paper
    about: str | None = None


def due(manual: Manual, record: Record, today: date) -> tuple[DueItem, ...]:
    """Return what is due for the session that comes next on a day, the decisions first."""
    return (
        *_decisions(manual, record, today),
        *_reviews(record, today),
        *_phase_that_goes_on(manual, record, today),
        *_steps(record),
        *_measures(manual, record, today),
        *_meetings(manual, record, today),
    )


def measures_due(manual: Manual, record: Record, today: date) -> tuple[DueItem, ...]:
    """Return the questionnaires alone that are due for the session that comes next on a day."""
    return tuple(_measures(manual, record, today))


def available(measure: Measure, record: Record) -> tuple[Form, bool]:
    """Return the form that measures a construct in this course, and whether it has to be asked on paper.

    A form already in use in the course goes on; else the first whose words are on the shelf; else the first, on paper.
    """
    forms = [open_form(name) for name in measure.first_of]
    for form in forms:
        if record.of(form.id):
            return form, not form.may_ship
    for form in forms:
        if form.may_ship:
            return form, False
    return forms[0], True


def _decisions(manual: Manual, record: Record, today: date) -> Iterator[DueItem]:
    number = where(manual, record, today).number
    found = {point.point.id: point for point in points_fallen(manual, record, today)}
    for point in manual.decision_points:
        now = found.get(point.id)
        if now and now.recorded is None:
            yield DueItem(point.id, "decision", say("due.decision", point=point.label, on=now.on), now.on, now.overdue)
        elif now is None and not point.raised_if:
            last = planned_sessions(manual, record) if point.due.session == "last" else point.due.session
            if last == number:
                yield DueItem(point.id, "decision", say("due.decision_today", point=point.label), today)


def _reviews(record: Record, today: date) -> Iterator[DueItem]:
    resting = recovery(record)
    if resting and not resting.ended and resting.until and resting.until <= today:
        yield DueItem(
            "INI.04", "review", say("due.recovery", until=resting.until), resting.until, resting.until < today
        )


def _phase_that_goes_on(manual: Manual, record: Record, today: date) -> Iterator[DueItem]:
    """Say what a phase still waits for that goes on beyond its range."""
    here = where(manual, record, today)
    last = manual.ranges(contracted(manual, record)).get(here.phase.id, (0, here.number))[1]
    if here.number > last and (waiting := undone(here.phase, record)):
        names = tuple(open_task(task).name for task in waiting)
        yield DueItem(here.phase.id, "phase", say("due.phase", phase=here.phase.label, what=names))


def _steps(record: Record) -> Iterator[DueItem]:
    held = record.held()
    step = step_after(record, held[-1]) if held else None
    if step is not None:
        yield DueItem(
            step.about or step.id, "step", say("due.step", text=step.answers.get("text") or ""), about=step.about
        )


def _measures(manual: Manual, record: Record, today: date) -> Iterator[DueItem]:
    number = where(manual, record, today).number
    planned = contracted(manual, record)
    for measure in (*manual.measures, *_beside(manual, record, today)):
        why = _reason(measure, number, planned)
        if why is None or (measure.areas and not set(measure.areas) & set(focus(record))):
            continue
        form, on_paper = available(measure, record)
        if measure.per == "focus_person":
            for person in focus_people(record):
                living = record.says("interpersonal-inventory", person).get("status") != "deceased"
                if living and not _answered(record, form, today, person):
                    about = say("due.about", why=why, person=alias(record, person))
                    yield DueItem(form.id, "measure", about, today, on_paper=on_paper, about=person)
        elif not _answered(record, form, today):
            yield DueItem(form.id, "measure", why, today, on_paper=on_paper)


def _beside(manual: Manual, record: Record, today: date) -> tuple[Measure, ...]:
    """What an agreed add-on watches, once its gate is open; a form of the manual's own is not asked twice."""
    open_gates = {gate.id for gate in gates(manual, record, today) if gate.open} if agreed(record) else set()
    own = {form for measure in manual.measures for form in measure.first_of}
    return tuple(
        measure
        for one in agreed(record)
        if one.gate in open_gates
        for measure in one.measures
        if not own & set(measure.first_of)
    )


def _meetings(manual: Manual, record: Record, today: date) -> Iterator[DueItem]:
    for one in meetings(manual, record, today):
        yield DueItem(one.meeting.id, "meeting", one.why)


def _answered(record: Record, form: Form, today: date, about: str | None = None) -> bool:
    return any(entry.happened_at.date() == today for entry in record.of(form.id, about))


def _reason(measure: Measure, number: int, planned: int) -> Sentence | None:
    """Say why a measure is due at a session, or None."""
    if measure.every == 1:
        return say("due.every_session")
    if measure.every and number % measure.every == 0:
        return say("due.every", n=measure.every)
    if number in measure.sessions:
        return say("due.session", n=number)
    places = {"start": 1, "middle": ceil(planned / 2), "end": planned}
    for place in measure.at:
        if number == places[place]:
            return say(f"due.{place}")
    return None
