"""The story of one course as it was known at a moment: everything the page shows, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from openipt.exchange.drawing import draw_circle
from openipt.pictures import Picture
from openipt.rooms.filling.called import field_name
from openipt.rooms.workspace.caring.told import Carer, Medicine, carers, medicines
from openipt.rooms.workspace.course.drawing import draw_goals, draw_ring, draw_timeline
from openipt.rooms.workspace.courses import Course
from openipt.therapy.course import (
    AreaEvidence,
    Closing,
    GateState,
    PointDue,
    Position,
    State,
    closing,
    decision_points,
    ending_begun,
    evidence_for_areas,
    gates,
    state,
    where,
)
from openipt.therapy.course.state import course_on, rise_to_ask_about
from openipt.therapy.forms import has_form, open_form
from openipt.therapy.progress import progress
from openipt.therapy.record import Entry, alias
from openipt.therapy.words import Sentence
from openipt.therapy.writing import summary
from openipt.therapy.writing.note import NotePart
from openipt.therapy.writing.summary import change_sentence


@dataclass(frozen=True, slots=True)
class Boundary:
    """A boundary with one person: how it is said, and what follows if it is crossed."""

    with_whom: str | None
    said: dict[str, Any]


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure beside the others: start, now, and what that means in words."""

    name: str
    form: str
    first: float
    first_on: date
    last: float
    last_on: date
    words: Sentence


@dataclass(frozen=True, slots=True)
class Story:
    """What the course page shows."""

    course: Course
    on: date
    position: Position
    ring: Picture
    state: State
    rose: Sentence | None  # worse than it was, or a rise that nobody has asked about
    formulation: dict[str, Any]
    summary: tuple[NotePart, ...]
    timeline: Picture | None
    timeline_narrow: Picture | None
    circle: Picture | None
    goals: Picture | None
    boundaries: tuple[Boundary, ...]
    measures: tuple[MeasureRow, ...]
    decisions: tuple[PointDue, ...]
    medicines: tuple[Medicine, ...]
    carers: tuple[Carer, ...]
    evidence: tuple[AreaEvidence, ...]
    gates: tuple[GateState, ...]
    closing: Closing
    ending_begun: Sentence | None
    sheets: tuple[tuple[str, Entry], ...]


def story(course: Course, day: date) -> Story:
    """Gather the story of a course as it is known in its record on a day."""
    record, manual = course.record, course.manual
    here = where(manual, record, day)
    now = state(manual, record, day)
    return Story(
        course=course,
        on=day,
        position=here,
        ring=draw_ring(here.held, here.planned, "head"),
        state=now,
        rose=now.why if now.id == "worse" else _rise(course, day),
        formulation=record.says("formulation"),
        summary=summary(manual, record, day, people=True),
        timeline=draw_timeline(course, "wide", 1100),
        timeline_narrow=draw_timeline(course, "narrow", 358),
        circle=draw_circle(course.record, "circle"),
        goals=draw_goals(course, "goals"),
        boundaries=tuple(_boundaries(course)),
        measures=tuple(_measures(course)),
        decisions=decision_points(manual, record, day),
        medicines=tuple(medicines(record)),
        carers=tuple(carers(record)),
        evidence=evidence_for_areas(manual, record, day),
        gates=gates(manual, record, day),
        closing=closing(manual, record, day),
        ending_begun=ending_begun(manual, record, day),
        sheets=tuple(_sheets(course)),
    )


def _rise(course: Course, day: date) -> Sentence | None:
    if course.record.ended_on:
        return None
    return rise_to_ask_about(course.record, course_on(course.manual, course.record, day))


def _boundaries(course: Course) -> list[Boundary]:
    sheets = [course.record.says("goals-and-boundaries", thing.id) for thing in course.record.goals]
    return [
        Boundary(alias(course.record, said.get("scope")), said["boundary"]) for said in sheets if said.get("boundary")
    ]


def _measures(course: Course) -> list[MeasureRow]:
    rows = []
    for name in dict.fromkeys(entry.form for entry in course.record.entries):
        if not has_form(name):
            continue
        form = open_form(name)
        readings = course.record.readings(name) if form.primary else ()
        made = progress(form, [reading.value for reading in readings])
        if made and made.n > 1:
            first, last = readings[0], readings[-1]
            words = change_sentence(form.name, made)
            rows.append(MeasureRow(form.name, form.id, first.value, first.day, last.value, last.day, words))
    return rows


def _sheets(course: Course) -> list[tuple[str, Entry]]:
    """Return the worksheets with content, newest first, under their titles; what has its own place is left out."""
    elsewhere = {
        "session-record",
        "between-session-step",
        "interpersonal-inventory",
        "timeline",
        "goals-and-boundaries",
        "mood-diary",
    }
    found = []
    for entry in sorted(course.record.entries, key=lambda one: one.happened_at, reverse=True):
        if entry.kind == "answers" and entry.form not in elsewhere and has_form(entry.form):
            form = open_form(entry.form)
            if form.kind == "worksheet":
                found.append((field_name(form), entry))
    return found
