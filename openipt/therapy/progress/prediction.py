"""Where a course is going: the expected course of people who started alike, and the outlook for the planned end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np

from openipt.therapy.progress.reference import Reference
from openipt.therapy.progress.weeks import PLANNED_WEEK

BAND_80 = 1.2816  # standard deviations to each side


@dataclass(frozen=True, slots=True)
class Prediction:
    """The outlook for a week, from all weeks observed so far."""

    week: int
    mean: float  # held inside the scale, as it is displayed
    sd: float
    p_no_reliable_improvement: float
    shown: bool  # whether anybody may see it: only after 100 finished local courses
    reference: str


@dataclass(frozen=True, slots=True)
class Expected:
    """The expected course given the first score only: one value a week from week 0, with the 80 % band."""

    mean: tuple[float, ...]
    sd: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    shown: bool
    reference: str


def normal_cdf(z: float) -> float:
    """Return the share of a standard normal distribution below z."""
    return 0.5 * erfc(-z / sqrt(2))


def p_no_improvement(reference: Reference, baseline: float, mean: float, sd: float) -> float:
    """Return the probability that a course ends without reliable improvement (INSIGHT 2.2).

    1 - cdf((baseline - reliable + half a step - mean) / sd): a score moves in whole steps, and half of one is the
    border between reaching the threshold and not.
    """
    room = reference.sign * (baseline - mean) - reference.reliable + reference.step / 2
    if sd <= 0:
        return 0.0 if room >= 0 else 1.0
    return 1 - normal_cdf(room / sd)


def predict(reference: Reference, scores: Mapping[int, float], planned_week: int = PLANNED_WEEK) -> Prediction | None:
    """Predict the score of the planned end from the weeks observed, week -> score; week 0 is the baseline.

    None without a baseline, where the planned end is not in the reference, and once it has been reached.
    """
    known = {week: score for week, score in scores.items() if week <= reference.last_week}
    if 0 not in known or planned_week > reference.last_week or max(scores) >= planned_week:
        return None
    weeks = sorted(known)
    mean, sd = _at(reference, weeks, [known[week] for week in weeks], planned_week)
    return Prediction(
        week=planned_week,
        mean=min(max(mean, reference.low), reference.high),
        sd=sd,
        p_no_reliable_improvement=p_no_improvement(reference, known[0], mean, sd),
        shown=reference.shown,
        reference=reference.version,
    )


def _at(reference: Reference, weeks: list[int], scores: list[float], week: int) -> tuple[float, float]:
    """Mean and sd of one week given others, without the covariances of all the rest."""
    toward = reference.cov[weeks, week]
    pull = np.linalg.solve(reference.cov[np.ix_(weeks, weeks)], toward)
    mean = reference.mean[week] + pull @ (np.array(scores) - reference.mean[weeks])
    return float(mean), sqrt(max(float(reference.cov[week, week] - pull @ toward), 0.0))


def p_from_start(reference: Reference, baseline: float, planned_week: int = PLANNED_WEEK) -> float | None:
    """Return the probability of no reliable improvement that the first score alone gives."""
    if planned_week > reference.last_week:
        return None
    mean, sd = reference.from_start(baseline, planned_week), reference.spread[planned_week]
    return p_no_improvement(reference, baseline, mean, sd)


def expected_course(reference: Reference, baseline: float, last_week: int | None = None) -> Expected:
    """Return the curve and the 80 % band that people with this first score are expected to follow, up to a week."""

    def inside(value: float) -> float:
        return min(max(value, reference.low), reference.high)

    end = reference.last_week if last_week is None else min(last_week, reference.last_week)
    mean = [reference.from_start(baseline, week) for week in range(end + 1)]
    pairs = list(zip(mean, reference.spread[: end + 1], strict=True))
    return Expected(
        mean=tuple(mean),
        sd=tuple(sd for _, sd in pairs),
        low=tuple(inside(value - BAND_80 * sd) for value, sd in pairs),
        high=tuple(inside(value + BAND_80 * sd) for value, sd in pairs),
        shown=reference.shown,
        reference=reference.version,
    )
