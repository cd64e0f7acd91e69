"""Meetings beside the sessions are offered while their time is there, and not twice."""

from __future__ import annotations

import pytest
from factories import Course

from openipt.therapy.course import due
from openipt.therapy.course.meetings import meetings
from openipt.therapy.manuals import manual_ids, open_manual
from openipt.therapy.words import render

WITH_MEETINGS = [name for name in manual_ids() if open_manual(name).meetings]


def offered(course: Course, day: int) -> list[str]:
    return [one.meeting.id for one in meetings(course.manual, course.record, course.day(day))]


def held(course: Course, day: int, meeting: str, kind: str = "phone_check") -> Course:
    course.session(day, kind)
    return course.write("session-record", day, {"meeting": meeting}, about=course.sessions[-1].id)


@pytest.mark.parametrize(
    "name", ["ipc", "ipt-a", "ipt-ast", "ipt-b", "ipt-cm", "ipt-g", "ipt-group-who", "ipt-perinatal", "rose"]
)
def test_the_manuals_with_extra_meetings_name_them(name: str) -> None:
    assert name in WITH_MEETINGS


@pytest.mark.parametrize("name", WITH_MEETINGS)
def test_every_meeting_is_offered_at_some_time_and_is_gone_once_it_was_held_often_enough(name: str) -> None:
    manual = open_manual(name)
    for meeting in manual.meetings:
        course = Course(manual, age=15)
        seen = {meeting.id} & set(offered(course, 0))
        for week in range(manual.dose.usual):
            course.session(7 * week)
            seen |= {meeting.id} & set(offered(course, 7 * week))
        assert seen, meeting.id
        for n in range(meeting.count[1]):
            held(course, 300 + n, meeting.id)
        assert meeting.id not in offered(course, 400)


@pytest.mark.parametrize("name", WITH_MEETINGS)
def test_a_meeting_is_due_in_words(name: str) -> None:
    course = Course(name, age=15)
    for week in range(12):
        for item in due(course.manual, course.record, course.day(7 * week)):
            if item.kind == "meeting":
                assert render(item.why).strip()
        course.session(7 * week)


def test_a_group_begins_with_a_meeting_alone_and_has_one_half_way_and_one_after() -> None:
    course = Course("ipt-g")
    assert offered(course, 0) == ["before"]
    course.session(0, "pre_group")
    assert offered(course, 0) == []
    for week in range(1, 11):
        course.session(7 * week)
    assert offered(course, 70) == ["half-way"]
    course.session(73, "pre_group")
    assert offered(course, 73) == []
    for week in range(11, 21):
        course.session(7 * week)
    assert offered(course, 147) == ["after"]


def test_boosters_go_on_after_the_course_was_closed_and_are_counted() -> None:
    course = Course("ipt-ast", age=15)
    for week in range(8):
        course.session(7 * week)
    course.end(60)
    assert offered(course, 90) == ["boosters"]
    for month in range(1, 5):
        assert "boosters" in offered(course, 60 + 30 * month)
        course.session(60 + 30 * month, "pre_group")
    assert offered(course, 200) == []


def test_caregivers_are_asked_for_the_young_unless_a_parent_is_not_safe() -> None:
    young = Course("ipt-a", age=15)
    assert "caregivers-first" in offered(young, 0)
    assert "caregivers-first" not in offered(Course("ipt-a", age=15).write("consent", 0, {"parent_not_safe": True}), 0)
    assert "caregivers-first" not in offered(Course("ipt-a", age=19), 0)
    young.session(0).session(7, "joint")
    assert "caregivers-first" not in offered(young, 7)


def test_the_partner_session_of_the_perinatal_manual_is_offered_in_its_middle_and_not_before() -> None:
    course = Course("ipt-perinatal").weekly(1)
    assert offered(course, 0) == []
    course = Course("ipt-perinatal").weekly(6).formulation(7).contract(7, sessions=12)
    assert offered(course, 42) == ["close-person"]


def test_each_partner_of_a_couple_is_met_alone_first() -> None:
    course = Course("ipt-cm")
    assert offered(course, 0) == ["client-alone", "partner-alone"]
    held(course, 0, "partner-alone")
    assert offered(course, 1) == ["client-alone"]
