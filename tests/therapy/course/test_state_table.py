"""Is it working? The one table of the clinical rules, held against a second writing of it, and told as courses."""

from __future__ import annotations

from math import exp, log

import pytest
from factories import Course
from hypothesis import HealthCheck, given, settings
from second_state_table import Rules, second_state
from strategies import score_paths

from openipt.therapy.course import state
from openipt.therapy.course.state import worse_on
from openipt.therapy.vocabulary import vocabulary
from openipt.therapy.words import render

STATES = set(vocabulary()["states"])
MAINTENANCE = Rules(treats=False, silent_days=45, points=())
MODERATE = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LONG = settings(max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def state_on(course: Course, day: int) -> str:
    return state(course.manual, course.record, course.day(day)).id


def weekly(scores: list[float]) -> Course:
    """A session a week, with a reported score at each."""
    course = Course()
    for week, score in enumerate(scores):
        course.session(7 * week).total(7 * week, score)
    return course


def states_of(scores: list[float]) -> list[str]:
    course = weekly(scores)
    return [state_on(course, 7 * week) for week in range(len(scores))]


def agrees(path, rules=None) -> None:
    """Both writings of the table say the same on every day from the first to today."""
    record = path.course.record
    for day in sorted({*range(0, path.today, 5), path.today}):
        made = state(path.course.manual, record, path.course.day(day))
        assert made.id == second_state(path.plain, day, rules), f"on day {day}: {path.plain}"
        assert made.id in STATES
        assert "{" not in render(made.why)


# ---- two writings of one table ----


@MODERATE
@given(score_paths())
def test_both_writings_of_the_table_agree_on_every_course(path) -> None:
    agrees(path)


@settings(MODERATE, max_examples=80)
@given(score_paths(manual="ipt-m"))
def test_both_writings_agree_where_only_the_rise_rule_holds(path) -> None:
    agrees(path, MAINTENANCE)


@pytest.mark.nightly
@LONG
@given(score_paths(length=30))
def test_both_writings_agree_on_long_courses(path) -> None:
    agrees(path)


def test_the_labels_of_the_states_are_words_for_a_person() -> None:
    assert {"worse", "ask", "off_track", "on_track", "early", "steady"} == STATES


# ---- the courses named in the clinical rules ----


def expected_course(baseline: float, weeks: int = 16) -> list[float]:
    """The expected course of the default reference, given the baseline only (INSIGHT 2.2)."""

    def f(week: int) -> float:
        return log(1 + week) / log(15)

    def mean(week: int) -> float:
        return 15.5 - 6 * f(week)

    def covariance(s: int, t: int) -> float:
        noise = 1.7**2 if s == t else 0
        return 4.0**2 - 3.3 * (f(s) + f(t)) + 5.5**2 * f(s) * f(t) + 1.8**2 * exp(-abs(s - t) / 2.5) + noise

    slope = {week: covariance(week, 0) / covariance(0, 0) for week in range(weeks)}
    return [mean(week) + slope[week] * (baseline - mean(0)) for week in range(weeks)]


@pytest.mark.parametrize(
    ("baseline", "weeks_4_8_14"), [(12, (9.61, 8.50, 7.49)), (17, (12.93, 11.54, 10.36)), (22, (16.25, 14.58, 13.23))]
)
def test_the_expected_course_is_the_one_of_the_reference(baseline, weeks_4_8_14) -> None:
    course = expected_course(baseline)
    assert [round(course[week], 2) for week in (4, 8, 14)] == list(weeks_4_8_14)


def test_a_course_that_starts_at_9_and_follows_the_expected_course_is_steady_throughout() -> None:
    assert set(states_of(expected_course(9))) == {"steady"}


def test_a_course_that_starts_at_11_and_follows_the_expected_course_is_never_off_track() -> None:
    told = states_of(expected_course(11))
    assert "off_track" not in told
    assert told[-1] == "on_track"


def test_a_course_from_24_to_18_by_week_4_that_stays_there_is_off_track_at_session_8() -> None:
    told = states_of([24, 22, 20, 18, 18, 18, 18, 18])
    assert told[:3] == ["early"] * 3
    assert told[3:7] == ["on_track"] * 4  # 25 % better at decision point 4
    assert told[7] == "off_track"  # and still 25 % at decision point 8


def test_from_20_to_8_and_up_to_15_twice_is_worse_than_at_its_best() -> None:
    assert states_of([20, 8, 15, 15]) == ["early", "on_track", "early", "worse"]


def test_one_rise_alone_is_not_worse() -> None:
    assert states_of([14, 20])[-1] == "early"


def test_one_rise_that_the_clinician_confirms_is_worse() -> None:
    course = weekly([14, 20]).decide(7, "DP4", confirmed_worse=True)
    assert state_on(course, 7) == "worse"


def test_a_rise_confirmed_later_is_worse_from_that_day_and_not_before() -> None:
    course = weekly([14, 20]).write("session-record", 9, {"confirmed_worse": True}, about="S02")
    assert state_on(course, 8) == "early"
    assert state_on(course, 9) == "worse"


def test_an_old_confirmation_does_not_confirm_a_new_rise() -> None:
    course = weekly([14, 20]).decide(7, "DP4", confirmed_worse=True)
    course.total(14, 13).session(21).total(21, 19)
    assert state_on(course, 14) == "early"
    assert state_on(course, 21) == "early"  # one rise, of 6 over the best, that nobody has confirmed


def test_a_rise_over_a_low_start_is_worse_too() -> None:
    assert states_of([5, 11, 12])[-1] == "worse"


# ---- the edges of each row ----


@pytest.mark.parametrize(("score", "told"), [(16.0, "on_track"), (16.01, "off_track"), (9.9, "on_track")])
def test_exactly_20_percent_better_at_decision_point_4_is_enough(score, told) -> None:
    assert states_of([20, 20, 20, score])[-1] == told


def test_two_sessions_without_a_score_ask_and_are_never_off_track() -> None:
    course = weekly([20, 20]).session(14)
    assert state_on(course, 14) == "early"
    course.session(21)
    assert state_on(course, 21) == "ask"


def test_an_answer_given_the_evening_before_counts_for_the_session() -> None:
    course = weekly([20, 20]).session(14).total(20, 19, hour=20).session(21)
    assert state_on(course, 21) != "ask"


def test_a_sheet_too_empty_to_score_is_no_answer() -> None:
    course = weekly([20, 20]).session(14).session(21).write("phq-9", 21, {"q1": 3, "q9": 0})
    assert state_on(course, 21) == "ask"


@pytest.mark.parametrize(("day", "told"), [(27, "early"), (28, "ask")])
def test_twenty_one_days_without_a_score_ask(day, told) -> None:
    course = weekly([20, 20])
    assert state_on(course, day) == told


def test_worse_is_said_before_asking() -> None:
    course = weekly([14, 20, 21])
    assert state_on(course, 14 + 60) == "worse"


def test_a_course_that_ended_is_judged_as_it_ended() -> None:
    course = weekly([20, 14, 12, 9]).end(21)
    assert state_on(course, 400) == "on_track"


def test_before_the_first_session_nothing_is_off_track() -> None:
    course = Course().total(0, 20).total(10, 20).total(20, 20).total(30, 20)
    assert state_on(course, 30) == "early"


def test_without_a_score_at_the_start_remission_is_still_seen() -> None:
    course = Course().session(0).session(7).total(7, 3)
    assert state_on(course, 7) == "on_track"


def test_a_score_that_got_worse_is_not_told_as_a_fall_of_minus_percent() -> None:
    course = weekly([20, 20, 20, 22])
    told = render(state(course.manual, course.record, course.day(21)).why)
    assert "10 % worse" in told
    assert "-" not in told.replace("PHQ-9", "")


def test_the_day_decides_where_sessions_are_rare() -> None:
    course = Course().session(0).total(0, 20).session(20).total(20, 19).session(28).total(28, 19)
    assert state_on(course, 27) == "early"
    assert state_on(course, 28) == "off_track"  # third session, day 28


@given(score_paths())
@settings(MODERATE, max_examples=100)
def test_a_day_that_is_passed_over_quickly_is_never_one_on_which_the_course_is_worse(path) -> None:
    passes_over_no_day_that_is_worse(path)


@pytest.mark.long
@given(score_paths())
@MODERATE
def test_so_it_is_on_many_courses(path) -> None:
    passes_over_no_day_that_is_worse(path)


def passes_over_no_day_that_is_worse(path) -> None:
    course = path.course
    for day in range(path.today + 1):
        told = worse_on(course.manual, course.record, course.day(day))
        judged = state(course.manual, course.record, course.day(day))
        assert told == (judged if judged.id == "worse" else None)
