"""Who needs somebody first: an answer, a rise, and only then what is not written."""

from __future__ import annotations

from factories import Course

from openipt.therapy.course import attention
from openipt.therapy.course.standing import Attention
from openipt.therapy.words import render


def told(*scores: int, decided: bool = False) -> Course:
    course = Course().weekly(len(scores))
    for week, score in enumerate(scores):
        course.total(7 * week, score)
    return course.write("decision-record", 7 * 3, {"point": "DP4", "action": "continue"}) if decided else course


def needs(course: Course, day: int) -> Attention:
    return attention(course.manual, course.record, course.day(day))


def as_hoped_and_not_written() -> Attention:
    return needs(told(20, 18, 16, 12), 21)


def test_one_high_score_is_asked_about_before_a_decision_that_is_only_not_written() -> None:
    rose = needs(told(17, 17, 17, 17, 24, decided=True), 28)

    assert rose.need == "first"
    assert rose.rank < as_hoped_and_not_written().rank
    assert "PHQ-9 rose to 24 (29 September) from its best of 17, once so far" in render(rose.reason)


def test_worse_stands_first_still_when_somebody_has_written_an_outcome() -> None:
    course = told(17, 17, 17, 17, 24, 24, decided=True)
    course.flag(35, "R5", outcome=35)
    worse = needs(course, 35)

    assert worse.need == "first"
    assert worse.rank < as_hoped_and_not_written().rank


def test_of_two_decisions_that_are_not_written_the_one_with_less_change_comes_first() -> None:
    assert needs(told(20, 20, 20, 20), 21).rank < as_hoped_and_not_written().rank


def test_a_rise_that_a_clinician_confirmed_is_no_question_any_more() -> None:
    course = told(17, 17, 17, 17, 24, decided=True)
    course.write("session-record", 28, {"confirmed_worse": True}, about="S05")

    assert "once so far" not in render(needs(course, 28).reason)


def test_a_known_answer_is_asked_about_in_the_session_and_is_no_new_task() -> None:
    course = Course().session(0).phq9(0, 18, q9=1).flag(0, "R1", outcome=0).safety_plan(0, review=28)
    course = course.session(7).phq9(7, 18, q9=1)
    known = needs(course, 7)

    assert (known.need, known.cue_kind) == ("week", "due")
    assert render(known.cue) == "Known: ask in the session"
    assert "as known" in render(known.reason)
