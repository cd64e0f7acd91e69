"""Answers at an end of the scale: a mood of 10 says "9.5 or more". Each becomes a milder answer with noise of its own.

The likelihood of such a row is replaced by a normal one with the moments of the truncated normal (moment matching, as
in expectation propagation: Minka 2001), a few times over, because its place depends on what all the others say.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, exp, pi, sqrt

import numpy as np

from openipt.therapy.insight.engine import Moments, Posterior, believe, moments, solve
from openipt.therapy.insight.prior import Prior
from openipt.therapy.insight.student import Floats

PASSES = 3
_KEPT = 0.3  # of the last pass, from the second on: keeps the rows from swinging
_FARTHEST = 8.0  # sd; beyond it the tail of a normal is too thin to be computed
_LEAST = 1e-3  # share of a whole row that a row at the end still counts for


@dataclass(frozen=True, slots=True)
class Fitted:
    """The data as they were used in the end, and what is believed after them."""

    data: Moments
    posterior: Posterior
    at_ends: int


def fitted(times: Floats, outcome: Floats, columns: Floats, prior: Prior) -> Fitted:
    """Fit; where an outcome lies at an end of the scale, look again three times at what it may stand for."""
    at_ends = ends_of(outcome, prior)
    rows = np.flatnonzero(at_ends)
    data = moments(times, outcome, columns, prior)
    posterior = believe(data, prior)
    if not len(rows):
        return Fitted(data, posterior, 0)
    softened, extra = outcome.copy(), np.zeros(len(outcome))
    for turn in range(PASSES):
        kept = _KEPT if turn else 0.0
        expected, noise = columns[rows] @ posterior.mean(), posterior.noise_variance
        milder = [_milder(*row, noise, prior) for row in zip(expected, at_ends[rows], strict=True)]
        value, variance = np.array(milder).T
        softened[rows] = kept * softened[rows] + (1 - kept) * value
        extra[rows] = kept * extra[rows] + (1 - kept) * variance / noise
        data = moments(times, softened, columns, prior, extra)
        posterior = believe(data, prior)
    return Fitted(data, posterior, len(rows))


def fitted_twins(
    times: Floats, outcome: Floats, columns: Floats, prior: Prior, sceptical: Prior
) -> tuple[Fitted, Fitted]:
    """Fit under a prior and under its sceptical twin, which differs from it in its means only."""
    if ends_of(outcome, prior).any():
        return fitted(times, outcome, columns, prior), fitted(times, outcome, columns, sceptical)
    data = moments(times, outcome, columns, prior)
    solved = solve(data, prior)
    return Fitted(data, believe(data, prior, solved), 0), Fitted(data, believe(data, sceptical, solved), 0)


def ends_of(outcome: Floats, prior: Prior) -> Floats:
    """Return -1 for each row at the lowest value of the scale, 1 at the highest, 0 between."""
    if prior.ends is None:
        return np.zeros(len(outcome))
    low, high = prior.ends
    return (outcome >= high).astype(float) - (outcome <= low)


def _milder(expected: float, end: float, noise: float, prior: Prior) -> tuple[float, float]:
    """Return the normal stand-in (value, variance) of an answer at an end, seen from what was expected of its row."""
    low, high = prior.ends or (0.0, 0.0)
    cut = high - prior.step / 2 if end > 0 else low + prior.step / 2
    mean, variance = truncated_moments(end * expected, noise, end * cut)
    value_weight = max(1 / variance - 1 / noise, _LEAST / noise)
    stand_in = 1 / value_weight
    return float(stand_in * (end * mean / variance - expected / noise)), float(stand_in)


def truncated_moments(mean: float, variance: float, least: float) -> tuple[float, float]:
    """Return mean and variance of a normal variable that is known to be at least `least`."""
    sd = sqrt(variance)
    cut = min(max((least - mean) / sd, -_FARTHEST), _FARTHEST)
    hazard = exp(-cut * cut / 2) / sqrt(2 * pi) / (erfc(cut / sqrt(2)) / 2)
    return mean + sd * hazard, variance * (1 - hazard * (hazard - cut))
