"""From findings to flags: every line of the rules, the history of answers, and what is known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from factories import Course

from openipt.therapy.course import derived_flags, findings_of, gates, left_blank, open_flags
from openipt.therapy.forms import form_ids, open_form, score
from openipt.therapy.vocabulary import vocabulary
from openipt.therapy.words import render

RULES = vocabulary()["finding_rules"]
FOLDERS = vocabulary()["worksheet_aliases"]

# For each finding: answers that raise it. A pair is "first a lower answer, then this one".
FREE = {f"q{n}": 0 for n in range(1, 10)}
EPDS = {f"q{n}": 0 for n in range(1, 11)}
RAISES: dict[tuple[str, str], dict] = {
    ("phq-9", "suicidal_ideation_frequent"): {**FREE, "q9": 2},
    ("phq-9", "suicidal_ideation"): {**FREE, "q9": 1},
    ("phq-a", "suicidal_ideation_frequent"): {**FREE, "q9": 3},
    ("phq-a", "suicidal_ideation"): {**FREE, "q9": 1},
    ("phq-a", "recent_serious_suicidal_thoughts"): {**FREE, "q12": 1},
    ("phq-a", "lifetime_attempt"): {**FREE, "q13": 1},
    ("qids-sr16", "suicidal_ideation_frequent"): {"q12": 2},
    ("qids-sr16", "suicidal_ideation"): {"q12": 1},
    ("asq", "acute_positive"): {"q1": 1, "q2": 0, "q3": 0, "q4": 0, "q5": 1},
    ("asq", "non_acute_positive"): {"q1": 1, "q2": 0, "q3": 0, "q4": 0, "q5": 0},
    ("c-ssrs-screener", "intent_plan_or_recent_behaviour"): {"q1": 1, "q2": 1, "q5": 1},
    ("c-ssrs-screener", "method_or_past_behaviour"): {"q1": 1, "q2": 1, "q3": 1},
    ("c-ssrs-screener", "wish_or_thoughts"): {"q1": 1},
    ("hamd-17", "suicidal_ideation_active"): {"q3": 3},
    ("hamd-17", "suicidal_ideation"): {"q3": 1},
    ("epds", "self_harm_thoughts_frequent"): {**EPDS, "q10": 2},
    ("epds", "self_harm_thoughts"): {**EPDS, "q10": 1},
    ("core-10", "suicide_plans"): {"q6": 1},
    ("asrm", "probable_mania"): {f"q{n}": 2 for n in range(1, 6)},
    ("audit", "possible_dependence"): {f"q{n}": 4 for n in range(1, 11)},
    ("dast-10", "withdrawal"): {"q9": 1},
    ("WS_SAFETALK", "intent_plan_or_recent_self_harm"): {"plan": True},
    ("WS_SAFETALK", "thoughts_on_most_days"): {"thoughts": 2},
    ("WS_SAFETALK", "thoughts_on_some_days"): {"thoughts": 1},
    ("WS_SAFETALK", "harm_to_baby_with_intent_or_confusion"): {
        "baby_or_pregnancy": True,
        "confusion_or_rapid_change": True,
    },
    ("WS_SAFETALK", "frightening_unwanted_thoughts"): {
        "baby_or_pregnancy": True,
        "frightening_unwanted_thoughts": True,
    },
    ("WS_VIOLENCE", "current_violence"): {"result": "current_violence"},
    ("WS_VIOLENCE", "fear_or_coercion"): {"result": "fear_or_coercion"},
    ("WS_VIOLENCE", "child_or_adult_at_risk"): {"child_or_adult_at_risk": True},
    ("WS_MEDICAL", "mania_or_psychosis_signs"): {"voices_or_visions": True},
    ("WS_MEDICAL", "weight_or_medical_danger"): {"fainting": True},
    ("WS_MEDICAL", "intoxication_or_withdrawal"): {"withdrawal_signs": True},
    ("WS_RHYTHM", "short_sleep_high_energy"): {"less_sleep_more_energy": True},
    ("WS_TELL", "needs_help_now"): {"asks_for": "help_now"},
    ("WS_TELL", "asks_for_contact"): {"asks_for": "contact"},
    ("appointment-answer", "cannot_come"): {"session_at": "2026-03-09T09:00", "answer": "not_coming"},
    ("way-back", "asks_to_come_back"): {"asks_for": "talk_once"},
}
ASKS = {"phq-9": "q9", "phq-a": "q9", "qids-sr16": "q12", "hamd-17": "q3", "epds": "q10", "WS_SAFETALK": "thoughts"}
LINES = [(form, line) for line in RULES for form in line["forms"] if FOLDERS.get(form, form) in form_ids()]


def flags(course: Course, day: int, rule: str | None = None) -> list:
    found = derived_flags(course.manual, course.record, course.day(day))
    return [flag for flag in found if rule is None or flag.rule == rule]


def rules(course: Course, day: int) -> list[str]:
    return [flag.rule for flag in flags(course, day)]


def named(line) -> str:
    return line if isinstance(line, str) else f"{line['finding']}-{line['history']}"


# ---- every line of the table ----


@pytest.mark.parametrize(("form", "line"), LINES, ids=named)
def test_every_line_of_the_rules_gives_its_rule(form: str, line: dict) -> None:
    folder = FOLDERS.get(form, form)
    answers = RAISES[form, line["finding"]]
    course = Course().session(0)
    if line["history"] == "rose":
        course.write(folder, 0, {**answers, ASKS[form]: 0})
    course.write(folder, 7, answers)

    made = [flag for flag in flags(course, 7) if flag.on == course.day(7)]

    assert [flag.rule for flag in made] == [line["rule"]]
    assert (made[0].form, made[0].finding, made[0].state) == (folder, line["finding"], "new")
    told = render(made[0].why)
    assert "answered “None”" not in told
    assert "True" not in told
    if made[0].item is None:  # several answers together: the name of the finding is no word for a person
        assert line["finding"].replace("_", " ") not in told.lower()


def test_every_finding_of_the_rules_is_found_by_its_form() -> None:
    for form, line in LINES:
        folder = FOLDERS.get(form, form)
        assert line["finding"] in {one.id for one in open_form(folder).findings}, (form, line)


def test_agenda_findings_never_make_a_flag() -> None:
    ruled = {(form, line["finding"]) for line in RULES for form in line["forms"]}
    for line in vocabulary()["agenda_findings"]:
        assert not {(form, line["finding"]) for form in line["forms"]} & ruled


# ---- history: 0 to 1 is a rise ----


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([1], ["R1"]),
        ([2], ["R2"]),
        ([3], ["R2"]),
        ([0, 1], ["R2"]),
        ([1, 1], ["R1", "R1"]),
        ([1, 2], ["R1", "R2"]),
        ([2, 1], ["R2", "R1"]),
        ([1, 0, 1], ["R1", "R2"]),
        ([None, 1], ["R1"]),
        ([0, None, 1], ["R2"]),
        ([2, None, 2], ["R2", "R2"]),
    ],
)
def test_question_9_over_the_weeks(answers, expected) -> None:
    course = Course()
    for week, answer in enumerate(answers):
        sheet = {f"q{n}": 1 for n in range(1, 9)}
        course.session(7 * week).write("phq-9", 7 * week, sheet if answer is None else {**sheet, "q9": answer})
    assert rules(course, 60) == expected


def test_a_reported_total_holds_no_answer_and_is_no_history() -> None:
    course = Course().session(0).phq9(0, 12, q9=0).session(7).total(7, 20).session(14).phq9(14, 12, q9=1)
    assert rules(course, 14) == ["R2"]  # 0 before, 1 now; the total in between says nothing of question 9


def test_a_reported_total_raises_nothing() -> None:
    assert rules(Course().session(0).total(0, 27), 0) == []


def test_a_reported_total_holds_no_findings_not_even_that_a_question_was_skipped() -> None:
    course = Course().session(0).total(0, 27)
    assert findings_of(course.record, course.entries[-1]) == ()


def test_a_blank_risk_item_is_for_the_agenda_and_no_flag() -> None:
    sheet = {f"q{n}": 2 for n in range(1, 9)}
    assert "risk_item_skipped" in score(open_form("phq-9"), sheet).findings
    assert rules(Course().session(0).write("phq-9", 0, sheet), 0) == []


def test_a_blank_risk_item_waits_on_the_agenda_until_a_newer_sheet_answers_it() -> None:
    sheet = {f"q{n}": 2 for n in range(1, 9)}
    course = Course().session(0).write("phq-9", 0, {**sheet, "q9": 0}).session(7).write("phq-9", 7, sheet)
    assert [(one.item, one.why.id) for one in left_blank(course.record, course.day(7))] == [("q9", "left_blank.risk")]
    course.session(14).write("phq-9", 14, {**sheet, "q9": 0})
    assert left_blank(course.record, course.day(14)) == ()


def test_a_sheet_too_empty_to_score_still_speaks_on_question_9() -> None:
    assert rules(Course().session(0).write("phq-9", 0, {"q9": 2}), 0) == ["R2"]


def test_a_first_yes_after_a_no_is_a_first_one() -> None:
    course = Course().session(0).write("phq-a", 0, {**FREE, "q13": 0}).session(7).write("phq-a", 7, {**FREE, "q13": 1})
    course.session(14).write("phq-a", 14, {**FREE, "q13": 1})
    assert rules(course, 14) == ["R1"]  # once, and not again


def test_dependence_that_shows_later_is_flagged_once() -> None:
    course = Course().session(0).write("audit", 0, {f"q{n}": 1 for n in range(1, 11)})
    for week in (1, 2):
        course.session(7 * week).write("audit", 7 * week, {f"q{n}": 4 for n in range(1, 11)})
    assert [(flag.rule, flag.on) for flag in flags(course, 14)] == [("R10", course.day(7))]


def test_two_things_on_one_sheet_are_two_flags() -> None:
    course = Course().session(0).write("safety-conversation", 0, {"thoughts": 2, "intent": True})
    assert sorted(rules(course, 0)) == ["R2", "R3"]


def test_answers_of_a_form_that_left_the_shelf_stay_in_the_record_and_stop_nothing(monkeypatch) -> None:
    monkeypatch.setattr("openipt.therapy.course.flags.has_form", lambda form: form == "phq-9")
    course = Course().session(0).write("asq", 0, {"q1": 1, "q5": 1}).phq9(0, 12, q9=1)
    assert rules(course, 0) == ["R1"]


def test_a_retracted_answer_raises_nothing() -> None:
    course = Course().session(0).phq9(0, 12, q9=2)
    course.retract(course.entries[-1].id, 1)
    assert rules(course, 1) == []


# ---- known: assessed, plan current, met, not ending ----


def known(course: Course, day: int, today: int | None = None) -> str:
    return next(flag.state for flag in flags(course, day if today is None else today) if flag.on == course.day(day))


def assessed(review: int | None = 28) -> Course:
    """Thoughts of death on some days: assessed on day 0, with a safety plan."""
    return Course().session(0).phq9(0, 18, q9=1).flag(0, "R1", outcome=0).safety_plan(0, review=review)


def test_the_first_answer_is_new() -> None:
    assert known(assessed(), 0) == "new"


def test_the_same_answer_after_an_assessment_with_a_current_plan_is_known() -> None:
    assert known(assessed().session(7).phq9(7, 18, q9=1), 7) == "known"


def test_a_higher_answer_is_new() -> None:
    assert known(assessed().session(7).phq9(7, 18, q9=2), 7) == "new"


def test_without_an_assessment_it_is_new() -> None:
    course = Course().session(0).phq9(0, 18, q9=1).safety_plan(0, review=28).session(7).phq9(7, 18, q9=1)
    assert known(course, 7) == "new"


def test_without_a_plan_it_is_new() -> None:
    course = Course().session(0).phq9(0, 18, q9=1).flag(0, outcome=0).session(7).phq9(7, 18, q9=1)
    assert known(course, 7) == "new"


@pytest.mark.parametrize(("day", "told"), [(14, "known"), (15, "new")])
def test_a_plan_past_its_review_day_is_stale(day, told) -> None:
    assert known(assessed(review=14).session(day).phq9(day, 18, q9=1), day) == told


def test_a_plan_holds_four_weeks_at_most_whatever_day_was_written() -> None:
    course = assessed(review=90)
    for week in range(1, 6):
        course.session(7 * week).phq9(7 * week, 18, q9=1).flag(7 * week, outcome=7 * week)
    assert known(course, 28) == "known"
    assert known(course, 35) == "new"


def test_known_ends_where_nobody_met_the_client_within_a_day() -> None:
    course = assessed().phq9(10, 18, q9=1)
    assert known(course, 10) == "known"  # the day is not over
    assert known(course, 10, today=11) == "known"
    assert known(course, 10, today=12) == "new"


def test_a_telephone_call_the_day_after_counts_as_met() -> None:
    course = assessed().phq9(10, 18, q9=1).flag(10, state="known", outcome=11)
    assert known(course, 10, today=20) == "known"


def test_known_ends_with_the_therapy() -> None:
    course = assessed().contract(0, sessions=2, end=7).session(7).phq9(7, 18, q9=1)
    assert known(course, 7) == "new"


def test_an_outcome_closes_a_flag_and_only_its_own() -> None:
    course = Course().session(0).phq9(0, 18, q9=1)
    first = course.entries[-1].id
    course.phq9(0, 18, q9=1, hour=20).flag(0, "R1", outcome=0, entry=first)
    assert [flag.entry == first for flag in flags(course, 0) if not flag.is_open] == [True]
    assert len(open_flags(course.manual, course.record, course.day(0))) == 1


def test_a_corrected_sheet_with_the_same_answer_calls_nobody_a_second_time() -> None:
    course = Course().session(0).phq9(0, 18, q9=1)
    first = course.entries[-1].id
    course.flag(0, "R1", entry=first).phq9(0, 17, q9=1, hour=20)
    course.entries[-1] = replace(course.entries[-1], replaces=first)
    assert [flag.handled is not None for flag in flags(course, 0)] == [True]


def test_a_corrected_sheet_with_another_answer_asks_for_a_person_anew() -> None:
    course = Course().session(0).phq9(0, 18, q9=1)
    first = course.entries[-1].id
    course.flag(0, "R1", entry=first).phq9(0, 19, q9=2, hour=20)
    course.entries[-1] = replace(course.entries[-1], replaces=first)
    assert [(flag.rule, flag.handled) for flag in flags(course, 0)] == [("R2", None)]


# ---- rules that are not from a form ----


def test_r5_is_raised_on_the_day_the_state_becomes_worse_and_not_again_while_it_stays() -> None:
    course = Course()
    for week, total in enumerate([12, 18, 19, 20, 12, 19, 20]):
        course.session(7 * week).phq9(7 * week, total)
    assert [flag.on for flag in flags(course, 60, "R5")] == [course.day(14), course.day(42)]


def test_r5_is_raised_on_the_day_a_clinician_confirms_a_rise() -> None:
    course = Course().session(0).phq9(0, 12).session(7).phq9(7, 19)
    course.write("session-record", 9, {"confirmed_worse": True}, about="S02")
    assert [flag.on for flag in flags(course, 30, "R5")] == [course.day(9)]


def test_r11_is_raised_by_a_session_missed_while_an_answer_waits() -> None:
    course = Course().session(0).phq9(0, 18, q9=1).session(7, "no_show")
    made = flags(course, 7, "R11")
    assert [flag.on for flag in made] == [course.day(7)]
    assert "1 September 2025" in render(made[0].why)


def test_r11_is_not_raised_once_an_outcome_is_written() -> None:
    course = Course().session(0).phq9(0, 18, q9=1).flag(0, outcome=0).session(7, "no_show")
    assert flags(course, 7, "R11") == []


def test_r11_stays_when_the_outcome_comes_after_the_missed_session() -> None:
    course = Course().session(0).phq9(0, 18, q9=1).session(7, "no_show").flag(0, outcome=8)
    assert len(flags(course, 30, "R11")) == 1


@pytest.mark.parametrize(("age", "told"), [(15, ["R1", "R12"]), (17, ["R1", "R12"]), (18, ["R1"]), (40, ["R1"])])
def test_r12_stands_beside_a_new_flag_in_a_minor(age, told) -> None:
    course = Course("ipt-a", age=age).session(0).phq9(0, 18, q9=1)
    assert rules(course, 0) == told


def test_no_sentence_about_a_minor_tells_the_age_for_it_is_read_beside_a_code_as_well() -> None:
    course = Course("ipt-a", age=15).session(0).phq9(0, 18, q9=1)
    minors = next(one for one in gates(course.manual, course.record, course.day(0)) if one.id == "minors")

    for said in (flags(course, 0, "R12")[0].why, minors.why):
        assert "under age" in render(said)
        assert "15" not in render(said)


def test_r12_is_not_raised_for_what_is_known() -> None:
    course = Course("ipt-a", age=15).session(0).phq9(0, 18, q9=1).flag(0, outcome=0).safety_plan(0, review=28)
    course.session(7).phq9(7, 18, q9=1)
    assert [flag.on for flag in flags(course, 7, "R12")] == [course.day(0)]


def test_no_sentence_of_a_flag_carries_a_label_of_risk() -> None:
    course = assessed().session(7).phq9(7, 20, q9=3).session(14, "no_show")
    told = " ".join(render(flag.why) for flag in flags(course, 14)).lower()
    for word in ("risk", "danger", "severe", "suicid"):
        assert word not in told
