"""Moods of 0 and 10 say "or beyond": they pull less than they seem to, and never the other way."""

from __future__ import annotations

import numpy as np
import pytest

from openipt.therapy.insight import fit, plain_prior
from openipt.therapy.insight.bounds import ends_of, fitted, fitted_twins, truncated_moments
from openipt.therapy.insight.engine import matrix_of

TIMES = np.arange(30.0)
PLANNED = np.where(TIMES % 2, 1.0, -1.0)
PRIOR = plain_prior(["x"], level=5, noise=1.5, ends=(0, 10))


@pytest.mark.parametrize("cut", [-6.0, -1.0, 0.0, 0.5, 3.0, 6.5])
def test_moments_of_a_truncated_normal_are_those_of_its_density(cut: float) -> None:
    x = np.linspace(cut, cut + 14, 400_001)
    density = np.exp(-(x**2) / 2)
    density /= density.sum()
    mean = density @ x
    found = truncated_moments(2.0, 9.0, 2 + 3 * cut)
    assert found[0] == pytest.approx(2 + 3 * mean, abs=1e-3)
    assert found[1] == pytest.approx(9 * (density @ x**2 - mean**2), abs=1e-3)


def test_a_cut_far_out_gives_numbers_all_the_same() -> None:
    for least in (-1e6, 1e6):
        mean, variance = truncated_moments(0.0, 1.0, least)
        assert np.isfinite([mean, variance]).all()
        assert 0 < variance <= 1


def test_the_ends_are_where_the_scale_says() -> None:
    assert list(ends_of(np.array([0.0, 0.5, 9.9, 10.0]), PRIOR)) == [-1, 0, 0, 1]
    assert not ends_of(np.array([0.0, 10.0]), plain_prior(["x"], level=5, noise=1)).any()


def clipped(slope: float) -> np.ndarray:
    return np.clip(8.5 + slope * PLANNED + np.random.default_rng(3).normal(0, 0.6, 30), 0, 10)


def test_a_ceiling_hides_part_of_an_effect_and_the_bounds_give_it_back() -> None:
    outcome = clipped(2.5)
    taken_as_is = fit(TIMES, outcome, {"x": PLANNED}, plain_prior(["x"], level=5, noise=1.5)).effect("x")
    beyond = fit(TIMES, outcome, {"x": PLANNED}, PRIOR).effect("x")
    assert (outcome == 10).sum() > 10
    assert taken_as_is.estimate.mean < 2.0 < beyond.estimate.mean


def test_floor_and_ceiling_are_mirrors() -> None:
    outcome = clipped(2.5)
    mirrored = plain_prior(["x"], level=5, noise=1.5, ends=(0, 10))
    up = fit(TIMES, outcome, {"x": PLANNED}, PRIOR).effect("x").estimate
    down = fit(TIMES, 10 - outcome, {"x": PLANNED}, mirrored).effect("x").estimate
    assert (down.mean, -down.hi, -down.lo) == pytest.approx((-up.mean, up.lo, up.hi), abs=1e-9)


def test_everything_at_one_end_is_still_a_number() -> None:
    for outcome in (np.zeros(30), np.full(30, 10.0)):
        size = fit(TIMES, outcome, {"x": PLANNED}, PRIOR).effect("x").estimate
        assert np.isfinite([size.mean, size.lo, size.hi]).all()
        assert size.lo < 0 < size.hi


@pytest.mark.parametrize("slope", [0.5, 2.5], ids=["few_at_the_end", "many_at_the_end"])
def test_twins_fitted_together_are_those_fitted_apart(slope: float) -> None:
    outcome, columns = clipped(slope), matrix_of({"level": np.ones(30), "x": PLANNED}, PRIOR.columns)
    apart = [fitted(TIMES, outcome, columns, one) for one in (PRIOR, PRIOR.sceptical())]
    for one, other in zip(apart, fitted_twins(TIMES, outcome, columns, PRIOR, PRIOR.sceptical()), strict=True):
        assert one.posterior.mean() == pytest.approx(other.posterior.mean(), abs=1e-12)
        assert one.posterior.log_evidence == pytest.approx(other.posterior.log_evidence, abs=1e-12)
