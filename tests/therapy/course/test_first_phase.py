"""The first phase: when each sheet of the beginning is asked again, what a focus was, what a manual leaves out."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from factories import Course
from hypothesis import given
from hypothesis import strategies as st

from openipt.therapy.course import ending_begun, evidence_for_areas, gates
from openipt.therapy.course.asked_again import AskedAgain, beginning_safely
from openipt.therapy.course.chosen import areas_of, focus_history, left_out, not_done
from openipt.therapy.manuals import manual_ids, open_manual
from openipt.therapy.record import fit, focus, people_now
from openipt.therapy.words import render

AREAS = ("PA_GRIEF", "PA_DISPUTE", "PA_TRANSITION", "PA_DEFICIT")
ANSWERS = ("none", "unsure", "fear_or_coercion", "past_violence", "current_violence")


def line(course: Course, form: str, day: int = 0) -> AskedAgain:
    found = {one.form: one for one in beginning_safely(course.manual, course.record, course.day(day))}
    return found[form]


# ---- asked again ----


def test_what_was_never_asked_is_due_and_rest_is_offered_but_never_owed() -> None:
    found = beginning_safely(Course().manual, Course().record, Course().day(0))

    due = {one.form: one.due for one in found if one.last is None}
    assert due == {
        "consent": True,
        "safety-conversation": True,
        "medical-review": True,
        "violence-check": True,
        "time-to-recover": False,
    }


@pytest.mark.parametrize(("held", "due", "at"), [(1, False, 4), (2, False, 4), (3, True, 4), (4, True, 4)])
def test_the_medical_review_is_due_again_at_session_four(held: int, due: bool, at: int) -> None:
    course = Course().write("medical-review", 0, {"date": "2025-09-01", "by": "T"}).weekly(held)

    found = line(course, "medical-review", 7 * held)

    assert (found.due, found.again.values["at"]) == (due, at)


def test_the_medical_review_of_session_four_holds_until_session_eight() -> None:
    course = Course().weekly(4)
    course.write("medical-review", 21, {"date": course.day(21).isoformat(), "by": "T"})

    assert not line(course, "medical-review", 22).due
    assert line(course, "medical-review", 22).again.values["at"] == 8
    assert line(course.weekly(4, first=28), "medical-review", 55).due


def test_the_health_check_of_a_session_counts_as_asked() -> None:
    course = Course().session(0, tasks=["INI.01", "INI.14"])

    assert line(course, "medical-review", 1).last == course.day(0)
    assert line(course, "safety-conversation", 1).last == course.day(0)
    assert line(course, "consent", 1).last == course.day(0)
    assert line(course, "violence-check", 1).due  # only what was asked alone counts


@given(result=st.sampled_from(ANSWERS), safe=st.sampled_from(("yes", "no", "unsure")), later=st.integers(0, 30))
def test_the_line_about_violence_never_tells_what_was_answered(result: str, safe: str, later: int) -> None:
    told = [
        line(Course().violence_check(0, result=answer, safe_to_raise=said), "violence-check", later)
        for answer, said in (("none", "yes"), (result, safe))
    ]

    assert told[0] == told[1]


def test_a_move_asks_for_the_violence_check_again() -> None:
    course = Course().violence_check(0)
    course.event("E1", 3, "move", course.day(2).isoformat(), "Moved in with his mother")

    found = line(course, "violence-check", 4)

    assert found.due
    assert "Moved in with his mother" in render(found.again)


def test_a_course_that_is_over_asks_for_nothing() -> None:
    course = Course().weekly(3).end(30)

    assert not any(one.due for one in beginning_safely(course.manual, course.record, course.day(40)))


# ---- the focus ----


@given(chosen=st.lists(st.tuples(st.sampled_from(AREAS), st.sampled_from((None, *AREAS))), max_size=8))
def test_every_focus_stays_with_its_days_and_the_last_one_stands(chosen) -> None:
    course = Course()
    for n, (first, second) in enumerate(chosen):
        course.formulation(n * 7, area=first, area_secondary=second)

    history = focus_history(course.record)

    told = [tuple(area for area in pair if area) for pair in chosen]
    runs = [one for n, one in enumerate(told) if n == 0 or told[n - 1] != one]
    assert [one.areas for one in history] == runs
    assert [one.until for one in history] == [one.since for one in history[1:]] + [None] * bool(history)
    assert (history[-1].areas if history else ()) == focus(course.record)


def test_a_focus_that_was_taken_back_is_no_part_of_the_history() -> None:
    course = Course().formulation(0, area="PA_GRIEF").formulation(7, area="PA_DISPUTE")
    wrong = course.record.of("formulation")[-1]
    course.retract(wrong.id, 8)

    assert [one.areas for one in focus_history(course.record)] == [("PA_GRIEF",)]


def test_the_day_on_which_it_was_agreed_counts_where_it_was_written() -> None:
    course = Course().formulation(10)
    agreed = (course.day(10) - timedelta(days=3)).isoformat()
    course.formulation(17, area="PA_GRIEF", focus_agreed_on=agreed)

    assert focus_history(course.record)[-1].since.isoformat() == agreed


def test_areas_of_a_sheet_without_one_are_none() -> None:
    assert areas_of({}) == ()


# ---- what a manual leaves out ----


@pytest.mark.parametrize("name", manual_ids())
def test_an_area_is_either_offered_or_left_out_with_a_reason(name: str) -> None:
    manual = open_manual(name)

    gone = left_out(manual)

    offered = {area.id for area in manual.areas}
    assert not offered & {area for area, _ in gone}
    assert not offered or offered | {area for area, _ in gone} >= set(AREAS)
    assert all(render(why) for _, why in gone)


def test_steps_that_a_manual_forbids_inside_an_area_are_named() -> None:
    assert not_done(open_manual("ipt-ptsd"), "PA_GRIEF") == (
        "The story of the death",
        "Places, things and days that remind",
    )
    assert not_done(open_manual("ipt-classic"), "PA_GRIEF") == ()


# ---- shared, or only chosen ----

FOCUS_ALONE = {"area_primary": "PA_DISPUTE", "focus_agreed_on": "2025-09-15", "focus_because": "It is nearest"}


def formulation_gate(course: Course, day: int) -> tuple[bool, str]:
    found = next(gate for gate in gates(course.manual, course.record, course.day(day)) if gate.id == "formulation")
    return found.open, render(found.why)


def test_a_sheet_with_a_focus_alone_was_not_shared() -> None:
    course = Course().weekly(3).write("formulation", 14, FOCUS_ALONE)

    assert formulation_gate(course, 15) == (False, "The formulation has not been shared yet.")
    assert (fit(course.record), focus(course.record)) == (None, ("PA_DISPUTE",))


@pytest.mark.parametrize("said", [{"client_fit": 0}, {"client_words": "Yes"}, {"shared_copy": True}])
def test_what_the_client_said_or_took_along_is_sharing(said: dict[str, object]) -> None:
    assert fit(Course().write("formulation", 14, {**FOCUS_ALONE, **said}).record) is not None


def test_another_focus_without_new_words_takes_the_old_sharing_away_and_a_reason_alone_does_not_redate_it() -> None:
    course = Course().formulation(14, fit=8)
    first = course.entries[-1]
    course.write("formulation", 40, {**first.answers, "focus_because": "Said better"}, replaces=first.id, id="second")

    assert formulation_gate(course, 41) == (True, "Formulation shared on 15 September 2025; it fits 8 of 10.")

    course.write("formulation", 50, {"area_primary": "PA_GRIEF"})
    assert formulation_gate(course, 51) == (False, "The formulation has not been shared yet.")


# ---- who is in this life ----


def isolation(course: Course) -> list[str]:
    found = evidence_for_areas(course.manual, course.record, course.day(30))
    return [render(line) for one in found if one.area.id == "PA_DEFICIT" for line in one.lines]


def test_people_whose_sheet_does_not_say_how_things_stand_are_in_this_life() -> None:
    course = Course().person("P1", status=None).person("P2", status=None).person("P3")

    assert people_now(course.record) == ("P1", "P2", "P3")
    assert isolation(course) == []


def test_somebody_lost_is_counted_again_where_a_newer_circle_shows_them_in_touch() -> None:
    course = Course().person("P1").person("P2", status="lost_contact")
    assert people_now(course.record) == ("P1",)
    assert isolation(course) == ["1 person in the client's life today.", "1 tie was lost or broken off."]

    course.write("closeness-circle", 7, {"places": [{"person": "P1", "ring": 1}, {"person": "P2", "ring": 3}]})
    assert people_now(course.record) == ("P1", "P2")
    assert isolation(course) == []


# ---- an ending that was begun ----


def test_a_half_written_ending_says_what_is_missing_until_the_course_is_closed() -> None:
    course = Course().weekly(3)
    assert ending_begun(course.manual, course.record, course.day(30)) is None

    course.end(21, closed=False)
    told = render(ending_begun(course.manual, course.record, course.day(30)))
    assert told.startswith("Ending begun; still missing: the decision on what comes next")
    assert ending_begun(course.manual, course.end(22).record, course.day(30)) is None


@pytest.mark.parametrize("name", manual_ids())
def test_no_gate_says_a_code_where_a_therapist_reads(name: str) -> None:
    course = Course(name, taken_in=False).weekly(2)
    told = " ".join(render(gate.why) for gate in gates(course.manual, course.record, course.day(10)))

    assert not re.search(r"\b[A-Z]{3}\.\d\d\b|\b(WS|PA)_[A-Z]", told)
