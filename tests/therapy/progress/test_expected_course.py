"""The expected course and the outlook: the numbers of INSIGHT 2.2, a second writing, and when anybody may see them."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from second_prediction import second_p, second_prediction

from openipt.therapy.forms import open_form
from openipt.therapy.progress import by_week, default_reference, expected_course, own_scale, predict, week_of
from openipt.therapy.progress.prediction import normal_cdf, p_from_start, p_no_improvement

PHQ9 = open_form("phq-9")
DEFAULT = default_reference(PHQ9, 16)


# ---- the golden numbers ----


@pytest.mark.parametrize(
    ("scores", "p", "mean", "sd"),
    [
        ({0: 17, 1: 15, 2: 16, 3: 13, 4: 12}, 0.3550, 10.078, 3.826),
        ({0: 17, 1: 18, 3: 17, 4: 18}, 0.8719, 15.894, 3.869),
        ({0: 12, 2: 14, 4: 11, 6: 13}, 0.9167, 11.341, 3.500),
    ],
)
def test_the_outlook_for_week_14_is_the_one_of_the_specification(scores, p, mean, sd) -> None:
    made = predict(DEFAULT, scores)
    assert round(made.p_no_reliable_improvement, 4) == p
    assert round(made.mean, 3) == mean
    assert round(made.sd, 3) == pytest.approx(sd, abs=0.0006)


@pytest.mark.parametrize(
    ("baseline", "curve"),
    [(12, (12, 9.61, 8.50, 7.49)), (17, (17, 12.93, 11.54, 10.36)), (22, (22, 16.25, 14.58, 13.23))],
)
def test_the_curve_from_a_first_score_is_the_one_of_the_specification(baseline, curve) -> None:
    made = expected_course(DEFAULT, baseline)
    assert tuple(round(made.mean[week], 2) for week in (0, 4, 8, 14)) == curve
    assert [round(made.sd[week], 2) for week in (4, 8, 14)] == [4.37, 5.34, 6.20]
    assert made.sd[0] == 0


# ---- a second writing ----

weekly = st.dictionaries(st.integers(1, 13), st.integers(0, 27), max_size=13)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 27), weekly, st.integers(14, 16))
def test_both_writings_of_the_outlook_agree_to_nine_decimals(baseline, later, end) -> None:
    scores = {0: baseline, **later}
    made, (mean, sd) = predict(DEFAULT, scores, end), second_prediction(scores, end)
    assert made.mean == pytest.approx(min(max(mean, 0), 27), abs=1e-9)
    assert made.sd == pytest.approx(sd, abs=1e-9)
    assert made.p_no_reliable_improvement == pytest.approx(second_p(scores, end), abs=1e-9)


@given(st.integers(0, 27))
def test_the_first_score_alone_gives_the_same_as_the_curve(baseline) -> None:
    made = expected_course(DEFAULT, baseline)
    assert predict(DEFAULT, {0: baseline}).sd == pytest.approx(made.sd[14], abs=1e-9)
    assert p_from_start(DEFAULT, baseline) == pytest.approx(second_p({0: baseline}), abs=1e-9)


def test_the_order_in_which_scores_are_given_changes_nothing() -> None:
    scores = {0: 17, 1: 15, 2: 16, 3: 13, 4: 12}
    assert predict(DEFAULT, scores) == predict(DEFAULT, dict(reversed(scores.items())))


# ---- the edges ----


def test_what_is_shown_stays_inside_the_scale_and_the_probability_does_not_care() -> None:
    low = predict(DEFAULT, {0: 6, 1: 0, 2: 0, 3: 0, 4: 0, 5: 0})
    assert low.mean >= 0
    made = expected_course(DEFAULT, 1)
    assert min(made.low) == 0
    assert made.mean[14] < made.high[14] <= 27


def test_once_the_planned_end_is_reached_nothing_is_predicted() -> None:
    assert predict(DEFAULT, {0: 17, 13: 9}) is not None
    assert predict(DEFAULT, {0: 17, 14: 9}) is None
    assert predict(DEFAULT, {0: 17, 40: 9}) is None


def test_without_a_first_score_or_an_end_inside_the_reference_nothing_is_predicted() -> None:
    assert predict(DEFAULT, {1: 17, 2: 9}) is None
    assert predict(DEFAULT, {0: 17}, 17) is None
    assert p_from_start(DEFAULT, 17, 17) is None


def test_a_better_score_never_makes_the_outlook_less_good() -> None:
    found = [predict(DEFAULT, {0: 20, 4: score}).p_no_reliable_improvement for score in range(28)]
    assert found == sorted(found)


def test_without_any_spread_it_is_a_plain_yes_or_no() -> None:
    assert p_no_improvement(DEFAULT, 17, 11.5, 0) == 0
    assert p_no_improvement(DEFAULT, 17, 11.6, 0) == 1
    assert normal_cdf(inf) == 1


# ---- who may see it ----


@pytest.mark.parametrize(("courses", "shown"), [(0, False), (99, False), (100, True)])
def test_nothing_is_shown_before_100_finished_local_courses(courses, shown) -> None:
    reference = replace(DEFAULT, courses=courses)
    assert predict(reference, {0: 17}).shown is shown
    assert expected_course(reference, 17).shown is shown


# ---- other measures borrow the shape, from their own cut-off, in their own reliable changes ----


def test_the_gad7_borrows_the_shape_in_its_own_points() -> None:
    gad7 = default_reference(open_form("gad-7"), 14)
    ours, theirs = predict(gad7, {0: 12, 4: 10}), predict(DEFAULT, {0: 16, 4: 13})
    # 12 is four above the cut-off of 8 and a reliable change is 4; 16 is six above 10 and a reliable change is 6.
    assert ours.mean == pytest.approx(8 + (theirs.mean - 10) * 4 / 6)
    assert ours.sd == pytest.approx(theirs.sd * 4 / 6)


def test_where_higher_is_better_the_expected_course_rises() -> None:
    made = expected_course(default_reference(open_form("who-5"), 14), 30)
    assert made.mean[14] > made.mean[0] == 30
    worse, better = ({0: 30, 4: score} for score in (20, 60))
    who5 = default_reference(open_form("who-5"), 14)
    assert predict(who5, worse).p_no_reliable_improvement > predict(who5, better).p_no_reliable_improvement


def test_a_measure_without_a_cut_off_or_a_reliable_change_has_no_reference() -> None:
    assert default_reference(own_scale("x", sd=5, reliability=0.9)) is None
    without = next(name for name in ("ecr-rs", "iip-32", "own-stress") if open_form(name).change.reliable is None)
    assert default_reference(open_form(without)) is None


# ---- from days to weeks ----


@pytest.mark.parametrize(
    ("day", "week"), [(0, 0), (1, 1), (3, 1), (4, 1), (10, 1), (11, 2), (14, 2), (17, 2), (18, 3), (419, 60)]
)
def test_a_day_belongs_to_the_nearest_week_and_only_the_first_score_to_week_0(day, week) -> None:
    assert week_of(day) == week


def test_of_several_scores_in_a_week_the_last_one_stands() -> None:
    assert by_week([0, 2, 6, 9, 14], [20, 19, 18, 17, 16]) == {0: 20, 1: 17, 2: 16}
