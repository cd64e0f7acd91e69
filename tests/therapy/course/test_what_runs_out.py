"""What was asked alone, or agreed for a time, is named before it runs out; never what was answered."""

from __future__ import annotations

from datetime import date

import pytest
from factories import Course

from openipt.therapy.course.runs_out import runs_out
from openipt.therapy.words import render

ALONE = (
    "The check that is asked alone (9 November) still holds, until 23 November."
    " A hard talk after that day needs it again. Is there a moment for it?"
)
OVER = (
    "The check that is asked alone (9 November) no longer holds."
    " The next hard talk needs it again. Is there a moment for it?"
)


def a_dispute(**more) -> Course:
    """A dispute with Lena, who was asked about on 9 November; sessions every Tuesday up to the 17th."""
    course = Course(began=date(2026, 11, 3)).person("P1", alias="Lena").write("dispute-map", 0, {"person": "P1"})
    said = {"asked_alone": True, "about": ["P1"], "result": "none", "safe_to_raise": "yes", **more}
    course.write("violence-check", 6, {"date": course.day(6).isoformat(), **said})
    return course.session(0).session(7).session(14)


def told(course: Course, day: int) -> list[str]:
    return [render(one) for one in runs_out(course.manual, course.record, course.day(day))]


def test_it_is_said_at_the_session_before_which_it_is_to_be_asked_again() -> None:
    assert told(a_dispute(), 14) == [ALONE]


@pytest.mark.parametrize(("next_date", "said"), [("2026-11-22T10:00", []), ("2026-11-24T10:00", [ALONE])])
def test_the_day_agreed_for_the_next_session_counts(next_date, said) -> None:
    course = a_dispute().write("session-record", 14, {"next_date": next_date}, about="S03")

    assert told(course, 14) == said


def test_what_is_over_is_said_until_somebody_has_asked() -> None:
    course = a_dispute()

    assert told(course, 21) == [OVER]
    again = {"date": course.day(21).isoformat(), "asked_alone": True, "about": ["P1"], "result": "none"}
    assert told(course.write("violence-check", 21, again), 21) == []


@pytest.mark.parametrize("result", ["none", "fear_or_coercion", "current_violence"])
def test_nothing_of_what_was_answered_is_in_it(result) -> None:
    assert told(a_dispute(result=result, safe_to_raise="no"), 14) == [ALONE]


def test_of_several_people_whoever_was_asked_about_longest_ago_counts() -> None:
    course = a_dispute().person("P2").write("dispute-map", 8, {"person": "P2"})
    said = {"date": course.day(13).isoformat(), "asked_alone": True, "about": ["P2"], "result": "none"}

    assert told(course.write("violence-check", 13, said), 14) == [ALONE]


def test_where_nothing_hard_is_in_view_or_nobody_was_asked_nothing_is_said() -> None:
    loss = Course(began=date(2026, 11, 3)).session(0).session(14)
    said = {"date": loss.day(6).isoformat(), "asked_alone": True, "about": ["all_current"], "result": "none"}

    assert told(loss, 14) == []
    assert told(loss.write("violence-check", 6, said), 14) == []


def test_a_time_to_recover_that_ends_before_the_next_session_asks_what_becomes_of_it() -> None:
    course = Course(began=date(2026, 11, 3)).session(0).session(7)
    course.write("time-to-recover", 0, {"until": "2026-11-16", "duties_reduced": [{"text": "Cooking"}]})

    assert told(course, 0 + 7) == [
        "Time to recover was agreed until 16 November. Does it end, or is it renewed with a date?"
    ]
