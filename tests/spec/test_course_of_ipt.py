"""Random courses of IPT, walked step by step: whatever happens is recorded, and the mind always has an answer.

Nothing here knows how the engine works. What must hold is counted beside it, in plain lists.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass

import pytest
from factories import Course
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from second_phq9 import second_opinion
from second_state_table import Path, last_of_each_day, second_state, start_of
from strategies import sheets_with_blanks

from openipt.therapy.course import (
    agenda,
    closing,
    decision_points,
    derived_flags,
    due,
    evidence_for_areas,
    gates,
    state,
)
from openipt.therapy.manuals import open_manual, open_task, task_ids
from openipt.therapy.vocabulary import vocabulary
from openipt.therapy.words import Sentence, render
from openipt.therapy.writing import note, summary, tell_session

WORDS = vocabulary()
MANUAL = open_manual("ipt-classic")
MIDDLE = {"MID.04", "MID.05", "MID.06", "MID.10"} | {step for area in MANUAL.areas for step in area.steps} - {"DSP.08"}
CONFLICT = {task for task in task_ids() if open_task(task).raises_conflict}
PEOPLE = ("P01", "P02", "P03")
SELF_HARM = ("R1", "R2", "R3")

gaps = st.sampled_from([0, 1, 7, 7, 7, 8, 14, 30])
some_tasks = st.lists(st.sampled_from(task_ids()), max_size=4, unique=True)
maybe = st.booleans()


def sentences_in(thing) -> list[Sentence]:
    """Every sentence inside a value, however deep."""
    if isinstance(thing, Sentence):
        return [thing, *(inner for value in thing.values.values() for inner in sentences_in(value))]
    if isinstance(thing, (list, tuple)):
        return [found for one in thing for found in sentences_in(one)]
    if is_dataclass(thing) and not isinstance(thing, type):
        return [found for one in fields(thing) for found in sentences_in(getattr(thing, one.name))]
    return []


class CourseOfIPT(RuleBasedStateMachine):
    """One client, one therapist, and everything that may happen on the way."""

    @initialize(age=st.sampled_from([15, 40]))
    def begin(self, age):
        self.course = Course(MANUAL, age=age)
        if age < 18:
            agreed = {
                "caregivers": [{"person": "P01"}],
                "assent_on": "2025-09-01",
                "caregivers_see": [{"text": "dates"}],
            }
            self.course.write("consent", 0, {"treatment": True, **agreed})
        self.plain = Path()
        self.scored = {}  # entry -> what the second scorer made of it
        self.today = 0
        self.tasks = []  # of each session
        self.checks = []  # day, asked alone, result, safe to raise
        self.fits = []  # of each formulation
        self.ending = {}
        self.answers_today = 0

    def later(self, gap):
        self.today += gap
        self.answers_today = 0 if gap else self.answers_today

    # ---- what may happen ----

    @rule(gap=gaps, tasks=some_tasks, kind=st.sampled_from(["attended", "joint", "double", "phone_check"]), mood=maybe)
    def hold_a_session(self, gap, tasks, kind, mood):
        self.later(max(gap, 1))
        said = {"mood": 5, "mood_event_link": "Low after the call"} if mood else {}
        people = [thing.id for thing in self.course.things["people"]][:1] if kind == "joint" else []
        self.course.session(self.today, kind, tasks, with_people=people, **said)
        self.plain.sessions.append((self.today, self.course.sessions[-1].uses, True))
        self.tasks.append(tasks)

    @rule(gap=gaps)
    def hold_a_session_and_name_the_ending(self, gap):
        self.hold_a_session(gap, ["END.01", "END.02"], "attended", False)

    @rule(gap=gaps)
    def hold_a_last_session(self, gap):
        self.hold_a_session(gap, ["END.07", "END.08", "END.09"], "attended", False)

    @rule(gap=gaps, kind=st.sampled_from(["no_show", "late_cancel"]))
    def miss_a_session(self, gap, kind):
        self.later(max(gap, 1))
        self.course.session(self.today, kind)
        self.plain.sessions.append((self.today, 0, False))
        self.tasks.append([])

    @rule(gap=gaps, sheet=sheets_with_blanks)
    def answer_the_phq9_with_any_answers_and_blanks(self, gap, sheet):
        self.later(gap)
        self.answer(sheet, second_opinion(sheet)["total"])

    @rule(gap=gaps, score=st.integers(0, 27))
    def report_a_total(self, gap, score):
        self.later(gap)
        self.answer({}, score, kind="total_only", total=score)

    def answer(self, sheet, score, **more):
        self.answers_today += 1
        hour = min(8 + self.answers_today, 23)
        self.course.write("phq-9", self.today, sheet, hour=hour, **more)
        if score is not None:
            self.scored[self.course.entries[-1].id] = (self.today, len(self.course.entries), score)

    @rule(fit=st.none() | st.integers(0, 10), area=st.sampled_from(sorted(WORDS["problem_areas"])))
    def share_a_formulation_with_any_fit(self, fit, area):
        self.course.formulation(self.today, fit, area, client_words="That is it")
        self.fits.append(fit)

    @rule(sessions=st.integers(1, 20), end=st.none() | st.integers(30, 150))
    def agree_a_contract(self, sessions, end):
        self.course.contract(self.today, sessions=sessions, end=end)

    @rule(sessions=st.integers(1, 20), more=st.integers(1, 4), until=maybe, reason=maybe)
    def extend_the_contract_with_or_without_its_end_and_reason(self, sessions, more, until, reason):
        extension = {"sessions": more}
        extension |= {"until": self.course.day(self.today + 28).isoformat()} if until else {}
        extension |= {"reason": "To practise"} if reason else {}
        self.course.contract(self.today, sessions=sessions, end=self.today + 7, extension=extension)

    @rule(
        alone=maybe,
        result=st.sampled_from(sorted(WORDS["person_safety"])),
        safe=st.sampled_from(["yes", "no", "unsure"]),
        about=st.lists(st.sampled_from([*PEOPLE, "all_current"]), min_size=1, max_size=2, unique=True),
    )
    def ask_about_violence_alone_or_not(self, alone, result, safe, about):
        self.course.violence_check(self.today, about, asked_alone=alone, result=result, safe_to_raise=safe)
        self.checks.append((self.today, alone, result, safe))

    @rule(
        name=st.sampled_from(PEOPLE),
        status=st.sampled_from(sorted(WORDS["person_statuses"])),
        focus=maybe,
        conflict=st.none() | st.integers(0, 4),
        safety=st.none() | st.sampled_from(sorted(WORDS["person_safety"])),
    )
    def add_or_change_a_person(self, name, status, focus, conflict, safety):
        said = {"status": status, "in_focus": focus, "conflict": conflict, "safety": safety}
        self.course.person(name, self.today, **{key: value for key, value in said.items() if value is not None})

    @rule(kind=st.sampled_from(sorted(WORDS["timeline_event_types"])), ago=st.integers(-30, 400), exact=maybe)
    def tell_of_a_life_event(self, kind, ago, exact):
        when = self.course.day(self.today - ago).isoformat()
        self.course.event(f"ev-{len(self.course.entries)}", self.today, kind, when if exact else when[:7])

    @rule(stage=st.sampled_from(sorted(WORDS["dispute_stages"])), person=st.sampled_from(PEOPLE))
    def map_a_dispute(self, stage, person):
        self.course.write("dispute-map", self.today, {"person": person, "stage": stage}, about=person)

    @rule(
        point=st.sampled_from(sorted(WORDS["decision_points"])),
        action=st.none() | st.sampled_from(sorted(WORDS["decision_actions"])),
        worse=maybe,
    )
    def record_a_decision_whole_or_begun(self, point, action, worse):
        said = {"point": point, "client_says": "It helps", "reason": "Talked over"}
        said |= {"action": action} if action else {}
        said |= {"confirmed_worse": True} if worse else {}
        self.course.write("decision-record", self.today, said)
        self.plain.confirmed += [self.today] if worse else []

    @rule(review=st.none() | st.integers(0, 60))
    def make_a_safety_plan(self, review):
        self.course.safety_plan(self.today, None if review is None else self.today + review)

    @rule(rule_=st.sampled_from(SELF_HARM), ago=st.integers(0, 7), state_=st.sampled_from(["new", "known", "closed"]))
    def write_what_was_done_about_a_flag(self, rule_, ago, state_):
        self.course.flag(max(0, self.today - ago), rule_, state_, outcome=self.today)

    @rule(ended=maybe)
    def give_or_end_time_to_recover(self, ended):
        until = self.course.day(self.today + 21).isoformat()
        self.course.write("time-to-recover", self.today, {"ended": True} if ended else {"until": until})

    @rule(
        form=st.sampled_from(["consent", "intake", "safety-plan", "time-to-recover", "violence-check", "formulation"])
    )
    def work_on_a_sheet_of_which_nothing_is_kept(self, form):
        self.course.write(form, self.today, {}, kind="without_content")

    @rule(text=st.sampled_from(["Ring P01", "Nothing this week"]))
    def agree_a_step(self, text):
        name = f"st-{len(self.course.entries)}"
        about = self.course.sessions[-1].id if self.course.sessions else None
        self.course.thing("steps", name, self.today)
        self.course.write("between-session-step", self.today, {"text": text, "agreed_in": about}, about=name)

    @rule()
    def take_back_the_last_questionnaire(self):
        if self.scored:
            name = list(self.scored)[-1]
            del self.scored[name]
            self.course.retract(name, self.today)

    @rule(
        kind=st.sampled_from(sorted(WORDS["endings"])),
        said=st.sets(st.sampled_from(["who_was_told", "way_back", "next_step", "no_measure_reason", "arrived"])),
        closed=maybe,
    )
    def end_in_any_way(self, kind, said, closed):
        words = {key: True if key == "arrived" else "Spoken about" for key in said}
        self.course.end(self.today, kind, closed, **words)
        self.ending = {"kind": kind, **words}

    # ---- what must hold, whatever happened ----

    @property
    def known(self):
        """The plain course, with the scores that stand."""
        return Path(scores=sorted(self.scored.values()), sessions=self.plain.sessions, confirmed=self.plain.confirmed)

    @invariant()
    def every_question_has_an_answer_on_every_day_and_every_sentence_renders(self):
        record = self.course.record
        for n in {0, self.today // 2, self.today, self.today + 40}:
            day = self.course.day(n)
            for ask in (
                agenda,
                due,
                gates,
                state,
                decision_points,
                derived_flags,
                closing,
                evidence_for_areas,
                summary,
            ):
                for sentence in sentences_in(ask(MANUAL, record, day)):
                    assert render(sentence).strip()
        for session in record.sessions[-2:]:
            for sentence in sentences_in(note(MANUAL, record, session, people=True, words=True)):
                assert render(sentence).strip()

    @invariant()
    def the_state_is_one_of_six_and_the_one_of_the_second_table(self):
        made = state(MANUAL, self.course.record, self.course.day(self.today)).id
        assert made in WORDS["states"]
        ended = self.course.more.get("ended_on")
        day = (ended - self.course.began).days if ended else self.today
        assert made == second_state(self.known, min(day, self.today))

    @invariant()
    def no_middle_task_is_offered_behind_a_hard_gate(self):
        today = self.course.day(self.today)
        told = agenda(MANUAL, self.course.record, today)
        closed = {gate.id: gate for gate in gates(MANUAL, self.course.record, today) if not gate.open}
        offered = {item.task for item in told.offered}
        used = sum(uses for _, uses, _ in self.plain.sessions)
        fit_known = bool(self.fits) and self.fits[-1] is not None
        if used + 1 >= 6 and not fit_known:
            assert not offered & MIDDLE
            assert closed["formulation"].strength == "hard"
        for item in told.items:
            assert (item.status == "offered") == (item.why is None)
            if item.status == "offered" and item.task in MIDDLE:
                assert not {"formulation", "contract"} & set(closed)

    @invariant()
    def no_hard_talk_is_offered_without_a_fresh_fact_asked_alone(self):
        told = agenda(MANUAL, self.course.record, self.course.day(self.today))
        if {item.task for item in told.offered} & CONFLICT:
            assert any(
                alone and safe != "no" and (result == "none" or safe == "yes") and 0 <= self.today - day <= 14
                for day, alone, result, safe in self.checks
            )

    @invariant()
    def no_course_is_closed_in_silence(self):
        today = self.course.day(self.today)
        if closing(MANUAL, self.course.record, today).wanting or self.ending.get("kind") == "died":
            return
        flags = derived_flags(MANUAL, self.course.record, today)
        assert not [flag for flag in flags if flag.rule in SELF_HARM and flag.is_open]
        if self.ending.get("kind") == "stopped_coming":
            assert {"who_was_told", "way_back"} <= set(self.ending)
            return
        done = {task for tasks in self.tasks for task in tasks}
        assert "END.08" in done
        assert self.was_measured_at_the_end() or "no_measure_reason" in self.ending
        if not self.is_recovered():
            assert "END.07" in done
            assert "next_step" in self.ending or self.decided_next()
        if self.ending.get("kind") == "referred":
            assert self.ending.get("arrived")

    def was_measured_at_the_end(self):
        held = [day for day, _, was_held in self.plain.sessions if was_held]
        before = held[-2] if len(held) > 1 else -1
        return bool(held) and any(day > before for day, _, _ in self.scored.values())

    def is_recovered(self):
        """Recovered, or never in the clinical range at all."""
        daily = last_of_each_day(sorted(self.scored.values()), self.today)
        start = start_of(daily, [day for day, _, was_held in self.plain.sessions if was_held])
        if start is None:
            return False
        first, last = start[1], daily[-1][1]
        return last < 10 and (first < 10 or first - last >= 6)

    def decided_next(self):
        decisions = [entry.answers for entry in self.course.entries if entry.form == "decision-record"]
        return any(
            said["point"] == "END" and said.get("action") not in (None, "none", "continue_with_reason")
            for said in decisions
        )

    @invariant()
    def whatever_was_done_is_in_the_record_and_in_the_told_session(self):
        record = self.course.record
        assert [session.id for session in record.sessions] == [session.id for session in self.course.sessions]
        assert len(record.entries) == len(self.course.entries)
        if self.tasks:
            told = tell_session(MANUAL, record, record.sessions[-1])
            assert list(told.done) == self.tasks[-1]
            assert set(told.done_unoffered) <= set(self.tasks[-1])


MODERATE = {"deadline": None, "suppress_health_check": list(HealthCheck)}

TestCourseOfIPT = CourseOfIPT.TestCase
TestCourseOfIPT.settings = settings(max_examples=25, stateful_step_count=25, **MODERATE)


@pytest.mark.nightly
class TestManyCoursesOfIPT(CourseOfIPT.TestCase):
    """The same walk, longer and more often."""

    settings = settings(max_examples=150, stateful_step_count=50, **MODERATE)
