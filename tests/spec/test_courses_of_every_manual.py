"""Random courses of every manual on the shelf: whatever happens is recorded, and no law of the course is broken.

Nothing here asks the gates. What must hold is read from the manual's own data and counted in plain lists.
"""

from __future__ import annotations

import sys

import pytest
from factories import Course
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from test_course_of_ipt import sentences_in

from openipt.therapy.course import agenda, closing, decision_points, derived_flags, due, eligibility, gates, state
from openipt.therapy.manuals import manual_ids, open_manual, open_task, task_ids
from openipt.therapy.vocabulary import vocabulary
from openipt.therapy.words import render
from openipt.therapy.writing import note, summary, tell_session

WORDS = vocabulary()
CONFLICT = {task for task in task_ids() if open_task(task).raises_conflict}
BEGINNING = {"INI.01", "INI.02", "INI.05", "INI.14", "ADO.01", "GRP.01"}
places = st.integers(0, 200)  # of something in a list, counted round and round
partners = st.sampled_from(["client", "partner"])
gaps = st.sampled_from([0, 1, 7, 7, 7, 30])
kinds = st.sampled_from(["attended", "joint", "double", "phone_check", "pre_group", "no_show", "late_cancel"])


class CourseOfAManual(RuleBasedStateMachine):
    """One client in one form of treatment, and what may happen on the way."""

    manual_id = "ipt-classic"

    # Most courses begin lawfully and are well under way: laws about the middle and the end are broken there or never.
    @initialize(
        age=st.sampled_from([40, 40, 71, 14]),
        taken_in=st.sampled_from([True, True, True, False]),
        weeks=st.sampled_from([0, 1, 3, 5, 6, 7, 9]),
        told=st.sampled_from([None, "not asked", "fits", "fits"]),
        place=places,
    )
    def begin(self, age, taken_in, weeks, told, place):
        self.manual = open_manual(self.manual_id)
        self.course = Course(self.manual, age=age, taken_in=taken_in)
        self.taken_in, self.age, self.today = taken_in, age, 0
        self.tasks, self.fits, self.contracts, self.safe_days, self.measured, self.held = [], [], [], [], [], []
        self.agreed_by_parents, self.ending = False, {}
        for _ in range(weeks):
            self.meet_or_miss(7, "attended", [])
        if told:
            self.share_a_formulation(None if told == "not asked" else 8, place)
            self.agree_a_contract(self.manual.dose.usual, 120)

    # ---- what may happen ----

    @rule(gap=gaps, kind=kinds, tasks=st.lists(st.sampled_from(task_ids()), max_size=4, unique=True))
    def meet_or_miss(self, gap, kind, tasks):
        self.today += max(gap, 1)
        held = kind not in ("no_show", "late_cancel")
        self.course.session(self.today, kind, tasks if held else ())
        self.tasks.append(tasks if held else [])
        self.held += [self.today] if held else []

    @rule(gap=gaps, place=places)
    def do_what_the_agenda_offers(self, gap, place):
        offered = agenda(self.manual, self.course.record, self.course.day(self.today)).offered
        chosen = [offered[place % len(offered)].task] if offered else []
        self.meet_or_miss(gap, "attended", chosen)

    @rule(share=st.floats(0, 1))
    def answer_the_measure_of_the_course(self, share):
        form = self.manual.outcome[0]
        self.course.total(self.today, round(share * 20), form)
        self.measured.append(self.today)

    @rule(person=st.sampled_from(["P01", "P02"]), focus=st.booleans())
    def tell_of_a_person(self, person, focus):
        self.course.person(person, self.today, in_focus=focus)

    @rule(fit=st.none() | st.integers(0, 10), place=places)
    def share_a_formulation(self, fit, place):
        own = [area.id for area in self.manual.areas]
        known = own * 2 + ["PA_DISPUTE"] * (4 * ("PA_DISPUTE" in own)) + sorted(WORDS["problem_areas"])
        area = known[place % len(known)]
        self.course.formulation(self.today, fit, area)
        self.fits.append(fit)

    @rule(sessions=st.integers(1, 24), end=st.none() | st.integers(30, 200))
    def agree_a_contract(self, sessions, end):
        self.course.contract(self.today, sessions=sessions, end=end)
        self.contracts.append((sessions, end))

    @rule(alone=st.booleans(), safe=st.sampled_from(["yes", "no", "unsure"]), whom=partners)
    def ask_about_violence(self, alone, safe, whom):
        self.course.violence_check(self.today, asked_alone=alone, safe_to_raise=safe, asked=whom)
        self.safe_days += [(whom, self.today)] if alone and safe != "no" else []

    @rule()
    def caregivers_agree(self):
        said = {"caregivers": [{"person": "P01"}], "assent_on": "2025-09-01", "caregivers_see": [{"text": "dates"}]}
        self.course.write("consent", self.today, {"treatment": True, **said})
        self.agreed_by_parents = True

    @rule(weight=st.integers(30, 90))
    def weigh(self, weight):
        self.course.write("medical-review", self.today, {"weight_kg": weight, "height_cm": 170})

    @rule(settled=st.booleans())
    def raise_a_flag(self, settled):
        self.course.flag(self.today, outcome=self.today if settled else None)

    @rule(
        kind=st.sampled_from(sorted(WORDS["endings"])),
        said=st.sets(st.sampled_from(["who_was_told", "way_back", "next_step", "no_measure_reason", "arrived"])),
    )
    def end_in_any_way(self, kind, said):
        self.ending = {"kind": kind, **{key: True if key == "arrived" else "Spoken about" for key in said}}
        self.course.end(self.today, kind, closed=False, **{key: self.ending[key] for key in said})

    # ---- what must hold, whatever happened ----

    @property
    def offered(self):
        told = agenda(self.manual, self.course.record, self.course.day(self.today))
        return {item.task for item in told.items if item.status == "offered"}

    @invariant()
    def every_question_has_an_answer_that_can_be_said(self):
        for n in (0, self.today, self.today + 60):
            for ask in (agenda, due, gates, state, decision_points, derived_flags, closing, eligibility, summary):
                for sentence in sentences_in(ask(self.manual, self.course.record, self.course.day(n))):
                    assert render(sentence).strip()
        for session in self.course.record.sessions[-1:]:
            for sentence in sentences_in(note(self.manual, self.course.record, session, people=True, words=True)):
                assert render(sentence).strip()
            assert set(tell_session(self.manual, self.course.record, session).done) == set(self.tasks[-1])

    @invariant()
    def nothing_that_this_manual_forbids_is_offered(self):
        assert not self.offered & set(self.manual.forbid)

    @invariant()
    def no_step_of_an_area_is_offered_once_the_formulation_is_overdue(self):
        rule_ = self.manual.gate("formulation")
        if rule_ is None or (self.fits and self.fits[-1] is not None):
            return
        number = agenda(self.manual, self.course.record, self.course.day(self.today)).position.number
        if rule_.strength == "hard" or (rule_.hard_from_session and number >= rule_.hard_from_session):
            early = {offer.task for offer in self.manual.offers if "initial" in offer.phases}
            assert not self.offered & ({task for area in self.manual.areas for task in area.steps} - early)

    @invariant()
    def no_hard_talk_is_offered_without_a_fresh_fact_asked_alone(self):
        if self.manual.gate("violence") and self.offered & CONFLICT:
            assert any(0 <= self.today - day <= 14 for whom, day in self.safe_days if whom == "client")

    @invariant()
    def nothing_is_done_together_before_each_of_a_couple_was_asked_alone(self):
        if self.manual.format == "couple" and self.offered - {*BEGINNING, "DSP.08"}:
            assert {whom for whom, day in self.safe_days if 0 <= self.today - day <= 14} == {"client", "partner"}

    @invariant()
    def only_the_first_questions_are_offered_before_the_course_may_begin(self):
        if self.manual.gate("eligibility") and not self.taken_in:
            assert self.offered <= BEGINNING
        if self.manual.gate("minors") and self.age < 18 and not self.agreed_by_parents:
            assert self.offered <= BEGINNING

    @invariant()
    def no_course_ends_in_silence(self):
        if closing(self.manual, self.course.record, self.course.day(self.today)).wanting:
            return
        if self.ending.get("kind") == "died":
            return
        if self.ending.get("kind") == "stopped_coming":
            assert {"who_was_told", "way_back"} <= set(self.ending)
            return
        done = {task for tasks in self.tasks for task in tasks}
        before = self.held[-2] if len(self.held) > 1 else -1
        assert "END.08" in done
        assert "no_measure_reason" in self.ending or (self.held and any(day > before for day in self.measured))


def courses(manual_id: str, **how: object) -> None:
    """Walk random courses of one manual."""
    machine = type("CourseOfAManual", (CourseOfAManual,), {"manual_id": manual_id})
    run_state_machine_as_test(machine, settings=settings(deadline=None, suppress_health_check=list(HealthCheck), **how))


@pytest.mark.parametrize("manual_id", manual_ids())
def test_a_few_random_courses_keep_every_law(manual_id):
    courses(manual_id, max_examples=3, stateful_step_count=20)


@pytest.mark.long
@pytest.mark.parametrize("manual_id", manual_ids())
def test_random_courses_keep_every_law(manual_id):
    courses(manual_id, max_examples=8, stateful_step_count=20)


@pytest.mark.nightly
@pytest.mark.parametrize("manual_id", manual_ids())
def test_many_long_random_courses_keep_every_law(manual_id):
    courses(manual_id, max_examples=100, stateful_step_count=40)


def caught(manuals: list[str]) -> bool:
    """Whether the random walk meets an unlawful state, with as many courses of each manual as in `make test-all`."""
    how = {"phases": [Phase.generate], "database": None, "derandomize": True}
    for manual_id in manuals:
        try:
            courses(manual_id, max_examples=8, stateful_step_count=20, **how)
        except AssertionError:
            return True
    return False


@pytest.mark.long
@pytest.mark.parametrize("saboteur", ["middle gates", "start gates", "violence", "partner"])
def test_a_gate_that_is_switched_off_is_found_by_walking_about(saboteur, monkeypatch):
    agenda_of, gates_of = (sys.modules[f"openipt.therapy.course.{name}"] for name in ("agenda", "gates"))
    if saboteur == "middle gates":
        monkeypatch.setattr(agenda_of, "MIDDLE_GATES", ())
    elif saboteur == "start gates":
        monkeypatch.setattr(agenda_of, "START_GATES", ())
    elif saboteur == "violence":
        monkeypatch.setattr(agenda_of, "_violence_before", lambda *_: None)
    else:  # with a couple, the client's answer stands for the partner's
        alone = gates_of.safe_for
        monkeypatch.setattr(agenda_of, "safe_together", lambda record, today: alone(record, (), today))
        monkeypatch.setattr(gates_of, "safe_together", lambda record, today: alone(record, (), today))

    assert caught(["ipt-cm"] if saboteur == "partner" else manual_ids())
