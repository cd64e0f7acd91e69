"""Symptoms and life with people beside each other, as equals: what the course page shows of "is it working"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from openipt.pictures import Picture
from openipt.rooms.workspace.course.following import draw_following
from openipt.rooms.workspace.course.insight import names_of
from openipt.rooms.workspace.course.relations import Gains, Stuck, gains, stuck_goals
from openipt.rooms.workspace.courses import Course
from openipt.therapy.course.ahead import Ahead, ahead
from openipt.therapy.progress import half_up_pct
from openipt.therapy.words import Sentence, say

WIDE, NARROW = 560.0, 340.0


@dataclass(frozen=True, slots=True)
class Beside:
    """The scores over the course, what became of life with people, and goals that stay where they are."""

    gains: Gains
    stuck: tuple[Stuck, ...]
    wide: Picture | None
    narrow: Picture | None
    expected: tuple[Sentence, ...] = ()  # nothing before 100 finished local courses


def beside(course: Course, day: date) -> Beside:
    """Gather both sides as known in the course's record on a day.

    What the service expects of its courses is drawn and said only once it rests on 100 finished ones of this manual and
    measure; before that there is nothing of it to read.
    """
    record, manual = course.record, course.manual
    way = ahead(manual, record, day)
    return Beside(
        gains(manual, record, names_of(course)),
        stuck_goals(record),
        draw_following(record, manual, way=way, width=WIDE, prefix="wide"),
        draw_following(record, manual, way=way, width=NARROW, prefix="narrow"),
        _expected(way) if way else (),
    )


def _expected(way: Ahead) -> tuple[Sentence, ...]:
    """Say in words what the band shows: the outlook while the course runs, what the band is, and what it rests on."""
    band = say("gains.band", first=way.start.value, n=way.expectation.reference.courses)
    if way.prediction is None:
        return (band,)
    on = way.start.day + timedelta(days=7 * way.expectation.planned_week)
    p = half_up_pct(100 * way.prediction.p_no_reliable_improvement)
    return (say("progress.found.predicted", on=on, p=p), band)
