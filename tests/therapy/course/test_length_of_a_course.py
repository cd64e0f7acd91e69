"""Twelve to sixteen sessions, shorter, longer, open-ended: counted in sessions and in weeks, and said when over."""

from __future__ import annotations

import pytest
from factories import Course

from openipt.therapy.course import agenda, gates, where
from openipt.therapy.manuals import manual_ids, open_manual
from openipt.therapy.words import render


def here(course: Course, day: int):
    return where(course.manual, course.record, course.day(day))


def gate(course: Course, name: str, day: int) -> tuple[bool, str]:
    found = next(one for one in gates(course.manual, course.record, course.day(day)) if one.id == name)
    return found.open, render(found.why)


# ---- counted in sessions and in weeks ----


def test_sixteen_sessions_in_twenty_weeks_are_counted_both_ways() -> None:
    course = Course().contract(0, sessions=16, end=140)
    for n in range(12):
        course.session(10 * n)
    now = here(course, 120)
    assert (now.held, now.number, now.left, now.weeks) == (12, 13, 4, 17)
    assert (now.over, now.past_end) == (0, False)


@pytest.mark.parametrize("sessions", [12, 13, 14, 15, 16])
def test_any_number_between_least_and_most_has_its_ending(sessions: int) -> None:
    course = Course().contract(0, sessions=sessions).weekly(sessions - 1)
    now = here(course, 7 * sessions)
    assert (now.left, now.phase.kind) == (1, "termination")
    assert {"END.08", "END.09"} <= {item.task for item in agenda(course.manual, course.record, course.day(120)).items}


def test_over_is_said_by_the_number_and_by_the_day() -> None:
    course = Course().contract(0, sessions=12, end=84).weekly(13)
    now = here(course, 91)
    assert (now.over, now.past_end, now.left) == (1, True, 0)
    assert gate(course, "extension", 91)[0] is False


def test_an_extension_moves_the_end_and_not_the_phases() -> None:
    more = {"sessions": 4, "until": "2026-01-05", "reason": "A move is near"}
    course = Course().weekly(12).contract(77, sessions=12, end=80, extension=more)
    now = here(course, 84)
    assert (now.planned, now.left, now.over, now.past_end, now.phase.kind) == (16, 4, 0, False, "termination")


def test_a_shorter_agreement_later_brings_the_ending_nearer() -> None:
    course = Course().contract(0, sessions=16).weekly(8).contract(50, sessions=10, end=80)
    now = here(course, 56)
    assert (now.left, now.phase.kind) == (2, "termination")


# ---- open-ended ----

OPEN = [name for name in manual_ids() if open_manual(name).dose.open_ended]


def test_the_open_ended_manuals() -> None:
    assert OPEN == ["ipsrt", "ipt-m"]


@pytest.mark.parametrize("name", OPEN)
def test_where_no_number_was_agreed_the_usual_one_is_no_limit(name: str) -> None:
    usual = open_manual(name).dose.usual
    course = Course(name).weekly(usual + 3)
    now = here(course, 7 * (usual + 3))
    assert (now.over, now.open_end, now.left) == (0, True, 0)
    assert gate(course, "extension", 7 * usual) == (
        True, "This treatment is open-ended, and no number of sessions was agreed."
    )  # fmt: skip
    assert gate(course, "ending_raised", 7 * usual)[0] is True


@pytest.mark.parametrize("name", OPEN)
def test_once_a_number_is_agreed_it_holds(name: str) -> None:
    course = Course(name).contract(0, sessions=12, end=400).weekly(13)
    assert (here(course, 91).over, here(course, 91).open_end) == (1, False)
    assert gate(course, "extension", 91)[0] is False
    assert gate(course, "ending_raised", 91)[0] is False


def test_in_any_other_manual_the_usual_number_is_the_plan_until_one_is_agreed() -> None:
    course = Course().weekly(17)
    assert (here(course, 119).over, here(course, 119).open_end) == (1, False)
    assert gate(course, "extension", 119)[0] is False
