"""The filter against a Cholesky root written out in full, and the engine against a dense multivariate t density."""

from __future__ import annotations

from math import lgamma, log, pi

import numpy as np
import pytest
from diary_worlds import dense
from hypothesis import given, settings
from hypothesis import strategies as st

from openipt.therapy.insight import Block, Noise, Prior, people_prior
from openipt.therapy.insight.engine import believe, log_evidence, moments, prior_of, prior_variance
from openipt.therapy.insight.filtering import whiten
from openipt.therapy.insight.prior import WANDERINGS

gaps = st.lists(st.sampled_from([0.0, 0.02, 0.4, 1.0, 1.0, 2.0, 9.0, 40.0]), min_size=0, max_size=40)


@settings(max_examples=60, deadline=None)
@given(gaps, st.integers(1, 5), st.integers(0, 10_000), st.booleans())
def test_the_filter_says_what_a_dense_root_says(apart: list[float], m: int, seed: int, soft: bool) -> None:
    chance = np.random.default_rng(seed)
    times = np.cumsum([0.0, *apart])
    columns = chance.normal(0, 3, (len(times), m))
    extra = np.where(chance.random(len(times)) < 0.3, chance.exponential(1.0, len(times)), 0.0) if soft else None
    white = whiten(times, columns, WANDERINGS, extra)
    for which, noise in enumerate(WANDERINGS):
        root = np.linalg.cholesky(dense(times, noise, extra))
        assert white.rows[which] == pytest.approx(np.linalg.solve(root, columns), abs=1e-9)
        assert white.logdet[which] == pytest.approx(2 * np.log(np.diag(root)).sum(), abs=1e-9)


def example(n: int = 25, seed: int = 4) -> tuple[np.ndarray, np.ndarray, np.ndarray, Prior]:
    chance = np.random.default_rng(seed)
    times = np.sort(chance.uniform(0, 40, n))
    prior = people_prior(["same:a", "same:b"], ["lag:a", "lag:b"])
    columns = np.column_stack([np.ones(n), chance.normal(size=(n, 7))])
    return times, columns @ chance.normal(0, 0.5, 8) + chance.normal(5, 1, n), columns, prior


def t_log_density(y: np.ndarray, mean: np.ndarray, spread: np.ndarray, nu: float) -> float:
    """The multivariate t density, straight from its definition."""
    n, off = len(y), y - mean
    inner = off @ np.linalg.solve(spread, off) / nu
    outer = lgamma((nu + n) / 2) - lgamma(nu / 2) - n / 2 * log(nu * pi) - np.linalg.slogdet(spread)[1] / 2
    return float(outer - (nu + n) / 2 * log(1 + inner))


def test_the_evidence_is_a_mixture_of_dense_t_densities() -> None:
    times, outcome, columns, prior = example()
    mean, spreads = prior_of(prior)
    parts = [
        log(noise.weight / len(spreads))
        + t_log_density(
            outcome,
            columns @ mean,
            prior.rate / prior.shape * (dense(times, noise) + columns @ spread @ columns.T),
            2 * prior.shape,
        )
        for spread in spreads
        for noise in prior.wanderings
    ]
    found = believe(moments(times, outcome, columns, prior), prior)
    assert found.log_evidence == pytest.approx(np.logaddexp.reduce(parts), abs=1e-9)
    assert found.weight == pytest.approx(np.exp(np.array(parts) - np.logaddexp.reduce(parts)), abs=1e-9)


def test_one_part_is_the_textbook_regression_with_known_covariance() -> None:
    times, outcome, columns, prior = example()
    noise = Noise(2.0, 0.6, 1.0)
    only = Prior(prior.blocks, wanderings=(noise,), stretches=(1.0,))
    mean, spread = prior_of(only)
    covariance = dense(times, noise)
    shape = np.linalg.inv(np.linalg.inv(spread[0]) + columns.T @ np.linalg.solve(covariance, columns))
    location = shape @ (np.linalg.solve(spread[0], mean) + columns.T @ np.linalg.solve(covariance, outcome))
    found = believe(moments(times, outcome, columns, only), only)
    assert found.location[0] == pytest.approx(location, abs=1e-9)
    assert found.shape[0] == pytest.approx(shape, abs=1e-9)
    assert found.nu == 2 * (3 + len(times) / 2)


def test_without_data_that_speak_the_prior_comes_back() -> None:
    prior = Prior((Block("level", ("level",), 5.0, 0.0, 4.0, False, False), Block("a", ("a",), 0.3, 0.1, 0.2)))
    data = moments(np.array([0.0]), np.array([5.0]), np.array([[1.0, 0.0]]), prior)
    mixture = believe(data, prior).of(np.array([[0.0, 1.0]]))
    assert mixture.mean()[0] == pytest.approx(0.3, abs=1e-12)
    assert mixture.sd()[0] ** 2 <= prior_variance(prior, np.array([[0.0, 1.0]]))[0]


def test_a_prior_nearer_the_truth_has_more_evidence() -> None:
    times, _, columns, prior = example(60)
    outcome = columns @ np.array([5, 0, 0, 0, 0.9, 0.9, 0, 0.0]) + np.random.default_rng(1).normal(0, 1, 60)
    near = Prior(tuple(block if block.name != "same" else Block("same", block.columns, 0.9, 0.1, 0.1)
                       for block in prior.blocks))  # fmt: skip
    data = moments(times, outcome, columns, prior)
    assert log_evidence(data, near) > log_evidence(data, prior)
