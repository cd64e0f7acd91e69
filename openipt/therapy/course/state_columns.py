"""The one state table for whole caseloads: courses with a session a week, judged at once as `state` judges each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openipt.therapy.course.state import IN_A_ROW, SILENT_SESSIONS
from openipt.therapy.forms import Form
from openipt.therapy.forms.definition import Limit
from openipt.therapy.forms.scales import meets
from openipt.therapy.manuals import Manual
from openipt.therapy.progress.columns import Ints, Predictions, predict_columns
from openipt.therapy.progress.expectation import ON_TRACK, WORSENED
from openipt.therapy.progress.measure import sign_of
from openipt.therapy.progress.reference import Floats, Reference, Truths
from openipt.therapy.progress.weeks import PLANNED_WEEK

STATES = ("worse", "ask", "off_track", "on_track", "early", "steady")
WORSE, ASK, OFF_TRACK, ON, EARLY, STEADY = range(6)

Codes = NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class _Courses:
    """Courses up to their own today: what was scored, and what the table asks of it."""

    scores: Floats  # (courses, weeks), NaN where there is none or it is still to come
    there: Truths
    today: Ints
    baseline: Floats
    latest: Floats
    latest_week: Ints  # -1 where nothing was scored


def states_of(
    form: Form,
    manual: Manual,
    scores: Floats,
    today: int | Ints,
    reference: Reference | None = None,
    planned_week: int | Ints = PLANNED_WEEK,
) -> Codes:
    """Judge many courses at once; each result is a place in `STATES`.

    A rise that a clinician confirmed after one reading is not known here.

    Args:
        form: The measure.
        manual: The treatment; its decision points and silent days hold.
        scores: (courses, weeks): the score of the session in each week, NaN where it gave none. Week 0 is session 1.
        today: The week to judge in, one for all or one a course. Later scores are not looked at.
        reference: The expected course; it counts only once it rests on 100 finished local courses.
        planned_week: The planned end, one for all or one a course.
    """
    courses = _gather(scores, today)
    found = _judged(form, manual, courses, _expected(reference, courses, planned_week))
    found[_asks(manual, courses)] = ASK
    found[_worse(form, courses)] = WORSE
    return found


def _gather(scores: Floats, today: int | Ints) -> _Courses:
    n, weeks = scores.shape
    now = np.broadcast_to(np.asarray(today, dtype=np.int64), (n,))
    week = np.arange(weeks)
    there = ~np.isnan(scores) & (week <= now[:, None])
    last = np.where(there, week, -1).max(axis=1, initial=-1)
    return _Courses(
        scores=np.where(there, scores, np.nan),
        there=there,
        today=now,
        baseline=np.where(there[:, 0], scores[:, 0], np.nan),
        latest=np.where(last >= 0, scores[np.arange(n), np.maximum(last, 0)], np.nan),
        latest_week=last,
    )


def _worse(form: Form, courses: _Courses) -> Truths:
    """A rise over the best score so far, at two readings in a row."""
    points = form.change.reliable
    if points is None:
        return np.zeros(len(courses.today), dtype=bool)
    high = np.where(courses.there, sign_of(form) * courses.scores, np.inf)
    best = np.minimum.accumulate(high, axis=1)
    best_before = np.concatenate([np.full((len(high), 1), np.inf), best[:, :-1]], axis=1)
    risen = courses.there & (np.where(courses.there, high, -np.inf) >= best_before + points)
    later = courses.there.copy()
    later[:, 0] = False
    from_the_end = np.cumsum(later[:, ::-1], axis=1)[:, ::-1]
    last = later & (from_the_end <= IN_A_ROW)
    twice: Truths = (last.sum(axis=1) == IN_A_ROW) & (risen | ~last).all(axis=1)
    return twice


def _asks(manual: Manual, courses: _Courses) -> Truths:
    held = courses.today + 1
    silent = courses.today - courses.latest_week
    by_sessions = (held >= SILENT_SESSIONS) & (silent >= SILENT_SESSIONS)
    since = courses.today - np.maximum(courses.latest_week, 0)
    asks: Truths = by_sessions | (7 * since >= manual.silent_days)
    return asks


def _judged(form: Form, manual: Manual, courses: _Courses, expected: Predictions | None) -> Codes:
    change = form.change
    treats = manual.purpose == "treatment"
    healthy = _meets(change.recovery, courses.latest)
    began_healthy = _meets(change.recovery, courses.baseline)
    remission = _meets(change.remission, courses.latest)
    due, failed = _points(form, manual, courses)
    off_track = ~healthy & due & failed
    held = healthy | due
    if expected is not None:
        with np.errstate(invalid="ignore"):
            worsened = expected.p_no_reliable_improvement - expected.p_from_start >= WORSENED
            doubtful = expected.p_no_reliable_improvement > ON_TRACK
        off_track |= ~healthy & (expected.twice_far_off | worsened)
        held &= ~doubtful
    found = np.where(off_track, OFF_TRACK, np.where(held, ON, EARLY))
    steady = began_healthy | (not treats)
    no_start = np.isnan(courses.baseline)
    found = np.where(steady, STEADY, found)
    found = np.where(no_start, np.where(remission, ON, EARLY) if treats else STEADY, found)
    return np.where(courses.latest_week < 0, EARLY, found).astype(np.int8)


def _meets(limit: Limit | None, values: Floats) -> Truths:
    """Whether values lie where a limit says; nowhere without a limit or a value."""
    if limit is None:
        return np.zeros(len(values), dtype=bool)
    test: Callable[[Floats], Truths] = meets(limit)  # type: ignore[assignment]
    with np.errstate(invalid="ignore"):
        return test(values) & ~np.isnan(values)


def _points(form: Form, manual: Manual, courses: _Courses) -> tuple[Truths, Truths]:
    """Whether a decision point fell due, and whether the rule of the last one that did has failed."""
    due = np.zeros(len(courses.today), dtype=bool)
    failed = due.copy()
    for day, hoped in _due_days(manual):
        known = _known_by(courses, day // 7)
        with np.errstate(divide="ignore", invalid="ignore"):
            fall = sign_of(form) * 100 * (courses.baseline - known) / courses.baseline
            short = (courses.baseline != 0) & (fall < hoped)
        now = day <= 7 * courses.today
        due |= now
        failed = np.where(now, short, failed)
    return due, failed


def _due_days(manual: Manual) -> list[tuple[int, float]]:
    """The days on which rules fall due with a session a week, in order, each with the change it hopes for."""
    found = []
    for point in manual.decision_points:
        days = [7 * (point.due.session - 1)] if isinstance(point.due.session, int) else []
        days += [point.due.day] if point.due.day is not None else []
        if point.fall_pct is not None and days:
            found.append((min(days), point.fall_pct))
    return sorted(found)


def _known_by(courses: _Courses, week: int) -> Floats:
    """The newest score of a week or before."""
    weeks = np.arange(courses.scores.shape[1])
    last = np.where(courses.there & (weeks <= week), weeks, 0).max(axis=1, initial=0)
    known: Floats = courses.scores[np.arange(len(last)), last]
    return known


def _expected(reference: Reference | None, courses: _Courses, planned_week: int | Ints) -> Predictions | None:
    if reference is None or not reference.shown:
        return None
    return predict_columns(reference, courses.scores, planned_week)
