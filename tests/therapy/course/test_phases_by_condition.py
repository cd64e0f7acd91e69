"""A phase lies in a range of sessions, before the first one, in another manual, or lasts until its work is done."""

from __future__ import annotations

from pathlib import Path

import pytest
from factories import Course

from openipt.cli.shelf_new import new_folder
from openipt.therapy.course import agenda, due, where
from openipt.therapy.manuals import Manual, open_manual, read_manual
from openipt.therapy.shelf import Refused, read_page
from openipt.therapy.words import render
from openipt.therapy.writing import tell

IPSRT = open_manual("ipsrt")
EXIT = {phase.id: list(phase.exit) for phase in IPSRT.phases}


def phase(course: Course, day: int) -> str:
    return where(course.manual, course.record, course.day(day)).phase.id


def weeks(n: int, done: list[str], manual: str = "ipsrt", **more) -> Course:
    """So many weekly sessions; in the first of them everything of a list was done."""
    course = Course(manual, **more).session(0, tasks=done)
    return course.weekly(n - 1, first=7)


# ---- until its work is done ----


def test_the_first_phase_ends_by_its_number_when_its_work_is_done() -> None:
    assert phase(weeks(4, EXIT["initial"]), 28) == "initial"
    assert phase(weeks(5, EXIT["initial"]), 35) == "intermediate"


@pytest.mark.parametrize("missing", EXIT["initial"])
def test_it_goes_on_while_anything_of_it_is_left_and_says_what(missing: str) -> None:
    course = weeks(9, [task for task in EXIT["initial"] if task != missing])
    assert phase(course, 63) == "initial"
    (item,) = [item for item in due(IPSRT, course.record, course.day(63)) if item.kind == "phase"]
    assert render(item.why).startswith("Initial goes on until this is recorded: ")
    course.session(63, tasks=[missing])
    assert phase(course, 70) == "intermediate"
    assert not [item for item in due(IPSRT, course.record, course.day(70)) if item.kind == "phase"]


def test_within_its_range_nothing_is_said_to_go_on() -> None:
    course = weeks(4, [])
    assert not [item for item in due(IPSRT, course.record, course.day(28)) if item.kind == "phase"]


def test_what_is_left_of_a_phase_stays_on_the_agenda() -> None:
    course = weeks(9, [task for task in EXIT["initial"] if task != "SRT.01"])
    assert "SRT.01" in {item.task for item in agenda(IPSRT, course.record, course.day(63)).items}


def test_in_the_last_quarter_nothing_is_waited_for() -> None:
    assert phase(weeks(35, []), 245) == "initial"
    assert phase(weeks(36, []), 252) == "maintenance"
    assert phase(weeks(44, []), 308) == "termination"


def test_a_short_agreement_comes_to_its_ending_whatever_is_left() -> None:
    course = weeks(16, []).contract(0, sessions=16)
    offered = {item.task for item in agenda(IPSRT, course.record, course.day(112)).items}
    assert {"END.08", "END.09"} <= offered


def test_the_told_session_belongs_to_the_phase_it_was_held_in() -> None:
    course = weeks(7, [task for task in EXIT["initial"] if task != "SRT.01"]).session(49, tasks=["SRT.01"]).session(56)
    assert [told.phase.id for told in tell(IPSRT, course.record)][-2:] == ["initial", "intermediate"]


def test_the_opening_question_is_the_one_of_the_phase() -> None:
    course = weeks(21, EXIT["initial"] + EXIT["intermediate"])
    told = agenda(IPSRT, course.record, course.day(147))
    assert (told.position.phase.id, told.opener) == ("maintenance", IPSRT.openers["maintenance"][0])


# ---- before the first session ----


def test_engagement_stands_before_the_first_session_and_offers_what_the_first_one_does() -> None:
    course = Course("ipt-b")
    assert phase(course, 0) == "engagement"
    offered = {item.task for item in agenda(course.manual, course.record, course.day(0)).offered}
    assert {"INI.01", "INI.02", "INI.14", "INI.03", "INI.07"} <= offered
    course.session(0, "phone_check", ["INI.01", "INI.02"], meeting="engagement")
    assert phase(course, 7) == "initial"
    assert [told.phase.id for told in tell(course.manual, course.record)] == ["engagement"]


def test_who_begins_without_it_is_in_the_first_phase_after_one_session() -> None:
    assert phase(Course("ipt-b").session(0), 7) == "initial"


# ---- in another manual ----


def test_maintenance_after_a_course_is_a_course_of_its_own() -> None:
    found = next(phase for phase in open_manual("ipt-classic").phases if phase.id == "maintenance")
    assert open_manual(str(found.then)).purpose == "maintenance"
    assert phase(Course().weekly(20), 140) == "termination"


# ---- a manual that says otherwise is refused ----


def made(tmp_path: Path, *changes: tuple[str, str]) -> Manual:
    place = new_folder("manual", "our-way", tmp_path) / "manual.yaml"
    text = place.read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text, text
        text = text.replace(before, after, 1)
    place.write_text(text, encoding="utf-8")
    return read_manual(read_page(place, "manual.yaml"))


ENDING = "exit: [END.09]}\n"  # of the last phase of a manual that was begun


@pytest.mark.parametrize(
    ("phase_", "wrong", "expected"),
    [
        ("{id: later, kind: middle, label: L, goal: G}", "reached by no session", "in `then` the manual"),
        ("{id: later, kind: maintenance, label: L, goal: G, then: ipt-nowhere}", "'ipt-nowhere'", "ipt-m"),
        ("{id: later, kind: maintenance, label: L, goal: G, then: our-way}", "'our-way'", "ipt-m"),
        ("{id: later, kind: middle, label: L, goal: G, sessions: [1, 2], then: ipt-m}", "another one", "one of"),
        ("{id: later, kind: middle, label: L, goal: G, sessions: [1, 2], lasts: until_done}", "nothing to do", "exit"),
    ],
)
def test_a_phase_that_nobody_comes_to_is_refused(tmp_path: Path, phase_: str, wrong: str, expected: str) -> None:
    with pytest.raises(Refused) as refused:
        made(tmp_path, (ENDING, f"{ENDING}  - {phase_}\n"))
    said = str(refused.value)
    assert wrong in said
    assert expected in said


def test_an_offer_in_a_phase_of_another_manual_is_refused(tmp_path: Path) -> None:
    later = "{id: later, kind: maintenance, label: L, goal: G, then: ipt-m}"
    with pytest.raises(Refused, match="no phase of the kind 'maintenance'"):
        made(
            tmp_path,
            (ENDING, f"{ENDING}  - {later}\n"),
            ("measures:\n", "offers:\n  - {task: MNT.01, phases: [maintenance]}\nmeasures:\n"),
        )


def test_an_opener_of_no_phase_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no session begins with 'maintenance'"):
        made(tmp_path, ("measures:\n", 'openers: {maintenance: ["How have you been?"]}\nmeasures:\n'))
