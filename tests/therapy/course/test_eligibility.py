"""Is this the right treatment? Rules held against facts; what is not known is asked, and nothing is chosen."""

from __future__ import annotations

import pytest
from factories import Course

from openipt.therapy.course import choose, eligibility, gates
from openipt.therapy.manuals import manual_ids, open_manual
from openipt.therapy.words import render


def standing(course: Course, day: int = 0) -> str:
    return eligibility(course.manual, course.record, course.day(day)).standing


def all_no(course: Course, **other: str) -> Course:
    rules = [rule.id for kind, rule in course.manual.rules() if kind == "exclude"]
    rows = [{"rule": rule, "answer": other.get(rule, "no")} for rule in rules]
    return course.write("eligibility-check", 0, {"manual": course.manual.id, "answers": rows})


def test_before_anything_is_asked_every_exclusion_is_open() -> None:
    course = Course()
    found = eligibility(course.manual, course.record, course.day(0))
    assert found.standing == "open"
    assert {met.rule.id for met in found.open} == {rule.id for kind, rule in course.manual.rules() if kind == "exclude"}


def test_with_every_exclusion_answered_no_it_fits() -> None:
    assert standing(all_no(Course().phq9(0, 14))) == "fits"


def test_not_sure_is_not_no() -> None:
    assert standing(all_no(Course(), mania="unsure")) == "open"


def test_a_fact_on_record_outweighs_an_answer_of_no() -> None:
    course = all_no(Course()).write("medical-review", 0, {"voices_or_visions": True})
    found = eligibility(course.manual, course.record, course.day(0))
    assert found.standing == "excluded"
    assert "psychosis" in {met.rule.id for met in found.met("exclude")}


def test_violence_now_comes_before_everything_but_safety() -> None:
    answers = {"asked_alone": True, "about": ["all_current"], "result": "current_violence", "safe_to_raise": "no"}
    course = all_no(Course()).write("violence-check", 0, answers)
    assert standing(course) == "excluded"


def test_a_reported_total_is_enough_to_say_where_another_treatment_comes_first() -> None:
    course = all_no(Course()).write("pg-13-r", 0, {}, kind="total_only", total=34)
    assert standing(course) == "elsewhere"


def test_a_fact_of_tomorrow_is_not_known_today() -> None:
    course = all_no(Course()).write("pg-13-r", 5, {}, kind="total_only", total=34)
    assert standing(course, 0) == "fits"
    assert standing(course, 5) == "elsewhere"


def test_every_manual_is_shown_and_none_is_chosen() -> None:
    course = Course()
    found = choose(course.record, course.day(0))
    assert sorted(one.manual.id for one in found) == manual_ids()


def test_every_manual_says_for_whom_it_is_and_where_else_to_go() -> None:
    for name in manual_ids():
        kinds = {kind for kind, _ in open_manual(name).rules()}
        assert {"include", "exclude"} <= kinds, name


# ---- for whom a manual was made ----

BY_AGE = {"ipt-a": (15, 34), "ipt-ast": (13, 34), "ipt-late-life": (70, 34), "ipt-bpd": (30, 16), "ipt-ed": (30, 16)}
BY_TIME = {"ipt-perinatal": "around_birth", "rose": "pregnant_now"}


def asked(course: Course, **other: str) -> Course:
    return all_no(course).write(
        "eligibility-check",
        0,
        {"manual": course.manual.id, "answers": [{"rule": rule, "answer": answer} for rule, answer in other.items()]},
    )


@pytest.mark.parametrize("name", BY_AGE)
def test_a_manual_made_for_an_age_never_fits_while_the_age_is_not_known(name: str) -> None:
    course = all_no(Course(name, age=None).phq9(0, 14))
    found = eligibility(course.manual, course.record, course.day(0))
    assert found.standing == "open"
    assert [met.kind for met in found.open] == ["population"]


@pytest.mark.parametrize("name", BY_AGE)
def test_the_age_decides_for_whom_it_was_made(name: str) -> None:
    right, wrong = BY_AGE[name]
    assert standing(all_no(Course(name, age=right))) == "fits"
    assert standing(all_no(Course(name, age=wrong))) == "excluded"


@pytest.mark.parametrize("name", BY_TIME)
def test_a_manual_made_for_the_time_around_a_birth_never_fits_while_that_is_not_known(name: str) -> None:
    course = Course(name).phq9(0, 14)
    assert standing(all_no(course)) == "open"
    assert standing(asked(Course(name), **{BY_TIME[name]: "unsure"})) == "open"
    assert standing(asked(Course(name), **{BY_TIME[name]: "yes"})) == "fits"
    assert standing(asked(Course(name), **{BY_TIME[name]: "no"})) == "excluded"


def test_what_something_speaks_for_stands_before_what_nothing_is_known_of_and_what_is_for_others_stands_last() -> None:
    course = Course(age=34).phq9(0, 14)
    found = [one.manual.id for one in choose(course.record, course.day(0))]
    assert found.index("ipt-classic") < found.index("ipt-m") < found.index("ipt-perinatal") < found.index("ipt-a")
    assert set(found[-3:]) == {"ipt-a", "ipt-ast", "ipt-late-life"}


def test_a_young_person_with_depression_finds_the_form_for_the_young_first() -> None:
    course = Course("ipt-a", age=15).write("phq-a", 0, {f"q{n}": 2 for n in range(1, 9)} | {"q9": 0})
    assert choose(course.record, course.day(0))[0].manual.id == "ipt-a"


def test_before_anything_is_known_the_usual_first_choice_stands_first_and_what_is_for_others_last() -> None:
    course = Course(age=40, taken_in=False)
    found = choose(course.record, course.day(0))

    assert found[0].manual.id == "ipt-classic"
    assert all(one.made_for_others for one in found[-3:])
    assert not any(one.made_for_others for one in found[:-3])


# ---- the gate: what speaks against it before the start holds the start back ----


def gate(course: Course, day: int) -> tuple[bool, str]:
    found = next(one for one in gates(course.manual, course.record, course.day(day)) if one.id == "eligibility")
    return found.open, render(found.why)


def test_a_fact_against_it_before_the_start_closes_the_gate_and_is_named() -> None:
    course = Course().write("medical-review", -3, {"voices_or_visions": True})
    assert gate(course, 0)[0] is False
    assert "Psychosis" in gate(course, 0)[1]


def test_the_wrong_age_closes_it_for_good_and_an_unasked_exclusion_does_not() -> None:
    assert "18" in gate(Course(age=15).weekly(3), 21)[1]
    assert gate(Course(age=15).weekly(3), 21)[0] is False
    assert gate(Course(age=40), 0)[0] is True


def test_it_opens_again_when_the_newest_sheet_says_so() -> None:
    course = Course().write("medical-review", -3, {"voices_or_visions": True})
    course.session(0).write("medical-review", 5, {"voices_or_visions": False})
    assert gate(course, 7)[0] is True


def test_what_comes_up_later_holds_back_no_course_under_way() -> None:
    course = Course().weekly(3).write("medical-review", 20, {"voices_or_visions": True})
    assert gate(course, 21)[0] is True
    assert standing(course, 21) == "excluded"  # and the page of the treatment says so


def test_what_a_clinician_answers_counts_from_its_day() -> None:
    course = asked(Course(), mania="yes")
    assert gate(course, 0)[0] is False
    late = Course().weekly(2)
    late.write("eligibility-check", 9, {"manual": "ipt-classic", "answers": [{"rule": "mania", "answer": "yes"}]})
    assert gate(late, 10)[0] is True


def test_violence_has_a_gate_of_its_own_that_holds_back_the_hard_talks() -> None:
    afraid = {"asked_alone": True, "about": ["all_current"], "result": "current_violence", "safe_to_raise": "no"}
    course = Course().write("violence-check", 0, afraid)
    assert standing(course) == "excluded"
    assert gate(course, 0)[0] is True
    assert not next(one for one in gates(course.manual, course.record, course.day(0)) if one.id == "violence").open
