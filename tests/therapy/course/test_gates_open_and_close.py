"""Gates hold back offers, never the record: each opens and closes as the vocabulary says, with its reason in words."""

from __future__ import annotations

import pytest
from factories import Course
from personas import finished, newcomer, settled

from openipt.therapy.course import agenda, gates
from openipt.therapy.manuals import open_manual, sheets_of
from openipt.therapy.vocabulary import vocabulary
from openipt.therapy.words import render
from openipt.therapy.writing import tell


def gate(course: Course, name: str, day: int = 0):
    return next((one for one in gates(course.manual, course.record, course.day(day)) if one.id == name), None)


def is_open(course: Course, name: str, day: int = 0) -> bool:
    return gate(course, name, day).open


def why(course: Course, name: str, day: int = 0) -> str:
    return render(gate(course, name, day).why)


def status(course: Course, day: int) -> dict[str, str]:
    return {item.task: item.status for item in agenda(course.manual, course.record, course.day(day)).items}


# ---- all gates ----


def test_every_gate_of_a_manual_says_in_words_why_it_is_open_or_closed() -> None:
    for course in (Course(), newcomer(), settled(), finished()):
        for one in gates(course.manual, course.record, course.day(110)):
            told = render(one.why)
            assert told.strip(), one.id
            assert not {"{", "}", "!"} & set(told), told


def test_the_strength_of_a_gate_is_the_one_of_the_vocabulary() -> None:
    for one in gates(open_manual("ipt-classic"), newcomer().record, newcomer().day(0)):
        assert one.strength == vocabulary()["gates"][one.id]["strength"]


def test_gates_never_refuse_a_record() -> None:
    course = Course().session(0, "joint", tasks=["DSP.07", "GRF.02", "END.08"], with_people=["P01"])
    told = tell(course.manual, course.record)[0]
    assert told.done == ("DSP.07", "GRF.02", "END.08")
    assert set(told.done_unoffered) == set(told.done)
    assert told.note.parts


# ---- consent, eligibility, minors, version ----


def test_consent_opens_with_the_task_or_the_sheet() -> None:
    assert not is_open(Course().session(0), "consent")
    assert is_open(Course().session(0, tasks=["INI.14"]), "consent")
    assert is_open(Course().write("consent", 0, {"treatment": True}), "consent")


def test_consent_that_was_not_given_closes() -> None:
    course = Course().session(0, tasks=["INI.14"]).write("consent", 3, {"treatment": False})
    assert not is_open(course, "consent", 3)


def test_an_emergency_overrides_consent_with_a_reason() -> None:
    course = Course().write("consent", 0, {"emergency_reason": "Could not be asked; ambulance called"})
    assert is_open(course, "consent")
    assert "Emergency" in why(course, "consent")


def test_eligibility_asks_for_an_intake_and_names_what_speaks_against_it() -> None:
    course = Course(taken_in=False)
    assert not is_open(course, "eligibility")
    course.write("intake", 0, {"alias": "Ada", "diagnosis": "Depression", "assessed_by": "Dr Hollen"})
    assert is_open(course, "eligibility")
    course.write("intake", 1, {"alias": "Ada", "diagnosis": "Depression", "exclusions_met": [{"text": "psychosis"}]})
    assert not is_open(course, "eligibility", 1)
    assert "psychosis" in why(course, "eligibility", 1)


AGREED = {"caregivers": [{"person": "P01"}], "assent_on": "2025-09-01", "caregivers_see": [{"text": "dates"}]}


@pytest.mark.parametrize(
    ("said", "opens"),
    [
        ({}, False),
        (AGREED, True),
        ({**AGREED, "caregivers": []}, False),
        ({**AGREED, "assent_on": None}, False),
        ({**AGREED, "caregivers_see": []}, False),
        ({"parent_not_safe": "Decided with the safeguarding lead"}, True),
    ],
)
def test_minors_need_caregivers_assent_and_what_caregivers_see(said, opens) -> None:
    assert is_open(Course("ipt-a", age=15).write("consent", 0, said), "minors") is opens


def test_the_gate_for_minors_says_nothing_about_adults() -> None:
    assert gate(Course(age=18), "minors") is None


def test_a_running_course_stays_on_its_version() -> None:
    assert is_open(Course(), "version")
    course = Course(manual_version="0.9.0")
    assert not is_open(course, "version")
    assert "0.9.0" in why(course, "version")


# ---- open flags ----


def test_an_open_flag_closes_softly_until_an_outcome_is_written() -> None:
    course = Course().session(0).phq9(0, 18, q9=1)
    assert not is_open(course, "open_flag")
    assert gate(course, "open_flag").strength == "soft"
    assert is_open(course.flag(0, outcome=0), "open_flag")


# ---- formulation and contract: before the tasks of the middle phase ----


def middle(sessions: int) -> Course:
    return Course().weekly(sessions).contract(7).violence_check(7 * (sessions - 1))


@pytest.mark.parametrize(("held", "told"), [(3, "warned"), (4, "warned"), (5, "held_back"), (8, "held_back")])
def test_without_a_formulation_middle_tasks_are_warned_about_and_held_back_from_session_6(held, told) -> None:
    course = middle(held)
    assert status(course, 7 * held)["MID.04"] == told
    assert gate(course, "formulation", 7 * held).strength == ("hard" if held + 1 >= 6 else "soft")


def test_a_formulation_with_its_fit_opens_also_a_low_one_that_asks_for_a_revision() -> None:
    assert is_open(middle(6).formulation(14, fit=8), "formulation", 42)
    low = middle(6).formulation(14, fit=4)
    assert is_open(low, "formulation", 42)
    assert "revise" in why(low, "formulation", 42)
    assert "INI.10" in status(low, 42)


def test_a_formulation_whose_fit_was_not_asked_does_not_open() -> None:
    assert not is_open(middle(6).formulation(14, fit=None), "formulation", 42)


def test_the_contract_needs_a_number_and_an_end_and_is_soft() -> None:
    course = Course().weekly(4).formulation(14)
    assert not is_open(course, "contract", 28)
    assert status(course, 28)["MID.04"] == "warned"
    assert not is_open(course.contract(21, end=None), "contract", 28)
    assert is_open(course.contract(22), "contract", 28)
    assert status(course, 28)["MID.04"] == "offered"


def test_safety_questions_and_the_ending_are_never_behind_the_formulation() -> None:
    told = status(Course().weekly(11), 77)
    assert told["MID.04"] == "held_back"
    assert told["INI.01"] == "offered"  # decision point 12 falls due at this session
    assert status(Course().weekly(12), 84)["END.01"] == "offered"


# ---- violence: asked alone, about everybody, lately, again after what asks again ----


def facing(*people: str) -> Course:
    """A dispute in its middle phase, with these people in the focus, and nothing asked yet."""
    course = Course().weekly(6).formulation(14).contract(14)
    for person in people:
        course.person(person, alias=person.title(), in_focus=True, conflict=3)
    return course


def test_never_asked_holds_hard_talks_back() -> None:
    course = facing("lena")
    assert status(course, 42)["DSP.07"] == "held_back"
    assert "Not asked yet, alone, about Lena" in why(course, "violence", 42)


def test_asked_alone_and_nothing_to_fear_opens() -> None:
    course = facing("lena").violence_check(35, about=["lena"])
    assert is_open(course, "violence", 42)
    assert status(course, 42)["DSP.07"] == "offered"


@pytest.mark.parametrize(
    ("said", "opens"),
    [
        ({"result": "none", "safe_to_raise": "yes"}, True),
        ({"result": "none", "safe_to_raise": "unsure"}, True),
        ({"result": "past_violence", "safe_to_raise": "yes"}, True),
        ({"result": "none", "safe_to_raise": "no"}, False),
        ({"result": "past_violence", "safe_to_raise": "no"}, False),
        ({"result": "unsure", "safe_to_raise": "unsure"}, False),
        ({"result": "fear_or_coercion", "safe_to_raise": "no"}, False),
        ({"result": "current_violence", "safe_to_raise": "unsure"}, False),
    ],
)
def test_nothing_to_fear_or_safe_to_raise_opens_and_a_clear_not_safe_never_does(said, opens) -> None:
    course = facing("lena").violence_check(35, about=["lena"], **said)
    assert is_open(course, "violence", 42) is opens


def test_asked_with_others_there_does_not_open_and_does_not_take_back_what_was_said_alone() -> None:
    with_others = facing("lena").violence_check(35, about=["lena"], asked_alone=False)
    assert not is_open(with_others, "violence", 42)
    assert "alone" in why(with_others, "violence", 42)
    both = facing("lena").violence_check(33, about=["lena"]).violence_check(35, about=["lena"], asked_alone=False)
    assert is_open(both, "violence", 42)


@pytest.mark.parametrize("safe", ["yes", "unsure", "no"])
def test_fear_is_heard_also_with_others_there(safe) -> None:
    course = facing("lena").violence_check(33, about=["lena"])
    course.violence_check(35, about=["lena"], asked_alone=False, result="fear_or_coercion", safe_to_raise=safe)
    assert not is_open(course, "violence", 42)


def test_every_person_of_the_step_is_covered() -> None:
    course = facing("lena", "mother").violence_check(35, about=["lena"])
    assert not is_open(course, "violence", 42)
    assert "Mother" in why(course, "violence", 42)
    assert is_open(course.violence_check(36, about=["mother"]), "violence", 42)


def test_asking_about_everybody_covers_everybody() -> None:
    assert is_open(facing("lena", "mother").violence_check(35), "violence", 42)


def test_somebody_who_has_died_need_not_be_asked_about() -> None:
    course = facing("lena").person("erik", status="deceased", in_focus=True).violence_check(35, about=["lena"])
    assert is_open(course, "violence", 42)


@pytest.mark.parametrize(("asked", "opens"), [(42, True), (28, True), (27, False)])
def test_the_fact_holds_fourteen_days(asked, opens) -> None:
    course = facing("lena").violence_check(asked, about=["lena"])
    assert is_open(course, "violence", 42) is opens


@pytest.mark.parametrize("kind", ["move", "birth", "relationship"])
def test_a_move_a_pregnancy_or_a_new_partner_since_asks_again(kind) -> None:
    course = facing("lena").violence_check(35, about=["lena"]).event("ev-1", 38, kind, "2025-10-08", text="it began")
    assert not is_open(course, "violence", 42)
    assert "it began" in why(course, "violence", 42)
    assert is_open(course.violence_check(40, about=["lena"]), "violence", 42)


def test_an_event_before_the_check_or_still_to_come_does_not_ask_again() -> None:
    course = facing("lena").violence_check(35, about=["lena"])
    course.event("ev-1", 38, "move", "2025-09-01").event("ev-2", 38, "move", "2025-12-01")
    assert is_open(course, "violence", 42)


def test_an_event_known_to_the_month_asks_again_until_it_was_asked_after_it_was_told() -> None:
    course = facing("lena").violence_check(35, about=["lena"]).event("ev-1", 38, "move", "2025-10")
    assert not is_open(course, "violence", 42)
    assert is_open(course.violence_check(39, about=["lena"]), "violence", 42)


def test_the_end_of_a_dispute_asks_again() -> None:
    course = facing("lena").violence_check(35, about=["lena"])
    course.write("dispute-map", 38, {"person": "lena", "stage": "dissolution"}, about="lena")
    assert not is_open(course, "violence", 42)


def test_fear_noted_about_the_person_asks_again() -> None:
    course = facing("lena").violence_check(35, about=["lena"])
    course.person("lena", 38, alias="Lena", in_focus=True, safety="fear_or_coercion")
    assert not is_open(course, "violence", 42)


# ---- the ending ----


@pytest.mark.parametrize(
    ("sessions", "named_in", "opens"),
    [(16, 13, True), (16, 14, False), (12, 9, True), (12, 10, False), (8, 7, True), (8, 8, False)],
)
def test_the_ending_is_named_three_sessions_before_the_end_and_one_in_short_forms(sessions, named_in, opens) -> None:
    course = Course().contract(0, sessions=sessions)
    for n in range(1, sessions):
        course.session(7 * n, tasks=["END.01"] if n == named_in else [])
    if named_in == sessions:
        course.session(7 * sessions, tasks=["END.01"])
    assert is_open(course, "ending_raised", 130) is opens


def test_an_ending_not_named_in_time_warns_about_the_tasks_of_the_last_session() -> None:
    course = Course().formulation(14).contract(14).weekly(15)
    assert status(course, 105)["END.08"] == "warned"
    assert status(course, 105)["END.01"] == "offered"
    assert not is_open(course, "ending_raised", 105)


def test_until_then_the_gate_says_by_when_the_ending_is_named() -> None:
    course = Course().contract(0).weekly(5)
    assert is_open(course, "ending_raised", 35)
    assert "by session 13" in why(course, "ending_raised", 35)


# ---- beyond the contract ----


def test_sessions_beyond_the_contract_are_warned_about() -> None:
    course = Course().formulation(14).contract(14, sessions=6, end=40).weekly(6)
    assert not is_open(course, "extension", 42)
    assert "warned" in status(course, 42).values()
    assert "offered" not in status(course, 42).values()


def test_an_extension_with_its_end_and_reason_opens() -> None:
    more = {"sessions": 2, "until": "2025-11-01", "reason": "Two more to practise"}
    course = Course().formulation(14).weekly(6).contract(41, sessions=6, end=40, extension=more)
    assert is_open(course, "extension", 42)
    assert "2 sessions are left" in why(course, "extension", 42)


@pytest.mark.parametrize("missing", ["until", "reason"])
def test_an_extension_without_its_end_or_reason_is_half_an_agreement(missing) -> None:
    more = {"sessions": 2, "until": "2025-11-01", "reason": "Two more to practise"}
    del more[missing]
    course = Course().formulation(14).weekly(6).contract(41, sessions=6, end=40, extension=more)
    assert not is_open(course, "extension", 42)
    assert "offered" not in status(course, 42).values()


def test_the_gate_names_everything_that_is_wanted() -> None:
    told = why(settled(5), "silent_discharge", 28)
    assert "the decision on what comes next" in told
    assert "END." not in told
    assert "next step" in told


def test_without_an_intake_only_what_opens_the_course_is_offered() -> None:
    course = Course(taken_in=False)
    items = agenda(course.manual, course.record, course.day(0)).items
    assert {item.task for item in items if item.status != "held_back"} == {"INI.01", "INI.02", "INI.05", "INI.14"}
    assert {item.gate for item in items if item.status == "held_back"} == {"eligibility"}


def test_with_a_couple_nothing_is_done_together_before_violence_was_asked_alone():
    course = Course("ipt-cm").person("P01", 0, in_focus=True)
    before = {item.task: item for item in agenda(course.manual, course.record, course.day(0)).items}
    assert {task for task, item in before.items() if item.status == "offered"} <= {
        "INI.01", "INI.02", "INI.05", "INI.14", "DSP.08"
    }  # fmt: skip
    assert any(item.gate == "violence" and item.status == "held_back" for item in before.values())
    course.violence_check(0).violence_check(0, asked="partner")
    after = agenda(course.manual, course.record, course.day(0))
    assert not [item for item in after.items if item.gate == "violence"]


@pytest.mark.parametrize(
    "partner",
    [None, {"asked_alone": False}, {"result": "fear_or_coercion", "safe_to_raise": "no"}, {"safe_to_raise": "no"}],
    ids=["not asked", "asked with the other there", "afraid", "not safe"],
)
@pytest.mark.parametrize("first", ["client", "partner"])
def test_with_a_couple_one_answer_never_stands_for_both(first, partner):
    other = "partner" if first == "client" else "client"
    course = Course("ipt-cm").person("P01", 0, in_focus=True).violence_check(0, asked=first)
    if partner is not None:
        course.violence_check(0, asked=other, **partner)
    found = agenda(course.manual, course.record, course.day(0))
    held = {item.task for item in found.items if item.gate == "violence" and item.status == "held_back"}
    assert held
    assert {item.task for item in found.items} - held <= {"INI.01", "INI.02", "INI.05", "INI.14", "DSP.08"}


def test_with_a_couple_a_new_answer_of_fear_closes_what_was_open():
    course = Course("ipt-cm").person("P01", 0).violence_check(0).violence_check(0, asked="partner")
    course.violence_check(3, asked="partner", result="fear_or_coercion", safe_to_raise="no")
    assert any(item.gate == "violence" for item in agenda(course.manual, course.record, course.day(3)).items)


def test_a_forbidden_sheet_does_not_come_with_a_task_that_is_allowed():
    assert "WS_GRIEF" in sheets_of(open_manual("ipt-classic"), "GRF.01")
    assert "WS_GRIEF" not in sheets_of(open_manual("ipt-ptsd"), "GRF.01")
