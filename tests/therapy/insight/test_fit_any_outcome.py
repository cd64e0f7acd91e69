"""The lower level: any outcome, any named columns, any units, many clients."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openipt.therapy.insight import Block, Prior, Series, fit, fit_each, plain_prior

CHANCE = np.random.default_rng(8)
TIMES = np.cumsum(CHANCE.choice([0.3, 1.0, 2.0], 50))
SLEEP, WALK = CHANCE.normal(7, 1, 50), (CHANCE.random(50) < 0.4).astype(float)
STRESS = 40 - 3 * (SLEEP - 7) - 6 * WALK + CHANCE.normal(0, 4, 50)
COLUMNS = {"sleep": SLEEP - 7, "walk": WALK}
PRIOR = plain_prior(["sleep", "walk"], level=40, noise=5)


def test_any_outcome_over_any_columns() -> None:
    found = fit(TIMES, STRESS, COLUMNS, PRIOR)
    assert found.effect("sleep").estimate.lo < -3 < found.effect("sleep").estimate.hi
    assert found.effect("walk").estimate.lo < -6 < found.effect("walk").estimate.hi
    assert found.effect("level").estimate.mean == pytest.approx(40, abs=1.5)
    assert found.noise_variance == pytest.approx(16, rel=0.4)
    assert 0 < found.effect("walk").information < 1
    assert found.model_version == "insight-1"
    assert len(found.inputs_hash) == 64


def test_a_contrast_of_columns_is_what_their_sum_would_be() -> None:
    found = fit(TIMES, STRESS, COLUMNS, PRIOR)
    both = found.contrast({"sleep": 1, "walk": 1}).estimate
    assert both.mean == pytest.approx(found.effect("sleep").estimate.mean + found.effect("walk").estimate.mean)
    doubled = found.contrast({"walk": 2}).estimate
    assert (doubled.mean, doubled.lo) == pytest.approx(
        (2 * found.effect("walk").estimate.mean, 2 * found.effect("walk").estimate.lo), abs=1e-8
    )


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(50)))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    plain = fit(TIMES, STRESS, COLUMNS, PRIOR)
    turned = fit(TIMES[order], STRESS[order], {name: column[order] for name, column in COLUMNS.items()}, PRIOR)
    assert turned.inputs_hash == plain.inputs_hash
    assert turned.effect("walk") == plain.effect("walk")


@pytest.mark.parametrize("factor", [0.01, 10.0])
def test_other_units_give_the_same_answer_in_those_units(factor: float) -> None:
    plain = fit(TIMES, STRESS, COLUMNS, PRIOR).effect("sleep")
    scaled = fit(TIMES, STRESS * factor, COLUMNS, plain_prior(["sleep", "walk"], level=40 * factor, noise=5 * factor))
    assert scaled.effect("sleep").estimate.lo == pytest.approx(plain.estimate.lo * factor, rel=1e-8)
    assert scaled.effect("sleep").above_zero == pytest.approx(plain.above_zero, abs=1e-10)


def test_a_later_start_changes_nothing() -> None:
    plain, later = fit(TIMES, STRESS, COLUMNS, PRIOR), fit(TIMES + 20_000, STRESS, COLUMNS, PRIOR)
    assert later.effect("walk").estimate.mean == pytest.approx(plain.effect("walk").estimate.mean, abs=1e-9)


def test_a_sceptical_twin_expects_nothing() -> None:
    eager = Prior((PRIOR.blocks[0], Block("walk", ("walk",), -6.0, 0.0, 0.4)), rate=75.0, ends=None)
    assert [block.mean for block in eager.sceptical().blocks] == [40, 0]
    short = slice(0, 4)
    given_ = (TIMES[short], STRESS[short], {"walk": WALK[short]})
    assert (
        fit(*given_, eager).effect("walk").estimate.mean < fit(*given_, eager.sceptical()).effect("walk").estimate.mean
    )


def test_many_clients_one_after_the_other() -> None:
    data = {name: Series(TIMES[:n], STRESS[:n], {"walk": WALK[:n]}) for name, n in (("a", 10), ("b", 40))}
    prior = plain_prior(["walk"], level=40, noise=5)
    found = dict(fit_each(data, prior))
    assert list(found) == ["a", "b"]
    assert found["b"].effect("walk") == fit(TIMES[:40], STRESS[:40], {"walk": WALK[:40]}, prior).effect("walk")
    by_client = dict(fit_each(data.items(), lambda one: plain_prior(one.columns, level=40, noise=5)))
    assert by_client["a"].log_evidence == found["a"].log_evidence


@pytest.mark.parametrize(
    ("times", "outcome", "columns", "says"),
    [
        ([], [], {"walk": []}, "no row to fit"),
        ([0, 1], [1], {"walk": [0, 1]}, "outcome has 1 rows; expected 2"),
        ([0, 1], [1, 2], {"walk": [0]}, "walk has 1 rows"),
        ([0, 1], [1, float("nan")], {"walk": [0, 1]}, "outcome holds nan in row 1"),
        ([0, float("inf")], [1, 2], {"walk": [0, 1]}, "times holds inf"),
        ([0, 1], [1, 2], {"run": [0, 1]}, "do not fit together at run, walk"),
    ],
)
def test_what_cannot_be_fitted_is_refused_with_its_place(times, outcome, columns, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        fit(times, outcome, columns, plain_prior(["walk"], level=5, noise=1))


def test_a_column_that_was_not_fitted_is_named() -> None:
    with pytest.raises(ValueError, match="no column 'run' was fitted; expected level, sleep, walk"):
        fit(TIMES, STRESS, COLUMNS, PRIOR).effect("run")


@pytest.mark.parametrize("wrong", [{"noise": 0}, {"noise": 1, "effect": -1}, {"noise": 1, "step": 0}])
def test_a_prior_that_spreads_nothing_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="expected each above 0"):
        plain_prior(["x"], level=5, **wrong)
