"""The agenda of the session that comes next, and what is due for it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from factories import Course
from personas import newcomer, settled

from openipt.therapy.course import agenda, due, where
from openipt.therapy.manuals import bare_manual, manual_ids, open_manual, open_task
from openipt.therapy.words import render


def offered(course: Course, day: int) -> list[str]:
    return [item.task for item in agenda(course.manual, course.record, course.day(day)).offered]


def due_ids(course: Course, day: int) -> list[str]:
    return [item.id for item in due(course.manual, course.record, course.day(day))]


# ---- where a course stands ----


def test_a_course_is_counted_in_sessions_and_in_weeks() -> None:
    course = Course().contract(14).weekly(3).session(21, "no_show").session(28, "double")
    here = where(course.manual, course.record, course.day(30))
    assert (here.held, here.number, here.planned, here.left, here.weeks) == (5, 6, 16, 11, 4)
    assert here.phase.id == "middle"


def test_a_session_told_late_takes_its_place_in_time() -> None:
    course = Course().session(0).session(14).session(7)
    assert [session.day for session in course.record.sessions] == [course.day(0), course.day(7), course.day(14)]


@pytest.mark.parametrize(
    ("planned", "phases"),
    [
        (16, {"initial": (1, 3), "middle": (4, 12), "termination": (13, 16)}),
        (14, {"initial": (1, 3), "middle": (4, 10), "termination": (11, 14)}),
        (12, {"initial": (1, 3), "middle": (4, 9), "termination": (10, 12)}),
        (6, {"initial": (1, 3), "middle": (4, 4), "termination": (5, 6)}),
        (4, {"initial": (1, 2), "termination": (3, 4)}),
        (3, {"initial": (1, 2), "termination": (3, 3)}),
    ],
)
def test_phases_follow_the_agreed_number_of_sessions(planned, phases) -> None:
    assert open_manual("ipt-classic").ranges(planned) == phases


@pytest.mark.parametrize("manual_id", manual_ids())
def test_every_session_of_every_length_has_a_phase_and_each_phase_follows_the_last(manual_id) -> None:
    manual = open_manual(manual_id)
    for planned in range(1, 41):
        ranges = sorted(manual.ranges(planned).values())
        assert all(first <= last for first, last in ranges)
        assert all(later[0] > earlier[1] for earlier, later in pairwise(ranges))
        for number in range(1, planned + 5):
            assert manual.phase_of(number, planned) in manual.phases


# ---- what is offered ----


def test_the_first_session_offers_safety_consent_and_the_first_measures() -> None:
    told = offered(Course(), 0)
    assert {"INI.01", "INI.02", "INI.14"} <= set(told)
    assert not {task for task in told if task.startswith(("MID.04", "END"))}


def test_the_opening_question_changes_after_the_first_session() -> None:
    course = Course()
    first = agenda(course.manual, course.record, course.day(0)).opener
    later = agenda(course.manual, newcomer().record, course.day(7)).opener
    assert first != later
    assert "last met" in later


def test_the_middle_offers_the_steps_of_the_area_in_focus() -> None:
    told = offered(settled(5), 35)
    assert {"DSP.01", "DSP.03", "MID.04", "MID.06"} <= set(told)
    assert "GRF.02" not in told


def test_what_was_done_once_is_not_asked_for_again_unless_something_calls_for_it() -> None:
    course = settled(5).session(35, tasks=["MID.10", "DSP.01"]).violence_check(35)
    items = {item.task: item for item in agenda(course.manual, course.record, course.day(42)).items}
    assert items["DSP.01"].reason == "again"
    assert items["DSP.01"].done_before == 1


def test_safety_is_asked_about_aloud_at_the_start_at_decision_points_after_a_loss_and_at_the_end() -> None:
    assert "INI.01" in offered(Course(), 0)
    assert "INI.01" in offered(settled(7), 49)  # session 8
    assert "INI.01" in offered(settled(5).session(42, tasks=["INI.01"]), 56)  # session 7 only, but day 56
    assert "INI.01" in offered(settled(15), 105)
    quiet = settled(5).session(35, tasks=["INI.01"])
    assert "INI.01" not in offered(quiet, 42)
    assert "INI.01" in offered(quiet.event("ev-1", 40, "death", "2025-10-09"), 42)


def test_an_old_loss_told_now_is_not_a_new_one() -> None:
    quiet = settled(5).session(35, tasks=["INI.01"])
    assert "INI.01" not in offered(quiet.event("ev-1", 40, "death", "1999-10-09"), 42)


def test_a_task_on_the_forbid_list_is_never_offered() -> None:
    strict = open_manual("ipt-classic").model_copy(update={"forbid": ("MID.06",), "version": "1.0.1"})
    course = settled(5, manual=strict, manual_version="1.0.1")
    held = {item.task: item for item in agenda(strict, course.record, course.day(35)).items}["MID.06"]
    assert (held.status, held.gate) == ("held_back", "prohibited")
    assert render(held.why) == "Not part of this treatment: Rehearse it."


def test_items_run_in_the_order_of_the_session_frame() -> None:
    course = settled(5)
    order = [part.id for part in course.manual.frame]
    parts = [item.part for item in agenda(course.manual, course.record, course.day(35)).items if item.part]
    assert parts == sorted(parts, key=order.index)


def test_everything_a_manual_can_offer_is_in_the_catalogue() -> None:
    for manual_id in manual_ids():
        manual = open_manual(manual_id)
        for task in {*(offer.task for offer in manual.offers), *(step for area in manual.areas for step in area.steps)}:
            assert open_task(task).line


def test_a_manual_that_is_not_on_the_shelf_offers_nothing_and_still_tells_points_and_states() -> None:
    manual = bare_manual("ipt-elsewhere", "1.0.0", group=False)
    course = Course(manual).weekly(4).total(0, 20).total(21, 19)
    assert agenda(manual, course.record, course.day(28)).items == ()
    assert "DP4" in due_ids(course, 28)


# ---- what is due ----


def test_measures_are_due_at_their_sessions_with_a_reason() -> None:
    course = Course().weekly(3)
    items = {item.id: item for item in due(course.manual, course.record, course.day(21))}
    assert {"phq-9", "gad-7"} <= set(items)
    assert "audit-c" not in items
    assert render(items["phq-9"].why) == "Every session."


def test_a_measure_answered_today_is_not_due_again() -> None:
    assert "phq-9" not in due_ids(Course().weekly(3).phq9(21, 18), 21)


def test_satisfaction_is_asked_once_for_each_living_person_of_the_focus() -> None:
    course = Course().weekly(2).person("P01", alias="Lena", in_focus=True).person("P02", alias="Rui", in_focus=True)
    course.person("P03", alias="Erik", in_focus=True, status="deceased")
    about = [item.about for item in due(course.manual, course.record, course.day(14)) if item.id == "own-satisfaction"]
    assert about == ["P01", "P02"]
    course.write("own-satisfaction", 14, {"q1": 5}, about="P01", hour=8)
    about = [item.about for item in due(course.manual, course.record, course.day(14)) if item.id == "own-satisfaction"]
    assert about == ["P02"]


def test_time_to_recover_is_reviewed_on_its_day_also_when_a_sheet_without_content_followed() -> None:
    course = Course().weekly(3).write("time-to-recover", 7, {"until": "2025-10-01", "duties_reduced": [{"text": "x"}]})
    assert "INI.04" not in due_ids(course, 29)
    assert "INI.04" in due_ids(course, 30)
    course.write("time-to-recover", 30, {"ended": True}).write("time-to-recover", 31, {}, kind="without_content")
    assert "INI.04" not in due_ids(course, 35)


def test_the_step_agreed_last_time_is_asked_about() -> None:
    course = Course().session(0).thing("steps", "st-1", 0)
    course.write("between-session-step", 0, {"text": "Ring a friend", "agreed_in": "S01"}, about="st-1")
    step = next(item for item in due(course.manual, course.record, course.day(7)) if item.kind == "step")
    assert render(step.why) == "Agreed last time: Ring a friend"
