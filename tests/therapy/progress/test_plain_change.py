"""Reliable change by plain numbers, scales of one's own, early response, and rates with how many they are told of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openipt.therapy.forms import Change, open_form
from openipt.therapy.progress import early_response, own_scale, progress, rates, reliable_change, reliable_change_index
from openipt.therapy.progress.measure import cutoff_of, sign_of, step_of


@pytest.mark.parametrize(
    ("last", "told"), [(12, "improved"), (13, "unchanged"), (23, "unchanged"), (24, "deteriorated")]
)
def test_a_threshold_in_points_is_reached_at_the_threshold(last, told) -> None:
    assert reliable_change(18, last, 6) == told


def test_an_index_has_to_be_exceeded_and_not_only_reached() -> None:
    # 1.96 x sqrt(2) x 100 x sqrt(1 - 0.5) is 196: the only kind of numbers for which a score can hit it exactly.
    assert reliable_change_index(100, 0.5) == pytest.approx(196)
    index = reliable_change_index(100, 0.5)
    assert reliable_change(300, 300 - index, sd=100, reliability=0.5) == "unchanged"
    assert reliable_change(300, 300 - index - 1e-9, sd=100, reliability=0.5) == "improved"


def test_the_numbers_of_the_phq9_give_six_points() -> None:
    assert reliable_change(18, 12, sd=6.1, reliability=0.89) == "improved"
    assert reliable_change(18, 13, sd=6.1, reliability=0.89) == "unchanged"


def test_where_higher_is_better_a_rise_is_an_improvement() -> None:
    assert reliable_change(10, 20, 5, higher_is_worse=False) == "improved"
    assert reliable_change(20, 10, 5, higher_is_worse=False) == "deteriorated"


@pytest.mark.parametrize("how", [{}, {"sd": 6.0}, {"reliability": 0.9}])
def test_without_a_threshold_nothing_is_said(how) -> None:
    assert reliable_change(20, 1, **how) is None
    assert reliable_change(20, 1, Change(), **how) is None


@given(st.floats(0, 30), st.floats(0, 30), st.floats(0.5, 20))
def test_turning_a_scale_round_changes_no_verdict(first, last, points) -> None:
    assert reliable_change(first, last, points) == reliable_change(-first, -last, points, higher_is_worse=False)


# ---- a scale of one's own ----


def test_a_scale_of_ones_own_is_judged_like_one_of_the_shelf() -> None:
    own = own_scale("My Scale", sd=6.1, reliability=0.89, cutoff=10)
    shelf = open_form("phq-9")
    for last in range(28):
        ours, theirs = progress(own, [18, last]), progress(shelf, [18, last])
        assert (ours.reliable, ours.recovered) == (theirs.reliable, theirs.recovered)
    assert own.id == "my-scale"
    assert own.name == "My Scale"


def test_on_a_scale_where_lower_is_worse_the_cut_off_itself_is_clinical() -> None:
    own = own_scale("ties", sd=5, reliability=0.9, cutoff=25, worse="lower")
    assert (sign_of(own), cutoff_of(own)) == (-1, 25)
    assert progress(own, [10, 25]).recovered is False
    assert progress(own, [10, 25.5]).recovered is True
    assert progress(own, [26, 40]).recovered is False  # nobody who began outside it can recover


def test_without_a_cut_off_nobody_recovers() -> None:
    assert progress(own_scale("x", sd=5, reliability=0.9), [30, 1]).recovered is None


@pytest.mark.parametrize(
    "numbers",
    [
        {"sd": 0, "reliability": 0.9},
        {"sd": 5, "reliability": 1},
        {"sd": 5, "reliability": 0.9, "cutoff": float("nan")},
        {"sd": float("inf"), "reliability": 0.9},
    ],
)
def test_impossible_numbers_make_no_scale(numbers) -> None:
    with pytest.raises(ValueError, match="expected"):
        own_scale("x", **numbers)


@pytest.mark.parametrize(("form", "step"), [("phq-9", 1), ("gad-7", 1), ("who-5", 4), ("ors", 0.1)])
def test_the_step_of_a_measure_follows_from_its_items(form, step) -> None:
    assert step_of(open_form(form)) == pytest.approx(step)


# ---- early response ----


@pytest.mark.parametrize(("day", "score", "told"), [(28, 16, True), (28, 16.1, False), (20, 5, None), (36, 5, None)])
def test_early_response_is_a_fifth_better_at_day_21_to_35(day, score, told) -> None:
    assert early_response([0, day], [20, score]) is told


def test_of_several_scores_in_the_window_the_one_nearest_to_its_middle_counts() -> None:
    assert early_response([0, 21, 27, 35], [20, 20, 10, 20]) is True


def test_early_response_where_higher_is_better_and_where_nothing_can_be_said() -> None:
    assert early_response([0, 28], [10, 13], higher_is_worse=False) is True
    assert early_response([0, 28], [0, 0]) is None
    assert early_response([], []) is None


# ---- rates ----


def test_a_rate_stands_beside_how_many_it_could_be_told_of() -> None:
    (rate,) = rates([{"improved": True}, {"improved": False}, {"improved": None}, {"improved": True}])
    assert (rate.held, rate.told, rate.all) == (2, 3, 4)
    assert rate.share == pytest.approx(2 / 3)
    assert rate.completeness == 0.75


def test_of_nobody_there_is_no_rate() -> None:
    (rate,) = rates([{"improved": None}])
    assert (rate.share, rate.completeness) == (None, 0)
    assert rates([]) == ()
