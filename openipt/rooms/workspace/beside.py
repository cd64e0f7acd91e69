"""Symptoms and life with people beside each other, as equals: what the course page shows of "is it working"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openipt.pictures import Picture
from openipt.rooms.workspace.courses import Course
from openipt.rooms.workspace.following import draw_following
from openipt.rooms.workspace.insight import names_of
from openipt.rooms.workspace.relations import Gains, Stuck, gains, stuck_goals

if TYPE_CHECKING:
    from openipt.therapy.progress import Reference

WIDE, NARROW = 560.0, 340.0


@dataclass(frozen=True, slots=True)
class Beside:
    """The scores over the course, what became of life with people, and goals that stay where they are."""

    gains: Gains
    stuck: tuple[Stuck, ...]
    wide: Picture | None
    narrow: Picture | None


def beside(course: Course, reference: Reference | None = None) -> Beside:
    """Gather both sides as known in the course's record.

    Args:
        course: As known on a day.
        reference: The expected course of this service for this manual and measure. It is drawn only once it rests on
            100 finished local courses.
    """
    record, manual = course.record, course.manual
    return Beside(
        gains(manual, record, names_of(course)),
        stuck_goals(record),
        draw_following(record, manual, reference=reference, width=WIDE, prefix="wide"),
        draw_following(record, manual, reference=reference, width=NARROW, prefix="narrow"),
    )
