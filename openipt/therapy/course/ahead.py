"""The way ahead of a course, as far as it may be shown, and what a finished course teaches those that come after it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

from openipt.therapy.course.expected import in_force
from openipt.therapy.course.state import Course, course_on
from openipt.therapy.forms import Form
from openipt.therapy.manuals import Manual
from openipt.therapy.progress import by_week, is_clinical
from openipt.therapy.record import Reading, Record

if TYPE_CHECKING:
    from openipt.therapy.progress import Expectation, Prediction

Weeks = dict[int, float]  # week since the first score -> score


@dataclass(frozen=True, slots=True)
class Ahead:
    """What may be shown of one course: the estimate, the score it starts from, and the outlook if there is one."""

    expectation: Expectation
    start: Reading
    prediction: Prediction | None


def ahead(manual: Manual, record: Record, today: date) -> Ahead | None:
    """Return what may be shown of the way ahead on a day. None before 100 finished local courses, and wherever the
    state table would not look at it: no start, a start outside the clinical range, no treatment.
    """
    course = course_on(manual, record, min(today, record.ended_on or today))
    expectation = in_force(record, course.form.id, course.today)
    start = course.baseline
    if expectation is None or start is None or not expectation.reference.shown or manual.purpose != "treatment":
        return None
    if is_clinical(start.value, course.form.change) is False:
        return None
    return Ahead(expectation, start, None if record.ended_on else _predicted(expectation, course, start))


def _predicted(expectation: Expectation, course: Course, start: Reading) -> Prediction | None:
    from openipt.therapy.progress import predict

    return predict(expectation.reference, _weeks(start, course.later), expectation.planned_week)


def finished_weeks(manual: Manual, record: Record) -> tuple[str, Weeks] | None:
    """Return what a finished course teaches: its measure, and week -> score from its start on.

    However it ended: leaving out those who stopped coming would promise too much to those who come. None where it still
    runs, where its start was not measured, and where nothing was measured after it.
    """
    if record.ended_on is None or manual.purpose != "treatment":
        return None
    course = course_on(manual, record, record.ended_on)
    if course.baseline is None:
        return None
    weeks = _weeks(course.baseline, course.later)
    return (course.form.id, weeks) if len(weeks) > 1 else None


def _weeks(start: Reading, later: Sequence[Reading]) -> Weeks:
    known = (start, *later)
    return by_week([(one.day - start.day).days for one in known], [one.value for one in known])


def hash_of_courses(manual: str, form: Form, courses: Sequence[Mapping[int, float]]) -> str:
    """Return the hash of what an expected course is learned from; the order of the courses does not matter."""
    plain = sorted(sorted([week, score] for week, score in one.items()) for one in courses)
    whole = json.dumps([manual, form.id, form.version, form.change.model_dump_json(), plain], separators=(",", ":"))
    return sha256(whole.encode()).hexdigest()
