"""A course that begins says first what was not asked yet; it is never "nothing due"."""

from __future__ import annotations

import pytest
from factories import Course

from openipt.therapy.course import attention
from openipt.therapy.course.standing import Attention
from openipt.therapy.words import render

SHEETS = {
    "consent": {"treatment": True},
    "intake": {"alias": "Robin", "diagnosis": "Depression"},
    "safety-conversation": {"thoughts": 0, "intent": False, "plan": False, "recent_self_harm": False},
    "violence-check": {"asked_alone": True, "about": ["all_current"], "result": "none"},
}


def needs(course: Course, day: int = 0) -> Attention:
    return attention(course.manual, course.record, course.day(day))


def asked(*but: str) -> Course:
    """A course of which everything was asked on the first day, but for some."""
    course = Course(taken_in=False)
    for form, answers in SHEETS.items():
        if form not in but:
            course.write(form, 0, answers)
    return course if "phq-9" in but else course.phq9(0, 12)


def test_nobody_was_asked_anything_yet() -> None:
    found = needs(Course(taken_in=False))

    assert (found.need, found.cue_kind) == ("week", "due")
    assert render(found.reason) == "Not on record yet: consent, the intake, the safety questions and the first PHQ-9."


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ("consent", "consent"),
        ("intake", "the intake"),
        ("safety-conversation", "the safety questions"),
        ("violence-check", "the safety questions"),
        ("phq-9", "the first PHQ-9"),
    ],
)
def test_each_of_it_is_missed_by_itself(lacking: str, said: str) -> None:
    found = needs(asked(lacking))

    assert (found.need, render(found.reason)) == ("week", f"Not on record yet: {said}.")


def test_with_everything_asked_nothing_is_due() -> None:
    assert needs(asked()).need == "nothing"


def test_violence_asked_with_others_there_was_not_asked() -> None:
    course = asked("violence-check").write("violence-check", 0, SHEETS["violence-check"] | {"asked_alone": False})

    assert needs(course).reason.id == "caseload.unasked"


def test_a_name_alone_is_no_intake() -> None:
    course = asked("intake").write("intake", 0, {"alias": "Robin"})

    assert needs(course).reason.id == "caseload.unasked"


def test_an_answer_that_asks_for_a_person_still_stands_before_it() -> None:
    course = asked("consent").write("phq-9", 1, {f"q{n}": 1 for n in range(1, 10)})

    assert needs(course, 1).need == "first"


def test_later_in_a_course_the_gates_say_it() -> None:
    course = Course().weekly(3)

    assert needs(course, 15).reason.id != "caseload.unasked"
