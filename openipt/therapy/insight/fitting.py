"""`fit`: the engine for any outcome and any named columns, with results by name. Loads numpy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from openipt.therapy.insight.bounds import Fitted, fitted, fitted_twins
from openipt.therapy.insight.engine import matrix_of, prior_variance
from openipt.therapy.insight.prior import LEVEL, Prior
from openipt.therapy.insight.result import MODEL_VERSION, Estimate
from openipt.therapy.insight.student import Floats, Numbers

LIMITS = (0.05, 0.95)


@dataclass(frozen=True, slots=True)
class Effect:
    """A sum of effects: its 90 % range, the probability that it lies above 0, and how much the data settled of it."""

    estimate: Estimate
    above_zero: float
    information: float


@dataclass(frozen=True, slots=True)
class Series:
    """The data of one client: times in days, the outcome, and named columns, all of one length."""

    times: Numbers
    outcome: Numbers
    columns: Mapping[str, Numbers]


@dataclass(frozen=True)
class Fit:
    """A fitted diary, asked by column names."""

    columns: tuple[str, ...]
    prior: Prior
    fitted: Fitted
    n: int
    inputs_hash: str
    model_version: str = MODEL_VERSION

    @property
    def log_evidence(self) -> float:
        """How well the prior foretold the data, as a log density (of the stand-ins, where the scale ended)."""
        return self.fitted.posterior.log_evidence

    @property
    def noise_variance(self) -> float:
        """Variance of what the columns do not tell, in squared units of the outcome."""
        return self.fitted.posterior.noise_variance

    def effect(self, column: str) -> Effect:
        """Return the effect of one column, in units of the outcome per unit of the column."""
        return self.effects([{column: 1.0}])[0]

    def contrast(self, weights: Mapping[str, float]) -> Effect:
        """Return a weighted sum of effects: `{"a": 1, "b": -1}` is how far a's lies above b's."""
        return self.effects([weights])[0]

    def effects(self, asked: Sequence[Mapping[str, float]]) -> list[Effect]:
        """Return several weighted sums of effects at once."""
        matrix = self._matrix(asked)
        if not len(matrix):
            return []
        mixture = self.fitted.posterior.of(matrix)
        (low, high), mean, above = mixture.heavy().quantiles(LIMITS), mixture.mean(), mixture.above_zero()
        settled = 1 - mixture.sd() ** 2 / prior_variance(self.prior, matrix)
        return [
            Effect(Estimate(*map(float, three)), float(share), float(min(max(known, 0.0), 1.0)))
            for three, share, known in zip(zip(mean, low, high, strict=True), above, settled, strict=True)
        ]

    def above_zero(self, asked: Sequence[Mapping[str, float]]) -> list[float]:
        """Return the probability that each weighted sum lies above 0."""
        return [float(share) for share in self.fitted.posterior.of(self._matrix(asked)).above_zero()] if asked else []

    def _matrix(self, asked: Sequence[Mapping[str, float]]) -> Floats:
        matrix = np.zeros((len(asked), len(self.columns)))
        for row, weights in enumerate(asked):
            for column, weight in weights.items():
                if column not in self.columns:
                    raise ValueError(f"no column {column!r} was fitted; expected {', '.join(self.columns)}")
                matrix[row, self.columns.index(column)] = weight
        return matrix


def fit(times: Numbers, outcome: Numbers, columns: Mapping[str, Numbers], prior: Prior) -> Fit:
    """Fit any outcome over any named columns, exactly.

    Args:
        times: In days, any spacing, several rows at one time allowed; rows may stand in any order.
        outcome: One value a row, in any unit.
        columns: Name -> one value a row. A column "level" of ones is added where the prior knows it and it is absent.
        prior: What is believed of these columns before: `people_prior`, `kind_prior`, `plain_prior`, or your own.

    Raises:
        ValueError: Columns of several lengths, values that are no numbers, or columns other than the prior's.
    """
    rows = _rows(times, outcome, columns, prior)
    return Fit(prior.columns, prior, fitted(*rows, prior), len(times), _hash(*rows, prior))


def fit_twins(times: Numbers, outcome: Numbers, columns: Mapping[str, Numbers], prior: Prior) -> tuple[Fit, Fit]:
    """Fit as `fit` does, and the sceptical twin beside it; quicker than both one after the other."""
    rows = _rows(times, outcome, columns, prior)
    priors = (prior, prior.sceptical())
    informed, sceptical = (
        Fit(one.columns, one, found, len(times), _hash(*rows, one))
        for one, found in zip(priors, fitted_twins(*rows, *priors), strict=True)
    )
    return informed, sceptical


def fit_each(
    clients: Mapping[str, Series] | Iterable[tuple[str, Series]], prior: Prior | Callable[[Series], Prior]
) -> Iterator[tuple[str, Fit]]:
    """Fit many clients, one after the other as they are asked for; `prior` may depend on a client's columns."""
    for client, data in clients.items() if isinstance(clients, Mapping) else clients:
        believed = prior(data) if callable(prior) else prior
        yield client, fit(data.times, data.outcome, data.columns, believed)


def _rows(
    times: Numbers, outcome: Numbers, columns: Mapping[str, Numbers], prior: Prior
) -> tuple[Floats, Floats, Floats]:
    """Return times, outcome and columns as arrays in the order of time."""
    given = dict(columns)
    if LEVEL in prior.columns and LEVEL not in given:
        given[LEVEL] = [1.0] * len(times)
    _prove(times, outcome, given, prior.columns)
    when, seen, matrix = np.asarray(times, float), np.asarray(outcome, float), matrix_of(given, prior.columns)
    order = np.argsort(when, kind="stable")
    return when[order], seen[order], matrix[order]


def _prove(
    times: Numbers,
    outcome: Numbers,
    columns: Mapping[str, Numbers],
    names: Sequence[str],
) -> None:
    if unlike := sorted(set(columns) ^ set(names)):
        raise ValueError(
            f"columns and prior do not fit together at {', '.join(unlike)}; expected columns {', '.join(names)}"
        )
    if len(times) == 0:
        raise ValueError("there is no row to fit; expected at least one")
    for name, values in (("times", times), ("outcome", outcome), *columns.items()):
        if len(values) != len(times):
            raise ValueError(f"{name} has {len(values)} rows; expected {len(times)}, as many as there are times")
        strange = np.flatnonzero(~np.isfinite(np.asarray(values, float)))
        if len(strange):
            place = int(strange[0])
            raise ValueError(f"{name} holds {values[place]} in row {place}; expected a number (leave such rows out)")


def _hash(times: Floats, outcome: Floats, matrix: Floats, prior: Prior) -> str:
    whole = sha256(f"{MODEL_VERSION}\n{prior!r}\n{matrix.shape}\n".encode())
    for part in (times, outcome, matrix):
        whole.update(np.ascontiguousarray(part, dtype="<f8").tobytes())
    return whole.hexdigest()
