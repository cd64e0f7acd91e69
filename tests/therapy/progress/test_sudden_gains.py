"""Sudden gains after Tang and DeRubeis: large, large beside the score before, and holding; missing is never a no."""

from __future__ import annotations

from itertools import product
from math import sqrt
from statistics import fmean, variance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openipt.therapy.progress import Gain, sudden_gains
from openipt.therapy.progress.gains import _T_95


def sure(scores, **how):
    return [(gain.after, gain.size) for gain in sudden_gains(scores, **how) if gain.known]


def unknown(scores, **how):
    return [gain.after for gain in sudden_gains(scores, **how) if not gain.known]


def test_a_drop_that_is_large_and_holds_is_a_sudden_gain() -> None:
    assert sudden_gains([20, 21, 20, 11, 10, 11]) == (Gain(2, 9),)


def test_a_steady_fall_has_none() -> None:
    assert sure([20, 17, 14, 11, 8, 5]) == []


@pytest.mark.parametrize(("after", "found"), [(14, True), (15, False)])
def test_it_takes_six_points(after, found) -> None:
    assert bool(sure([20, 20, 20, after, after, after])) is found


@pytest.mark.parametrize(("before", "after", "found"), [(27, 20, True), (28, 21, True), (29, 22, False)])
def test_and_a_quarter_of_the_score_before(before, after, found) -> None:
    assert bool(sure([before, before, before, after, after, after])) is found


def test_a_drop_that_does_not_hold_is_none() -> None:
    assert sure([20, 21, 20, 11, 20, 21]) == []
    assert unknown([20, 21, 20, 11, 20, 21]) == []


def t_of(pre, post):
    spread = ((len(pre) - 1) * variance(pre) + (len(post) - 1) * variance(post)) / (len(pre) + len(post) - 2)
    return (fmean(pre) - fmean(post)) / sqrt(spread * (1 / len(pre) + 1 / len(post)))


def test_the_third_rule_is_the_two_sample_t_test() -> None:
    met = missed = 0
    for noise in product((0, 2, 5), repeat=4):
        scores = [20 + noise[0], 20 - noise[1], 20, 13, 13 + noise[2], 13 - noise[3]]
        pre, post = scores[:3], scores[3:]
        beyond = variance(pre) + variance(post) == 0 or t_of(pre, post) > 2.776445
        assert ((2, 7) in sure(scores)) is beyond
        met, missed = met + beyond, missed + (not beyond)
    assert met > 5
    assert missed > 5


def test_the_limits_of_the_t_test_are_those_of_the_tables() -> None:
    # Two-sided 5 %: for 2 degrees of freedom t has a closed form, for the others the tables say 3.182 and 2.776.
    p = 0.975
    assert _T_95[2] == pytest.approx((2 * p - 1) * sqrt(2 / (1 - (2 * p - 1) ** 2)), abs=1e-5)
    assert round(_T_95[3], 3) == 3.182
    assert round(_T_95[4], 3) == 2.776


# ---- what nobody can tell ----


@pytest.mark.parametrize("gap", [0, 1])
def test_beside_a_missing_session_it_is_unknown(gap) -> None:
    scores = [20, 20, 20, 11, 11, 11]
    scores[2 + gap] = None
    assert 2 in unknown(scores)
    assert sure(scores) == []


def test_with_one_score_before_nobody_can_tell_whether_it_holds() -> None:
    assert sudden_gains([20, 11, 11, 11]) == (Gain(0, None),)
    assert sudden_gains([20, 20, 20, 11]) == (Gain(2, None),)


def test_two_scores_on_each_side_are_enough() -> None:
    assert sure([20, 20, 11, 11]) == [(1, 9)]


def test_a_missing_session_around_it_leaves_a_clear_gain_clear() -> None:
    assert sure([20, None, 20, 11, 11, 11]) == [(2, 9)]


def test_a_missing_session_that_could_decide_makes_it_unknown_and_not_a_no() -> None:
    scores = [20, None, 26, 17, 13, 18]
    assert sure(scores) == []
    assert 2 in unknown(scores)


def test_a_small_change_is_a_no_whatever_is_missing_around_it() -> None:
    assert 1 not in unknown([None, 20, 18, None])


def test_where_higher_is_better_a_rise_is_the_gain() -> None:
    assert sure([10, 11, 10, 20, 21, 20], points=5, higher_is_worse=False) == [(2, 10)]


@given(st.lists(st.none() | st.integers(0, 27), max_size=20))
def test_turned_round_the_same_gains_are_found(scores) -> None:
    # 100 - score would change the share of the score before, so the second rule is left out here.
    turned = [None if score is None else -score for score in scores]
    assert sudden_gains(scores, share=0) == sudden_gains(turned, share=0, higher_is_worse=False)


@given(st.lists(st.integers(0, 27), max_size=20), st.data())
def test_taking_scores_away_never_turns_a_gain_into_a_certain_no(scores, data) -> None:
    gone = data.draw(st.sets(st.integers(0, max(0, len(scores) - 1))))
    fewer = [None if n in gone else score for n, score in enumerate(scores)]
    told = {gain.after for gain in sudden_gains(fewer)}
    for gain in sudden_gains(scores):
        if gain.known:
            assert gain.after in told


@pytest.mark.parametrize("scores", [[], [20], [None], [None, None]])
def test_courses_of_nothing(scores) -> None:
    assert sure(scores) == []
