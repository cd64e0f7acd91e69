"""What the newest questions asked alone were answered with is said where a session is prepared."""

from __future__ import annotations

from typing import Any

from factories import Course

from openipt.therapy.course.at_home import danger_at_home
from openipt.therapy.words import render


def asked(course: Course, day: int, result: str, **more: Any) -> Course:
    said = {"date": course.day(day).isoformat(), "asked_alone": True, "about": ["all_current"], "result": result}
    return course.write("violence-check", day, {**said, "safe_to_raise": "unsure", **more}, id=f"check-{day}")


def said(course: Course, day: int = 30) -> list[str]:
    return [render(one) for one in danger_at_home(course.record, course.day(day))]


def test_fear_or_coercion_is_said() -> None:
    assert said(asked(Course(), 7, "fear_or_coercion")) == [
        "Asked on 8 September 2025 about anybody in the client's life: Fear or coercion."
    ]


def test_not_safe_to_raise_is_said_whatever_else_was_answered() -> None:
    assert "Not safe to raise" in said(asked(Course(), 7, "none", safe_to_raise="no"))[0]


def test_what_was_asked_again_and_is_safe_now_is_not_said() -> None:
    course = asked(asked(Course(), 7, "fear_or_coercion", about=["P1"]), 14, "none", safe_to_raise="yes")

    assert said(course) == []


def test_one_person_found_safe_does_not_take_back_what_was_said_of_another() -> None:
    course = asked(Course(), 7, "current_violence", about=["P1"])
    asked(course, 14, "none", about=["P2"], safe_to_raise="yes")

    assert len(said(course)) == 1


def test_what_was_asked_later_is_not_known_yet() -> None:
    assert said(asked(Course(), 7, "fear_or_coercion"), day=3) == []
