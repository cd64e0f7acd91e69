"""No course is closed in silence: what the record wants before each kind of ending."""

from __future__ import annotations

from factories import Course
from personas import finished, settled

from openipt.therapy.course import closing, gates, open_flags, outcome


def ready(course: Course, day: int):
    found = gates(course.manual, course.record, course.day(day))
    return next(gate for gate in found if gate.id == "silent_discharge")


def wanting(course: Course, day: int = 105) -> set[str]:
    return {one.id.removeprefix("closing.") for one in closing(course.manual, course.record, course.day(day)).wanting}


def test_finished_and_recovered_with_decision_and_last_measure_may_close() -> None:
    course = finished(last_score=6).end(105)
    assert outcome(course.manual, course.record, course.day(105)).recovered
    assert wanting(course) == set()
    assert ready(course, 105).open


def test_without_anything_decided_it_may_not() -> None:
    course = settled(5)
    assert wanting(course, 28) == {"decision", "no_blame", "next_step"}
    assert not ready(course, 28).open
    assert ready(course, 28).strength == "hard"


def test_a_last_questionnaire_or_the_reason_for_none() -> None:
    course = finished().session(112, tasks=["END.08"]).session(119)
    assert "measure" in wanting(course, 119)
    assert "measure" not in wanting(course.end(119, no_measure_reason="Too tired today"), 119)


def test_a_reported_total_is_a_last_measure() -> None:
    course = finished().session(112).total(112, 6)
    assert "measure" not in wanting(course, 112)


def test_not_recovered_wants_the_talk_without_blame_and_a_next_step() -> None:
    course = finished(last_score=14).end(105)
    assert wanting(course) == {"no_blame", "next_step"}
    course.session(106, tasks=["END.07"])
    assert wanting(course, 106) >= {"next_step"}
    course.end(106, next_step="Evaluation for medication on 2 February")
    assert "next_step" not in wanting(course, 106)


def test_a_decision_at_the_end_that_names_what_comes_next_is_a_next_step() -> None:
    course = finished(last_score=14).decide(105, "END", "maintenance")
    assert "next_step" not in wanting(course)
    assert "next_step" in wanting(finished(last_score=14).decide(105, "END", "none"))


def test_without_a_single_score_recovery_is_not_taken_for_granted() -> None:
    course = Course().session(0, tasks=["END.08"]).end(0, no_measure_reason="Never wished to")
    assert wanting(course, 0) == {"no_blame", "next_step"}


def test_who_was_never_ill_enough_to_recover_may_close() -> None:
    course = Course().session(0, tasks=["END.08"]).phq9(0, 6).session(7).phq9(7, 5).end(7)
    assert wanting(course, 7) == set()


def test_stopped_coming_wants_three_things_and_no_more() -> None:
    course = Course().session(0).phq9(0, 18, q9=1).session(7, "no_show").end(14, "stopped_coming")
    assert wanting(course, 14) == {"flags", "told", "way_back"}
    course.flag(0, outcome=14).end(14, "stopped_coming", who_was_told="The general practitioner", way_back="A call")
    assert wanting(course, 14) == set()


def test_referred_stays_on_the_list_until_it_has_arrived() -> None:
    course = finished(last_score=14).session(106, tasks=["END.07"]).phq9(106, 14)
    course.end(106, "referred", next_step="Day clinic")
    assert wanting(course, 106) == {"arrived"}
    assert wanting(course.end(107, "referred", next_step="Day clinic", arrived=True), 107) == set()


def test_moved_away_wants_what_finished_wants() -> None:
    course = Course().session(0).phq9(0, 18).end(0, "moved")
    assert wanting(course, 0) == {"decision", "no_blame", "next_step"}


def test_a_death_wants_nothing_but_its_record() -> None:
    course = Course().session(0).phq9(0, 18, q9=2).end(10, "died")
    assert wanting(course, 10) == set()


def test_an_open_flag_keeps_every_other_course_open() -> None:
    course = finished().phq9(105, 6, q9=1, hour=20).end(105)
    assert open_flags(course.manual, course.record, course.day(105))
    assert wanting(course) == {"flags"}
