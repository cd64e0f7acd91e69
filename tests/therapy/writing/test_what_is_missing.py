"""What was due at a session and is not on record of it is said in its note: missing is never zero, and never silent."""

from __future__ import annotations

from datetime import date

import pytest
from factories import Course

from openipt.therapy.words import render
from openipt.therapy.writing import note

ALONE = "What is asked alone was due again at this session (asked last on 9 November) and is not on record for it."


def three_sessions(**last) -> Course:
    course = Course()
    for day in (0, 7, 14):
        course.phq9(day, 18)
    return course.session(0).session(7).session(14, **last)


def missing(course: Course, number: int) -> list[str]:
    made = note(course.manual, course.record, course.sessions[number - 1])
    return [render(line) for part in made.parts for line in part.lines if "not on record" in render(line)]


def not_recorded(course: Course, number: int) -> list[str]:
    return [render(one) for one in note(course.manual, course.record, course.sessions[number - 1]).not_recorded]


# ---- questionnaires ----


def test_every_questionnaire_that_was_due_and_did_not_come_in_is_named_in_the_note() -> None:
    course = three_sessions()

    assert missing(course, 3) == ["OSF-5 and ALLIANCE-5 were due and are not on record for this session."]
    assert missing(course, 2) == []
    assert "were due and are not on record for this session." in missing(course, 1)[0]  # of the start: several


@pytest.mark.parametrize(("day", "said"), [(8, False), (14, False), (15, True)])
def test_what_came_in_since_the_session_before_is_not_missing(day: int, said: bool) -> None:
    course = three_sessions().total(day, 18, form="openipt-session-feedback")

    assert ("OSF-5" in missing(course, 3)[0]) == said


def test_nothing_is_missing_of_a_session_that_nobody_came_to() -> None:
    assert missing(Course().session(0).session(7).session(14, kind="no_show"), 3) == []


# ---- what is asked again at its time ----

SAFETY = "thoughts of death and self-harm asked about aloud (due at this session)"
MEDICAL = "the medical, mania, psychosis and substances review (due at this session)"


def test_what_was_to_be_asked_aloud_and_was_not_is_among_what_is_not_recorded() -> None:
    assert {SAFETY, MEDICAL} <= set(not_recorded(Course().session(0), 1))


@pytest.mark.parametrize("said", [{"tasks": ["INI.01"]}, {"safety_asked": True}])
def test_what_was_asked_is_not_missing(said: dict) -> None:
    assert SAFETY not in not_recorded(Course().session(0, **said), 1)


def test_a_time_to_recover_that_was_neither_ended_nor_renewed_is_not_recorded() -> None:
    course = Course(began=date(2026, 11, 3)).session(0).session(14)
    course.write("time-to-recover", 0, {"until": "2026-11-16", "duties_reduced": [{"text": "Cooking"}]})

    assert "whether time to recover ends or goes on (agreed until 16 November)" in not_recorded(course, 2)
    assert not [one for one in not_recorded(course, 1) if "recover" in one]
    course.write("time-to-recover", 14, {"ended": True})
    assert not [one for one in not_recorded(course, 2) if "recover" in one]


# ---- what is asked alone ----


def a_dispute(**more) -> Course:
    """A dispute with Lena, who was asked about alone on 9 November; it is good until the 23rd."""
    course = Course(began=date(2026, 11, 3)).person("P1", alias="Lena").write("dispute-map", 0, {"person": "P1"})
    said = {"asked_alone": True, "about": ["P1"], "result": "none", "safe_to_raise": "yes", **more}
    return course.write("violence-check", 6, {"date": course.day(6).isoformat(), **said}).session(7).session(21)


def alone(course: Course, number: int) -> str:
    said = note(course.manual, course.record, course.sessions[number - 1]).alone
    return render(said) if said else ""


@pytest.mark.parametrize("result", ["none", "fear_or_coercion", "current_violence"])
def test_what_is_asked_alone_and_ran_out_is_said_beside_the_note_and_not_what_was_answered(result: str) -> None:
    course = a_dispute(result=result)

    assert alone(course, 1) == ""  # good until the 23rd
    assert alone(course, 2) == ALONE


def test_it_is_no_part_of_the_note_nor_of_what_is_handed_on() -> None:
    course = a_dispute()
    made = note(course.manual, course.record, course.sessions[1], people=True, words=True)
    told = " ".join(render(line) for part in made.parts for line in part.lines)

    assert "alone" not in told + " ".join(map(render, made.not_recorded))


def test_once_it_was_asked_in_the_session_nothing_is_said() -> None:
    course = a_dispute()
    again = {"date": course.day(21).isoformat(), "asked_alone": True, "about": ["P1"], "result": "none"}

    assert alone(course.write("violence-check", 21, again), 2) == ""
