"""A service's own expected course: estimated from its finished courses, blended with the default by their number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from openipt.therapy.forms import Form
from openipt.therapy.progress.reference import Floats, Reference, Truths, default_reference, made
from openipt.therapy.progress.weeks import PLANNED_WEEK

HALF_WAY = 100  # so many courses weigh as much as the default
ALONE = 500  # above so many the default is dropped
MOST_ROUNDS = 200
NO_SPREAD = 1e-10  # of the largest variance: less is none
CLOSE = 1e-6  # points; a round that moves nothing further is the last


def weekly(courses: Iterable[Mapping[int, float]], weeks: int) -> Floats:
    """Lay courses (week -> score) out as rows (courses, weeks + 1), NaN where a week has no score.

    A course without its first score, or with nothing after it, says nothing about change and is left out.
    """
    usable = [course for course in courses if 0 in course and any(0 < week <= weeks for week in course)]
    rows = np.full((len(usable), weeks + 1), np.nan)
    for row, course in zip(rows, usable, strict=True):
        for week, score in course.items():
            if week <= weeks:
                row[week] = score
    return rows


def local_reference(
    form: Form, courses: Iterable[Mapping[int, float]], weeks: int = PLANNED_WEEK + 2
) -> Reference | None:
    """Estimate the expected course of a service from its finished courses of one manual and one measure.

    The mean and covariance are w x local + (1 - w) x default with w = n / (n + 100); above 500 courses the default is
    dropped. None where the measure has no default to begin with.

    Args:
        form: The measure.
        courses: Finished courses, each week -> score, week 0 the baseline.
        weeks: The last week to estimate.
    """
    default = default_reference(form, weeks)
    rows = weekly(courses, weeks)
    if default is None or len(rows) == 0:
        return default
    mean, cov = fit_normal(rows, default.mean, default.cov)
    share = 1.0 if len(rows) > ALONE else len(rows) / (len(rows) + HALF_WAY)
    return made(
        form,
        share * mean + (1 - share) * default.mean,
        share * cov + (1 - share) * default.cov,
        courses=len(rows),
    )


def fit_normal(rows: Floats, mean: Floats, cov: Floats, rounds: int = MOST_ROUNDS) -> tuple[Floats, Floats]:
    """Return the maximum-likelihood mean and covariance of rows with gaps, by EM (Dempster, Laird and Rubin 1977).

    Args:
        rows: (n, weeks), NaN where missing; missing must not depend on what is missing.
        mean: Where to begin, (weeks,). A week that nobody has keeps its regression on the others from here.
        cov: Where to begin, (weeks, weeks).
        rounds: The most rounds.
    """
    there = ~np.isnan(rows)
    patterns, which, count = np.unique(there, axis=0, return_inverse=True, return_counts=True)
    known = np.where(there, rows, 0.0)
    for _ in range(rounds):
        pulls, left = _given_the_seen(patterns, cov)
        off = np.where(there, known - mean, 0.0)
        filled = np.where(there, off, np.einsum("nw,nwv->nv", off, pulls[which.ravel()]))
        shift = filled.mean(axis=0)
        spread = (filled.T @ filled + np.einsum("p,pwv->wv", count, left)) / len(rows) - np.outer(shift, shift)
        moved = max(np.abs(shift).max(), np.abs(spread - cov).max())
        mean, cov = mean + shift, (spread + spread.T) / 2
        if moved < CLOSE:
            break
    return mean, cov


def _given_the_seen(patterns: Truths, cov: Floats) -> tuple[Floats, Floats]:
    """For each pattern of gaps: how every week follows from the weeks seen, and the covariance that is left in gaps."""
    weeks = np.arange(len(cov))
    among = np.where(patterns[:, :, None] & patterns[:, None, :], cov, 0.0)
    # Few courses, or all with one first score, leave no spread in some direction: then nothing pulls along it.
    among[:, weeks, weeks] += np.where(patterns, NO_SPREAD * cov.max(), 1.0)
    toward = np.where(patterns[:, :, None], cov, 0.0)
    pulls = np.linalg.solve(among, toward)
    gaps = ~patterns[:, :, None] & ~patterns[:, None, :]
    return pulls, np.where(gaps, cov - toward.transpose(0, 2, 1) @ pulls, 0.0)
