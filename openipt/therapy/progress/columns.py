"""The same predictions for whole caseloads at once: rows of weekly scores in, columns of results out."""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
from numpy.typing import NDArray

from openipt.therapy.progress.expectation import WORST_15
from openipt.therapy.progress.reference import Floats, Reference, Truths
from openipt.therapy.progress.weeks import PLANNED_WEEK

Ints = NDArray[np.int64]

_AT_ONCE = 4096  # patterns solved together: small enough to stay in memory that is near
_WEEKS_IN_A_KEY = 40  # so many gaps and a week fit into one whole number


@dataclass(frozen=True, eq=False)
class Predictions:
    """One value a course. NaN where nothing can be predicted: no baseline, or the planned end has been reached."""

    mean: Floats  # not held inside the scale
    sd: Floats
    p_no_reliable_improvement: Floats
    p_from_start: Floats
    twice_far_off: Truths  # the last two readings lie in the worst 15 % expected for this start


def predict_columns(reference: Reference, scores: Floats, planned_week: int | Ints = PLANNED_WEEK) -> Predictions:
    """Predict many courses at once, the same as `predict` row for row.

    Args:
        reference: What they are held against.
        scores: (courses, weeks), in points, NaN where a week has no score; column 0 is the baseline.
        planned_week: Of the planned end: one for all, or one a course.

    Raises:
        ValueError: More weeks than the reference knows, or a planned end beyond them.
    """
    n, weeks = scores.shape
    planned = np.broadcast_to(np.asarray(planned_week, dtype=np.int64), (n,))
    if weeks > reference.last_week + 1 or (n and planned.max() > reference.last_week):
        raise ValueError(f"weeks beyond {reference.last_week}; expected scores and planned ends inside the reference")
    there = ~np.isnan(scores)
    off = np.where(there, scores - reference.mean[:weeks], 0.0)
    mean, sd = _conditional(reference, there, off, planned)
    baseline = scores[:, 0] if weeks else np.full(n, np.nan)
    start_mean = reference.mean[planned] + np.asarray(reference.slope)[planned] * off[:, 0]
    ended = (there & (np.arange(weeks) >= planned[:, None])).any(axis=1)
    unknown = ended | np.isnan(baseline)
    mean, sd = np.where(unknown, np.nan, mean), np.where(unknown, np.nan, sd)
    return Predictions(
        mean=mean,
        sd=sd,
        p_no_reliable_improvement=_p(reference, baseline, mean, sd),
        p_from_start=_p(reference, baseline, start_mean, np.asarray(reference.spread)[planned]),
        twice_far_off=_twice_far_off(reference, there, scores, baseline),
    )


def _conditional(reference: Reference, there: Truths, off: Floats, planned: Ints) -> tuple[Floats, Floats]:
    """Mean and sd of the planned week. Courses with the same gaps and end share their weights, solved once."""
    weeks = there.shape[1]
    first, which = _alike(there, planned)
    weights, left = np.empty((len(first), weeks)), np.empty(len(first))
    for start in range(0, len(first), _AT_ONCE):
        some = first[start : start + _AT_ONCE]
        weights[start : start + _AT_ONCE], left[start : start + _AT_ONCE] = _weights(
            reference, there[some], planned[some]
        )
    mean = reference.mean[planned] + np.einsum("ij,ij->i", off, weights[which])
    return mean, np.sqrt(np.clip(left, 0, None))[which]


def _alike(there: Truths, planned: Ints) -> tuple[Ints, Ints]:
    """The first course of each kind (gaps and planned end), and the kind of each course."""
    if there.shape[1] <= _WEEKS_IN_A_KEY:
        keys = there @ (1 << np.arange(there.shape[1], dtype=np.int64)) * (int(planned.max(initial=0)) + 1) + planned
        _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    else:
        rows = np.column_stack([there, planned])
        _, first, which = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    return first, which.ravel()


def _weights(reference: Reference, there: Truths, planned: Ints) -> tuple[Floats, Floats]:
    weeks = there.shape[1]
    # A missing week becomes a variable of its own that pulls on nothing.
    both = there[:, :, None] & there[:, None, :]
    among = np.where(both, reference.cov[:weeks, :weeks], 0.0)
    among[:, np.arange(weeks), np.arange(weeks)] += ~there
    toward = np.where(there, reference.cov[planned, :weeks], 0.0)
    weights = np.linalg.solve(among, toward[:, :, None])[:, :, 0]
    return weights, reference.cov[planned, planned] - np.einsum("ij,ij->i", weights, toward)


def _p(reference: Reference, baseline: Floats, mean: Floats, sd: Floats) -> Floats:
    room = reference.sign * (baseline - mean) - reference.reliable + reference.step / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(sd > 0, room / sd, np.where(room >= 0, np.inf, -np.inf)) / sqrt(2)
    z = np.where(np.isnan(room), np.nan, z)
    return 0.5 * np.fromiter(map(erfc, z.tolist()), dtype=float, count=len(z))


def _twice_far_off(reference: Reference, there: Truths, scores: Floats, baseline: Floats) -> Truths:
    weeks = there.shape[1]
    expected = reference.mean[:weeks] + np.asarray(reference.slope[:weeks]) * (baseline - reference.mean[0])[:, None]
    over = reference.sign * (scores - expected) >= WORST_15 * np.asarray(reference.spread[:weeks])
    later = there.copy()
    later[:, :1] = False
    nth_last = np.cumsum(later[:, ::-1], axis=1)[:, ::-1]  # 1 for the last reading, 2 for the one before
    last_two = later & (nth_last <= 2)
    enough: Truths = (later.sum(axis=1) >= 2) & (over | ~last_two).all(axis=1)
    return enough
