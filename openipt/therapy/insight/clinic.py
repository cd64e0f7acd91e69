"""What a clinic's earlier clients say about the next one: five numbers, learned from how well they foretell diaries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import exp, log

from openipt.therapy.insight.engine import log_evidence
from openipt.therapy.insight.fitting import Fit
from openipt.therapy.insight.prior import DEFAULT, Belief, Block, Prior
from openipt.therapy.insight.result import MODEL_VERSION
from openipt.therapy.insight.simplex import Point, least
from openipt.therapy.insight.status import LEAST_ENTRIES

LEAST_CLIENTS = 20
MOST_EVALUATIONS = 120
_SPREAD = (0.3, 0.7, 0.7, 0.1, 0.6)  # sd of the hyper-prior around the defaults
_LEAST_SHARED, _LEAST_OWN = 0.10, 0.15


def clinic_prior(fits: Iterable[Fit], *, most: int = MOST_EVALUATIONS) -> Belief:
    """Learn the prior of the people view from fits of earlier clients who agreed to it (INSIGHT 1.7).

    Args:
        fits: One fit of the people view a client; those with fewer than 14 entries are left aside.
        most: How many priors are tried.

    Raises:
        ValueError: Fewer than 20 clients are left, or a fit is not of the people view.
    """
    used = [one for one in fits if one.n >= LEAST_ENTRIES]
    if len(used) < LEAST_CLIENTS:
        raise ValueError(
            f"{len(used)} clients with {LEAST_ENTRIES} entries or more; expected at least {LEAST_CLIENTS}: "
            "keep to the defaults until then"
        )
    if any(not any(block.name == "same" for block in one.prior.blocks) for one in used):
        raise ValueError("a fit holds no contact with anybody; expected fits of the people view")
    best, _ = least(lambda point: -_worth(point, used), _point(DEFAULT), [sd / 2 for sd in _SPREAD], most)
    return replace(_belief(best), clients=len(used), version=MODEL_VERSION)


def with_belief(prior: Prior, belief: Belief) -> Prior:
    """Return a prior of the people view with other beliefs."""
    return replace(prior, blocks=tuple(_told(block, belief) for block in prior.blocks), rate=prior.shape * belief.noise)


def _told(block: Block, belief: Belief) -> Block:
    if block.name == "same":
        return replace(block, mean=belief.same_mean, shared=belief.same_shared, own=belief.same_own)
    return replace(block, mean=belief.lag_mean) if block.name == "lag" else block


def _worth(point: Point, fits: Sequence[Fit]) -> float:
    """Return the log evidence of all clients together, and of the point under the hyper-prior."""
    belief = _belief(point)
    off = sum(((x - x0) / sd) ** 2 for x, x0, sd in zip(point, _point(DEFAULT), _SPREAD, strict=True))
    return sum(log_evidence(one.fitted.data, with_belief(one.prior, belief)) for one in fits) - off / 2


def _point(belief: Belief) -> Point:
    return (belief.same_mean, log(belief.same_shared), log(belief.same_own), belief.lag_mean, log(belief.noise))


def _belief(point: Point) -> Belief:
    mean, shared, own, lag, noise = point
    return Belief(mean, max(exp(shared), _LEAST_SHARED), max(exp(own), _LEAST_OWN), lag, exp(noise))
