"""Decision points: when a person must decide, on what evidence, with which options."""

from __future__ import annotations

import pytest
from factories import Course

from openipt.therapy.course import decision_points, due, gates, recorded_decision, state
from openipt.therapy.vocabulary import vocabulary
from openipt.therapy.words import render


def points(course: Course, day: int) -> dict:
    return {one.point.id: one for one in decision_points(course.manual, course.record, course.day(day))}


def due_days(course: Course, day: int) -> dict:
    return {name: (one.on - course.began).days for name, one in points(course, day).items()}


def with_scores(course: Course, *scores: tuple[int, float]) -> Course:
    for day, score in scores:
        course.total(day, score)
    return course


# ---- whichever comes first ----


def test_the_session_decides_where_it_comes_before_the_day() -> None:
    course = Course()
    for day in (0, 3, 6, 9):
        course.session(day)
    assert due_days(course, 9) == {"DP4": 9}


def test_the_day_decides_where_it_comes_before_the_session() -> None:
    course = Course().session(0).session(14).session(28)
    assert due_days(course, 27) == {}
    assert due_days(course, 28) == {"DP4": 28}


def test_all_points_fall_due_in_a_weekly_course_of_sixteen() -> None:
    course = Course().contract(14).weekly(16)
    assert due_days(course, 105) == {"DP4": 21, "DP8": 49, "DP12": 77, "END": 105}


def test_a_double_session_uses_two_and_a_missed_one_none() -> None:
    course = Course().session(0, "double").session(7, "no_show").session(14, "double")
    assert due_days(course, 14) == {"DP4": 14}


def test_what_came_later_does_not_move_what_was_due_before() -> None:
    course = Course().weekly(4)
    before = due_days(course, 21)
    course.session(28).session(35)
    assert due_days(course, 21) == before


# ---- exact percent decides, half-up is shown ----


def test_39_96_percent_at_decision_point_8_fails_and_is_shown_as_40() -> None:
    course = with_scores(Course().weekly(8), (0, 25), (49, 15.01))
    point = points(course, 49)["DP8"]
    assert point.fall_pct == pytest.approx(39.96)
    assert point.shown_pct == 40
    assert point.failed


@pytest.mark.parametrize(
    ("session", "point", "start", "enough"), [(4, "DP4", 25, 20), (8, "DP8", 25, 15), (12, "DP12", 24, 12)]
)
def test_exactly_the_hoped_for_fall_is_enough_and_a_hair_less_is_not(session, point, start, enough) -> None:
    day = 7 * (session - 1)
    held = with_scores(Course().weekly(session), (0, start), (day, enough))
    missed = with_scores(Course().weekly(session), (0, start), (day, enough + 0.01))
    assert not points(held, day)[point].failed
    assert points(missed, day)[point].failed


def test_the_score_of_the_due_day_decides_and_not_a_later_one() -> None:
    course = with_scores(Course().weekly(4), (0, 20), (21, 19), (25, 8))
    assert points(course, 25)["DP4"].failed


def test_a_score_that_got_worse_is_told_as_worse() -> None:
    course = with_scores(Course().weekly(4), (0, 20), (21, 22))
    told = " ".join(render(line) for line in points(course, 21)["DP4"].evidence)
    assert "Worse than at the start by 10 %" in told


def test_without_a_score_nothing_failed_and_nothing_is_shown() -> None:
    point = points(Course().weekly(4), 21)["DP4"]
    assert (point.fall_pct, point.shown_pct, point.failed) == (None, None, False)


# ---- DP2: only where something raises it ----


def test_dp2_is_not_raised_in_a_course_that_goes_its_way() -> None:
    course = Course().weekly(5).formulation(14, fit=6)
    assert "DP2" not in points(course, 40)


def test_dp2_is_raised_where_fewer_than_two_of_the_first_three_sessions_were_attended() -> None:
    course = Course().session(0).session(7, "no_show").session(14, "late_cancel")
    assert due_days(course, 20) == {}
    assert due_days(course, 21) == {"DP2": 21}


def test_dp2_needs_three_sessions_to_have_gone_by() -> None:
    course = Course().session(0).session(7, "no_show")
    assert "DP2" not in due_days(course, 25)


def test_dp2_is_raised_by_a_formulation_that_fits_below_6() -> None:
    course = Course().weekly(3).formulation(14, fit=5)
    assert due_days(course, 14) == {"DP2": 14}


def test_dp2_falls_due_on_the_day_of_the_poor_fit_where_that_comes_later() -> None:
    course = Course().weekly(5).formulation(28, fit=4)
    assert due_days(course, 28)["DP2"] == 28
    assert not points(course, 30)["DP2"].overdue


def test_a_better_fit_later_does_not_take_back_that_dp2_was_raised() -> None:
    course = Course().weekly(3).formulation(14, fit=4).decide(14, "DP2", "revise_formulation").formulation(21, fit=8)
    assert points(course, 21)["DP2"].recorded is not None


# ---- written, overdue ----


@pytest.mark.parametrize(("day", "overdue"), [(21, False), (28, False), (29, True)])
def test_a_point_is_overdue_after_seven_days(day, overdue) -> None:
    course = Course().weekly(4)
    assert points(course, day)["DP4"].overdue is overdue
    gate = next(one for one in gates(course.manual, course.record, course.day(day)) if one.id == "decision_due")
    assert gate.open is not overdue
    assert gate.strength == "soft"


def test_a_decision_closes_the_point_also_when_it_comes_late() -> None:
    course = Course().weekly(4).decide(33, "DP4", "adjust", reason="More feeling, less advice")
    assert points(course, 32)["DP4"].overdue
    assert not points(course, 33)["DP4"].overdue
    assert points(course, 33)["DP4"].recorded.answers["action"] == "adjust"


def test_still_open_and_handed_over_is_a_decision_too() -> None:
    course = Course().weekly(4).decide(21, "DP4", "handed_over", handed_over_to="Dr Hollen")
    assert not points(course, 60)["DP4"].overdue


def test_the_newest_decision_of_a_point_speaks() -> None:
    course = Course().weekly(4).decide(21, "DP4", "adjust").decide(24, "DP4", "augment")
    assert recorded_decision(course.record, "DP4").answers["action"] == "augment"


def test_a_point_that_falls_due_today_is_due_before_the_session_too() -> None:
    course = Course().weekly(3)
    items = {item.id: item for item in due(course.manual, course.record, course.day(21))}
    assert items["DP4"].kind == "decision"
    assert "DP2" not in items


# ---- the ending ----


def test_the_ending_falls_due_at_the_last_agreed_session() -> None:
    course = Course().contract(0, sessions=6, end=40).weekly(6)
    assert due_days(course, 34).get("END") is None
    assert due_days(course, 35)["END"] == 35


def test_an_extension_moves_the_ending() -> None:
    more = {"sessions": 2, "until": "2025-11-01", "reason": "Two more to practise"}
    course = Course().contract(0, sessions=6, end=40).contract(28, sessions=6, end=40, extension=more).weekly(8)
    assert due_days(course, 42).get("END") is None
    assert due_days(course, 49)["END"] == 49


def test_a_course_that_ended_early_asks_for_its_ending_on_that_day() -> None:
    course = Course().weekly(3).end(30, "moved")
    assert due_days(course, 30)["END"] == 30


# ---- evidence and options ----


def test_the_options_are_those_of_the_manual() -> None:
    course = Course().contract(14).weekly(16)
    for name, point in points(course, 105).items():
        assert list(point.options) == vocabulary()["decision_points"][name]["actions"]


def test_the_evidence_is_what_was_known_on_the_due_day() -> None:
    course = with_scores(Course().weekly(3).session(21, "no_show").session(28), (0, 20), (14, 18))
    course.formulation(14, fit=7).formulation(40, fit=9).violence_check(14).violence_check(50)
    told = " ".join(render(line) for line in points(course, 60)["DP4"].evidence)
    assert "4 of 5 sessions attended" in told
    assert "fits 7 of 10" in told
    assert "15 September 2025" in told  # the violence check of day 14, not the one of day 50


def test_a_check_with_others_in_the_room_is_not_told_as_asked_alone() -> None:
    course = Course().weekly(4).violence_check(14, asked_alone=False)
    told = " ".join(render(line) for line in points(course, 21)["DP4"].evidence)
    assert "has not been asked about yet" in told


# ---- what was found when it fell due, and what it is now ----


def off_track_at_eight() -> Course:
    """29 % better where 40 % was hoped for at session 8; a week later 43 %."""
    return with_scores(Course().weekly(9), (0, 21), (21, 15), (49, 15), (56, 12))


def test_a_point_says_what_was_found_on_its_day_and_never_that_it_is_so_now() -> None:
    point = points(off_track_at_eight(), 56)["DP8"]

    assert "29 % better" in render(point.state.why)
    assert "now" not in render(point.state.why)
    assert render(point.since) == "It is now 12 (27 October), 43 % better than at the start."


def test_the_sentence_of_today_names_the_newest_score_and_that_the_next_point_judges_anew() -> None:
    course = off_track_at_eight()
    told = state(course.manual, course.record, course.day(56))

    assert told.id == "off_track"  # the table keeps what the last point found
    assert render(told.why) == (
        "PHQ-9 was 29 % better at Decision point 8 (21 to 15); 40 % was hoped for. "
        "It is now 12 (27 October), 43 % better than at the start. The next decision point judges this anew."
    )


def test_where_no_score_came_in_since_nothing_is_said_of_now() -> None:
    course = with_scores(Course().weekly(8), (0, 21), (49, 15))

    assert points(course, 49)["DP8"].since is None
    assert "now" not in render(state(course.manual, course.record, course.day(49)).why)
