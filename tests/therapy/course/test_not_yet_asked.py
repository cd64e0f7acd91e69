"""What was due at an earlier session stays due until it is on record; what is known of danger is told with its day."""

from __future__ import annotations

import pytest
from factories import Course

from openipt.therapy.course.not_yet_asked import known_danger, not_yet_asked
from openipt.therapy.words import render

FIRST = {"tasks": ["INI.01"]}


def eight(**eighth) -> Course:
    """A course in which both were asked at the first and the fourth session."""
    course = Course()
    for n in range(7):
        course.session(7 * n, **(FIRST if n in (0, 3) else {}))
    return course.session(49, **eighth)


def told(course: Course) -> list[str]:
    return [render(one.why) for one in not_yet_asked(course.manual, course.record)]


def test_what_was_due_at_the_eighth_session_and_was_not_asked_is_named_with_its_session() -> None:
    first, second = told(eight())

    assert first.startswith("Thoughts of death and self-harm, asked about aloud: due at session 8 (")
    assert second.startswith("Medical, mania, psychosis and substances review: due at session 8 (")


@pytest.mark.parametrize("later", [0, 1])
def test_once_it_is_on_record_at_that_session_or_later_it_is_due_no_more(later: int) -> None:
    assert told(eight().session(56, **FIRST) if later else eight(**FIRST)) == []


def test_the_card_speaks_for_the_question_about_death_and_not_for_the_medical_review() -> None:
    assert [one.split(",")[0] for one in told(eight(safety_asked=True))] == ["Medical"]


@pytest.mark.parametrize("form", ["safety-conversation", "medical-review"])
def test_a_sheet_speaks_for_itself_alone(form: str) -> None:
    course = eight()
    before = {one.form for one in not_yet_asked(course.manual, course.record)}
    course.write(form, 50, {})

    assert {one.form for one in not_yet_asked(course.manual, course.record)} == before - {form}


def test_a_medical_review_before_the_first_session_counts_for_it() -> None:
    course = Course().write("medical-review", 0, {}).session(1).session(8)

    assert {one.form for one in not_yet_asked(course.manual, course.record)} == {"safety-conversation"}


def test_a_session_is_told_what_the_sessions_before_it_left_open_and_a_course_that_ended_nothing() -> None:
    course = eight()

    assert not_yet_asked(course.manual, course.record, course.sessions[7]) == ()
    assert told(course.end(60)) == []


def test_asked_alone_about_violence_it_is_never_named() -> None:
    assert not any("violen" in one.lower() or "alone" in one for one in told(eight().violence_check(0)))


# ---- what is known of danger ----


def danger(course: Course, day: int) -> tuple[str, str] | None:
    found = known_danger(course.manual, course.record, course.day(day))
    return (render(found.told), render(found.plan)) if found else None


def test_the_newest_answer_is_told_with_its_day_and_the_plan_as_it_stands() -> None:
    course = Course().session(0).phq9(0, 12, q9=2).session(7).phq9(7, 12, q9=1)

    answer, plan = danger(course, 8) or ("", "")
    assert "PHQ-9 question 9 was answered “Several days”" in answer
    assert answer.startswith("On ")
    assert plan == "No safety plan is on record."
    course.safety_plan(7)
    assert "is current" in (danger(course, 8) or ("", ""))[1]
    assert "today it is no longer current" in (danger(course, 40) or ("", ""))[1]


def test_where_nothing_was_answered_about_danger_nothing_is_told() -> None:
    assert danger(Course().session(0).phq9(0, 12), 8) is None
