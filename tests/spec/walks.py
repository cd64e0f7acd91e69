"""A whole course of any manual, walked week by week: what it asks, what it finds open and what it finds closed.

The client of this walk has a careless therapist. Each thing a gate asks for is forgotten first and done afterwards, so
that every gate is met closed and open; sessions and days are those of the manual.
"""

from __future__ import annotations

from dataclasses import replace

from factories import Course

from openipt.therapy.course import agenda, closing, decision_points, eligibility, gates, standing, where
from openipt.therapy.forms import open_form
from openipt.therapy.manuals import Offer, open_manual
from openipt.therapy.words import render

YOUNG, ADULT, OLD = 17, 40, 70
WEEK, OVERDUE, MORE = 7, 8, 4
WORKING = ("middle", "termination", "continuation", "maintenance")
ONLY_AT_THE_END = {"END.07", "END.08", "END.09"}
AGREED_BY_PARENTS = {"caregivers": [{"person": "P01"}], "assent_on": "2025-08-20", "caregivers_see": [{"text": "days"}]}


def ages(manual) -> tuple[int, int]:
    """For whom a manual was made, in years."""
    for kind, rule in manual.rules():
        if kind == "population" and rule.age:
            return rule.age
    return 0, 120


def right_age(manual) -> int:
    """An age the manual was made for: a young one where it may be, since the young have a gate of their own."""
    least, most = ages(manual)
    return next(age for age in (YOUNG, 15, ADULT, OLD) if least <= age <= most)


class Walk:
    """One client in one form of treatment, from the first question to the signed ending."""

    def __init__(self, manual_id: str) -> None:
        self.manual = open_manual(manual_id)
        self.course = Course(self.manual, age=right_age(self.manual), taken_in=False, manual_version="0.9.0")
        self.own = {rule.id for rule in self.manual.gates}
        self.intake = {"alias": "Ada"}
        self.today = -20
        self.verdicts: list[str] = []
        self.phases: list[str] = []  # in the order they were reached
        self.closed: dict[str, str] = {}  # gate -> the sentence it gave when it was first found closed
        self.open: dict[str, str] = {}
        self.kept_back: dict[str, str] = {}  # gate -> a task it held back or warned about
        self.offered: set[str] = set()

    # ---- looking: nothing else is ever asked than the course itself ----

    def look(self):
        """Ask the course where it stands, what it offers, and which gates are open."""
        day, record = self.course.day(self.today), self.course.record
        told = agenda(self.manual, record, day)
        self.phases += [told.position.phase.id] * (told.position.phase.id not in self.phases)
        for gate in gates(self.manual, record, day):
            (self.open if gate.open else self.closed).setdefault(gate.id, render(gate.why))
        for item in told.items:
            if item.status != "offered":
                assert render(item.why).strip(), f"{item.task} is held back without a word"
                self.kept_back.setdefault(item.gate, item.task)
        self.offered |= {item.task for item in told.offered}
        assert told.position.left >= 0
        return told

    def ask_for_a_verdict(self) -> str:
        found = eligibility(self.manual, self.course.record, self.course.day(self.today))
        self.verdicts.append(found.standing)
        return found.standing

    # ---- the story ----

    def go(self) -> Walk:
        """Walk the whole way."""
        self.is_it_the_right_treatment()
        self.what_the_beginning_asks_for()
        self.the_agreed_sessions()
        self.the_ending_was_overlooked()
        self.the_ending()
        self.what_is_a_course_of_its_own()
        return self

    def is_it_the_right_treatment(self) -> None:
        """Nothing is known; then what a questionnaire says, and a clinician's answer to every question left."""
        self.ask_for_a_verdict()
        known = next(
            (known for kind, rule in self.manual.rules() if kind == "include" for known in rule.known_from), None
        )
        if known:
            self.course.total(self.today, round(0.6 * top(known.form)), known.form)
        answers = {"population": "yes", "include": "yes", "exclude": "no"}
        rows = [{"rule": rule.id, "answer": answers[kind]} for kind, rule in self.manual.rules() if kind in answers]
        self.course.write("eligibility-check", self.today, {"manual": self.manual.id, "answers": rows})
        self.ask_for_a_verdict()

    def what_the_beginning_asks_for(self) -> None:
        """Each gate before the start is found closed, and opened by the fact it asks for."""
        self.look()
        if self.manual.format == "group":  # met alone, and nothing of it written yet
            self.meet("pre_group", [])
            self.look()
        self.course.more["manual_version"] = self.manual.version  # moved to the shelf's version, with a reason
        self.fill_in_the_intake(diagnosis="Assessed in an interview")
        self.course.write("consent", self.today, {"treatment": True})
        self.look()
        if self.course.more["age"] < 18:
            self.course.write("consent", self.today, {"treatment": True, **AGREED_BY_PARENTS})
            self.look()
        if "prescriber" in self.own:
            self.fill_in_the_intake(prescriber="Dr Hollen", mood_stabiliser_plan="Lithium, checked monthly")
            self.look()
        if "medical" in self.own:
            self.course.write("medical-review", self.today, {"weight_kg": 62, "height_cm": 170})
            self.look()
        if "group_entry" in self.own:
            self.meet("pre_group", ["GRP.01"])
            self.course.more["staff"] = "TH"
            self.look()
        self.today = 0

    def fill_in_the_intake(self, **said) -> None:
        self.intake |= said
        self.course.write("intake", self.today, self.intake)

    def the_agreed_sessions(self) -> None:
        """All sessions that were agreed. What was shared and agreed was shared and agreed by halves."""
        self.measure(0.6)
        self.course.person("P01", self.today, in_focus=True, conflict=3)
        half_said = True
        for number in range(1, self.manual.dose.usual + 1):
            told = self.look()
            if half_said and told.position.phase.kind in WORKING and number > 1:
                half_said = False
                self.say_it_whole()
                told = self.look()
            if self.manual.format == "couple" or not half_said:
                self.ask_alone()
            self.look_after_danger(number)
            self.meet("attended", self.picked(told, but={"END.01", *ONLY_AT_THE_END}))
            if number == 1:
                self.course.formulation(self.today, None, self.area())
                self.agree(None, add_ons=["substance_use"])
            self.today += WEEK
            self.decide_what_is_overdue()
            self.measure(0.6 - 0.5 * number / self.manual.dose.usual)

    def area(self) -> str:
        own = [area.id for area in self.manual.areas] or ["PA_DISPUTE"]
        return "PA_DISPUTE" if "PA_DISPUTE" in own else own[0]

    def say_it_whole(self) -> None:
        """How well it fits is asked, an end is agreed, and who treats the drinking is named."""
        self.what_is_forbidden_stays_away()
        self.ask_alone()
        self.course.formulation(self.today, 8, self.area())
        self.look()
        self.agree(self.today + 400, add_ons=["substance_use"])
        self.look()
        self.fill_in_the_intake(substance_treatment_provider="The counselling centre in town")

    def what_is_forbidden_stays_away(self) -> None:
        """Also where somebody has put it on the agenda of this manual."""
        kinds = tuple({phase.kind for phase in self.manual.phases})
        tasks = [name for name in self.manual.forbid if not name.startswith("WS_")]
        offers = tuple(Offer(task=name, phases=kinds, every=True) for name in tasks)
        spoilt = self.manual.model_copy(update={"offers": (*offers, *self.manual.offers)})
        told = agenda(spoilt, self.course.record, self.course.day(self.today))
        for item in told.items:
            if item.task in tasks:
                assert (item.status, render(item.why)) == ("held_back", self.closed["prohibited"])
                self.kept_back.setdefault("prohibited", item.task)

    def agree(self, end: int | None, **said) -> None:
        self.course.contract(self.today, sessions=self.manual.dose.usual, end=end, **said)

    def ask_alone(self) -> None:
        """About violence: the client, and of a couple the other one a week later."""
        self.course.violence_check(self.today)
        self.look()
        self.course.violence_check(self.today, asked="partner")
        self.look()

    def look_after_danger(self, number: int) -> None:
        """Thoughts of death are named on a questionnaire, and somebody speaks about them."""
        if number == 1:
            self.course.phq9(self.today, 14, q9=1)
            self.look()
            self.course.flag(self.today, outcome=self.today).safety_plan(self.today, review=self.today + 28)
            self.look()

    def decide_what_is_overdue(self) -> None:
        """Each decision is written a day after it was overdue."""
        for point in decision_points(self.manual, self.course.record, self.course.day(self.today)):
            if point.recorded is None and (point.overdue or point.point.id != "END"):
                self.today = max(self.today, (point.on - self.course.began).days + OVERDUE)
                self.look()
                self.course.decide(self.today, point.point.id, "none")
                self.look()

    def the_ending_was_overlooked(self) -> None:
        """The sessions are used up and nobody has named the ending: more are agreed, with an end and a reason."""
        self.look()
        until = self.course.day(self.today + WEEK * MORE).isoformat()
        more = {"sessions": MORE, "until": until, "reason": "The ending needs its time"}
        self.agree(self.today, extension=more, add_ons=["substance_use"])
        for number in range(1, MORE + 1):
            self.measure(0.1)
            self.ask_alone()
            last = number == MORE
            self.meet("attended", self.picked(self.look(), but=set() if last else ONLY_AT_THE_END))
            self.today += 0 if last else WEEK

    def the_ending(self) -> None:
        """What comes next is decided, the last note is signed, and the course is closed with nothing wanting."""
        self.today += OVERDUE
        self.look()
        self.decide_what_is_overdue()
        last = self.course.sessions[-1].id
        signed = {"text": "The last session", "signed_on": self.course.day(self.today).isoformat()}
        self.course.write("session-note", self.today, signed, about=last)
        self.course.end(self.today, "finished", way_back="A call is enough", next_step="A call in three months")
        self.look()

    def what_is_a_course_of_its_own(self) -> None:
        """A phase that goes on in another manual begins there, and is one of that manual's phases."""
        for phase in self.manual.phases:
            if phase.then:
                course = Course(phase.then, began=self.course.day(self.today + WEEK))
                here = where(course.manual, course.record, course.day(0))
                self.phases += [phase.id] * (here.phase.kind == phase.kind)

    # ---- small acts ----

    def meet(self, kind: str, tasks) -> None:
        """Meet, and write what was done. A meeting before a group is none of the group's sessions."""
        self.course.session(self.today, kind, tasks)
        counted = sum(one.kind != "pre_group" for one in self.course.sessions)
        self.course.sessions[-1] = replace(self.course.sessions[-1], number=0 if kind == "pre_group" else counted)

    def picked(self, told, but: set[str]) -> list[str]:
        """Everything on the agenda that is offered without a warning."""
        return [item.task for item in told.items if item.status == "offered" and item.task not in but]

    def measure(self, share: float) -> None:
        form = self.manual.outcome[0]
        self.course.total(self.today, round(share * top(form)), form)

    # ---- what came of it ----

    @property
    def missed_phases(self) -> list[str]:
        return [phase.id for phase in self.manual.phases if phase.id not in self.phases]

    @property
    def wanting(self) -> tuple:
        return closing(self.manual, self.course.record, self.course.day(self.today)).wanting

    @property
    def need(self) -> str:
        """What a caseload says about the course on the day after."""
        return standing(self.manual, self.course.record, self.course.day(self.today + 1)).attention.need

    def told(self) -> str:
        """What was visited, to be read."""
        lines = [f"{self.manual.id}: {' -> '.join(self.verdicts)}", f"  phases: {' -> '.join(self.phases)}"]
        for gate in dict.fromkeys([*self.closed, *self.open]):
            lines.append(f"  {gate}: closed: {self.closed.get(gate, '-')}")
            lines.append(f"  {gate}: open: {self.open.get(gate, '-')}; held back: {self.kept_back.get(gate, '-')}")
        return "\n".join(lines)


def top(form_id: str) -> float:
    """The highest score of a form."""
    form = open_form(form_id)
    return next(one.range[1] for one in form.scores if one.id == form.primary)
