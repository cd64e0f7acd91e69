"""The exact engine: any outcome over any named columns, at any times, with all that is unsure averaged over.

outcome = columns x effects + wandering + fresh noise. For each way of wandering and each stretch the posterior is a
t distribution in closed form (a conjugate linear model); their mixture, each weighted by its evidence, is the answer.
Nothing is drawn at random: the same input gives the same output. The formulas are those of docs/reference/insight.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import lgamma, log, pi

import numpy as np

from openipt.therapy.insight.filtering import whiten
from openipt.therapy.insight.mixture import Mixture
from openipt.therapy.insight.prior import Prior
from openipt.therapy.insight.student import Floats, Numbers


@dataclass(frozen=True, slots=True)
class Moments:
    """All that the data say: `products` (k, q+1, q+1) of the whitened [outcome | columns], `logdet` (k,), rows `n`."""

    products: Floats
    logdet: Floats
    n: int


@dataclass(frozen=True, slots=True)
class Posterior:
    """What is believed after the data: one t distribution for each part of the mixture, and how likely each part is."""

    weight: Floats  # (k,)
    location: Floats  # (k, q)
    shape: Floats  # (k, q, q), to be multiplied by `noise`
    noise: Floats  # (k,), noise variance
    nu: float
    log_evidence: float

    @property
    def noise_variance(self) -> float:
        """The noise variance, in squared units of the outcome."""
        return float(self.weight @ self.noise)

    def mean(self) -> Floats:
        """Return the mean of each effect, (q,)."""
        return np.asarray(self.weight @ self.location)

    def of(self, contrasts: Floats) -> Mixture:
        """Return the mixture of some sums of effects; `contrasts` is (c, q)."""
        spread = np.einsum("kcq,cq->ck", contrasts @ self.shape, contrasts) * self.noise
        return Mixture(self.weight, contrasts @ self.location.T, np.sqrt(spread), self.nu)


def moments(times: Floats, outcome: Floats, columns: Floats, prior: Prior, extra: Floats | None = None) -> Moments:
    """Sum up the data: times (n,), outcome (n,), columns (n, q), extra noise of single rows (n,) or None."""
    white = whiten(times, np.column_stack([outcome, columns]), prior.wanderings, extra)
    return Moments(white.rows.transpose(0, 2, 1) @ white.rows, white.logdet, len(times))


@dataclass(frozen=True, slots=True)
class Solved:
    """What does not depend on the outcome nor on the prior's means; a sceptical twin shares it."""

    shape: Floats  # (stretches, k, q, q)
    log_root: Floats  # (stretches, k)


def solve(data: Moments, prior: Prior) -> Solved:
    """Solve for the shape of every part of the posterior."""
    spread = prior_of(prior)[1]
    precision = np.linalg.inv(spread)[:, None] + data.products[:, 1:, 1:]
    dets = np.linalg.slogdet(spread)[1][:, None] + np.linalg.slogdet(precision)[1]
    return Solved(np.asarray(np.linalg.inv(precision), float), -0.5 * (data.logdet + dets))


def believe(data: Moments, prior: Prior, solved: Solved | None = None) -> Posterior:
    """Return the posterior of a prior after the data (a conjugate normal and inverse gamma model, averaged).

    `solved` may come from a prior that differs in its means only.
    """
    solved = solved or solve(data, prior)
    mean, shape = prior_of(prior)[0], solved.shape
    with_outcome, alone = _about(data, mean)
    moved = np.einsum("skij,kj->ski", shape, with_outcome)
    left = alone - np.einsum("ski,ki->sk", moved, with_outcome)
    a, b = prior.shape + data.n / 2, prior.rate + left / 2
    log_weight = solved.log_root + _log_prior(prior) - a * np.log(b)
    top = log_weight.max()
    weight = np.exp(log_weight - top)
    total, q = weight.sum(), len(mean)
    constant = prior.shape * log(prior.rate) + lgamma(a) - lgamma(prior.shape) - data.n / 2 * log(2 * pi)
    return Posterior(
        weight=(weight / total).ravel(),
        location=(mean + moved).reshape(-1, q),
        shape=shape.reshape(-1, q, q),
        noise=(b / a).ravel(),
        nu=2 * a,
        log_evidence=float(top + np.log(total)) + constant,
    )


def log_evidence(data: Moments, prior: Prior) -> float:
    """Return the log evidence of a prior: how well it foretold the data, as a log density."""
    return believe(data, prior).log_evidence


def prior_of(prior: Prior) -> tuple[Floats, Floats]:
    """Return the prior's means (q,) and covariances over the noise variance (stretches, q, q), in its column order."""
    mean = np.array([block.mean for block in prior.blocks for _ in block.columns])
    spread = np.zeros((len(prior.stretches), len(mean), len(mean)))
    for which, stretch in enumerate(prior.stretches):
        start = 0
        for block in prior.blocks:
            here = slice(start, start := start + len(block.columns))
            own = block.own * stretch if block.stretched else block.own
            spread[which, here, here] = block.shared**2 + own**2 * np.eye(len(block.columns))
    return mean, spread


def prior_variance(prior: Prior, contrasts: Floats) -> Floats:
    """Return the variance of sums of effects before any data, (c,), in squared units of the outcome."""
    spread = prior_of(prior)[1].mean(axis=0) * prior.rate / (prior.shape - 1)
    return np.asarray(np.einsum("cq,qr,cr->c", contrasts, spread, contrasts))


def matrix_of(columns: Mapping[str, Numbers], names: Sequence[str]) -> Floats:
    """Return named columns as one matrix (n, q) in the order of `names`."""
    return np.column_stack([np.asarray(columns[name], dtype=float) for name in names])


def _about(data: Moments, mean: Floats) -> tuple[Floats, Floats]:
    """Return the products of columns with (outcome - columns x mean), and of that with itself."""
    across, crossed, alone = data.products[:, 1:, 1:], data.products[:, 1:, 0], data.products[:, 0, 0]
    by_mean = across @ mean
    return crossed - by_mean, alone - 2 * crossed @ mean + by_mean @ mean


def _log_prior(prior: Prior) -> Floats:
    return np.log([noise.weight for noise in prior.wanderings]) - log(len(prior.stretches))
