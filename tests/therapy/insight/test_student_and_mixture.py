"""Student's t without scipy: against closed forms, tables, the normal limit; and mixtures of it."""

from __future__ import annotations

from math import atan, erf, pi, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openipt.therapy.insight.mixture import Mixture
from openipt.therapy.insight.student import t_cdf, t_pdf, t_quantile

X = np.array([-60.0, -9.0, -2.5, -1.0, -0.3, 0.0, 0.1, 0.7, 1.9, 4.0, 12.0, 300.0])


@pytest.mark.parametrize(
    ("nu", "closed"),
    [
        (1, lambda x: 0.5 + atan(x) / pi),
        (2, lambda x: 0.5 + x / (2 * sqrt(2 + x * x))),
        (4, lambda x: 0.5 + (x / sqrt(4 + x * x)) * (1 + 2 / (4 + x * x)) / 2),
    ],
)
def test_few_degrees_of_freedom_have_closed_forms(nu: float, closed) -> None:
    assert t_cdf(X, nu) == pytest.approx([closed(x) for x in X], abs=1e-12)


def finite_sum(x: float, nu: int) -> float:
    """Abramowitz and Stegun 26.7.4, for even degrees of freedom."""
    angle = np.arctan(x / sqrt(nu))
    term, whole = 1.0, 1.0
    for k in range(1, nu // 2):
        term *= (2 * k - 1) / (2 * k) * np.cos(angle) ** 2
        whole += term
    return 0.5 + np.sin(angle) * whole / 2


@pytest.mark.parametrize("nu", [6, 20, 36, 96, 406, 1000])
def test_whole_degrees_of_freedom_have_finite_sums(nu: int) -> None:
    assert t_cdf(X, nu) == pytest.approx([finite_sum(x, nu) for x in X], abs=1e-11)


def test_with_very_many_degrees_of_freedom_it_is_normal() -> None:
    assert t_cdf(X, 1e5) == pytest.approx([0.5 + erf(x / sqrt(2)) / 2 for x in X], abs=5e-6)


@pytest.mark.parametrize(
    ("share", "nu", "table"), [(0.95, 20, 1.724718), (0.975, 10, 2.228139), (0.99, 5, 3.364930), (0.05, 96, -1.660881)]
)
def test_quantiles_stand_in_every_table(share: float, nu: float, table: float) -> None:
    assert t_quantile(share, nu) == pytest.approx(table, abs=1e-6)


@given(st.floats(1e-4, 1 - 1e-4), st.floats(2.5, 500))
def test_a_quantile_turns_the_share_around(share: float, nu: float) -> None:
    assert t_cdf(np.array([t_quantile(share, nu)]), nu)[0] == pytest.approx(share, abs=1e-10)


def test_the_density_is_the_slope() -> None:
    h = 1e-5
    assert (t_cdf(X + h, 7) - t_cdf(X - h, 7)) / (2 * h) == pytest.approx(t_pdf(X, 7), abs=1e-8)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1])
def test_impossible_shares_and_degrees_are_refused(share: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        t_quantile(share, 5)
    with pytest.raises(ValueError, match="degrees of freedom"):
        t_cdf(X, 0)


mixtures = st.integers(1, 6).flatmap(
    lambda k: st.tuples(
        st.lists(st.floats(0.01, 1), min_size=k, max_size=k),
        st.lists(st.floats(-50, 50), min_size=k, max_size=k),
        st.lists(st.floats(0.01, 20), min_size=k, max_size=k),
        st.floats(3, 200),
    )
)


@given(mixtures)
def test_quantiles_of_a_mixture_leave_the_right_share_below_them(parts) -> None:
    weight, location, scale, nu = parts
    weight = np.array(weight) / sum(weight)
    mixture = Mixture(weight, np.array([location]), np.array([scale]), nu)
    low, high = mixture.quantiles((0.05, 0.95))
    for place, share in ((low[0], 0.05), (high[0], 0.95)):
        below = t_cdf((place - np.array(location)) / np.array(scale), nu) @ weight
        assert below == pytest.approx(share, abs=1e-7)


def test_mean_sd_and_side_of_a_mixture() -> None:
    one = Mixture(np.array([0.25, 0.75]), np.array([[0.0, 4.0]]), np.array([[1.0, 2.0]]), 10.0)
    assert one.mean()[0] == pytest.approx(3.0)
    assert one.sd()[0] ** 2 == pytest.approx(0.25 * 1.25 + 0.75 * (4 * 1.25 + 16) - 9)
    assert one.above_zero()[0] == pytest.approx(0.25 * 0.5 + 0.75 * t_cdf(np.array([2.0]), 10)[0])
