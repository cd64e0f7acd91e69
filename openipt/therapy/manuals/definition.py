"""A manual as it stands on the shelf: the grammar of `manual.yaml`, frozen and strict."""

from __future__ import annotations

from functools import cached_property
from math import ceil
from typing import Literal

from pydantic import Field, model_validator

from openipt.therapy.forms.items import Strict

PhaseKind = Literal[
    "referral", "assessment", "pregroup", "initial", "middle", "termination", "continuation", "maintenance", "follow_up"
]
Occasion = Literal[
    "flag_open",
    "safety_review_due",
    "recover_review_due",
    "decision_due",
    "not_on_track",
    "not_recovered",
    "step_agreed",
    "dispute_in_view",
    "ties_to_build",
    "focus_unsettled",
    "formulation_to_revise",
    "caregivers_involved",
    "member_absent",
    "long_course",
]


class Dose(Strict):
    """How many sessions, how long, how often."""

    least: int = Field(ge=1)
    usual: int = Field(ge=1)
    most: int = Field(ge=1)
    minutes: int = Field(ge=5)
    cadence: str
    open_ended: bool = False

    @model_validator(mode="after")
    def _ordered(self) -> Dose:
        if not self.least <= self.usual <= self.most:
            raise ValueError(
                f"least {self.least}, usual {self.usual}, most {self.most} are out of order; "
                "expected least <= usual <= most"
            )
        return self


class Phase(Strict):
    """A stretch of the course and what it should leave behind: by session range, or by a condition.

    Without a range it stands before the first session, or is a course of its own in another manual (`then`).
    """

    id: str
    kind: PhaseKind
    label: str
    sessions: tuple[int, int] | None = None  # first and last, both included, for the usual number of sessions
    lasts: Literal["by_number", "until_done"] = "by_number"  # until_done: on and on until its exit tasks are done
    then: str | None = None  # the manual in which it is a course of its own
    optional: bool = False
    cadence: str | None = None
    goal: str
    exit: tuple[str, ...] = ()  # tasks that should be done before the phase ends
    exit_if_not_recovered: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _range(self) -> Phase:
        if self.sessions and not 1 <= self.sessions[0] <= self.sessions[1]:
            raise ValueError(f"the sessions {list(self.sessions)} can never be reached; expected [first, last] from 1")
        return self

    @model_validator(mode="after")
    def _ends(self) -> Phase:
        if self.lasts == "until_done" and not (self.sessions and self.exit):
            raise ValueError("a phase until_done that names nothing to do; expected its sessions and its exit tasks")
        if self.then and self.sessions:
            raise ValueError("a phase of this course and of another one; expected one of sessions, then")
        return self

    @property
    def before_the_first(self) -> bool:
        """Whether it stands before the first session."""
        return self.sessions is None and self.then is None


class Rescale(Strict):
    """How the phases move when the contract names another number of sessions."""

    initial: int = Field(ge=1)
    initial_least: int = Field(ge=1)
    termination_share: float = Field(gt=0, lt=1)
    termination_least: int = Field(ge=1)


class Marker(Strict):
    """A progress marker of a problem area, rated 0-4 at 4, 8, 12 and the end."""

    id: str
    label: str


class Area(Strict):
    """A problem area: when it is the focus, what it aims at, by which steps."""

    id: str
    label: str | None = None  # where this manual has its own word for it
    entry: str
    goals: tuple[str, ...] = Field(min_length=1)
    steps: tuple[str, ...] = Field(min_length=1)
    techniques: tuple[str, ...] = ()
    markers: tuple[Marker, ...] = ()
    traps: tuple[str, ...] = ()
    look_for: tuple[str, ...] = ()  # kinds of timeline events that are evidence for it
    first_choice_elsewhere: str | None = None


class When(Strict):
    """The session from which something is due: counted from the start, from the planned end, or the middle."""

    session: int | None = Field(default=None, ge=1)
    before_end: int | None = Field(default=None, ge=0)  # 0 is the last session
    midpoint: bool = False

    @model_validator(mode="after")
    def _one(self) -> When:
        if sum((self.session is not None, self.before_end is not None, self.midpoint)) != 1:
            raise ValueError("a time of none or several kinds; expected one of session, before_end, midpoint")
        return self

    def number(self, planned: int) -> int:
        """Return the session number for a course of `planned` sessions."""
        if self.session is not None:
            return self.session
        return ceil(planned / 2) if self.midpoint else max(1, planned - (self.before_end or 0))


class Offer(Strict):
    """When a task stands on the agenda."""

    task: str
    phases: tuple[PhaseKind, ...] = Field(min_length=1)
    since: When = When(session=1)
    every: bool = False  # each session; otherwise until it was done once
    again_when: tuple[Occasion, ...] = ()  # offered again although it was done
    only_when: tuple[Occasion, ...] = ()
    part: str | None = None  # where in the session frame it stands


class Part(Strict):
    """A part of the session frame. The minutes are our proposal."""

    id: str
    label: str
    minutes: tuple[int, int]


class Measure(Strict):
    """A construct and the forms that may measure it, best first: the first whose words are on the shelf is used."""

    of: str  # the construct, in words
    first_of: tuple[str, ...] = Field(min_length=1)
    every: int | None = Field(default=None, ge=1)  # each n-th session, the first included
    at: tuple[Literal["start", "middle", "end"], ...] = ()
    sessions: tuple[int, ...] = ()
    per: Literal["focus_person"] | None = None
    areas: tuple[str, ...] = ()  # only with one of these areas in focus
    optional: bool = False  # a service may switch it off


class Due(Strict):
    """Whichever comes first: so many sessions held, or so many days since the first."""

    session: int | Literal["last"] | None = None
    day: int | None = None


class DecisionPoint(Strict):
    """A point at which a person decides, on what evidence, with which options."""

    id: str
    label: str
    due: Due
    fall_pct: float | None = None  # less than this fall from baseline: the rule failed
    raised_if: str | None = None
    actions: tuple[str, ...]


class GateRule(Strict):
    """A gate of this manual; strength and wording come from the vocabulary unless set here."""

    id: str
    strength: Literal["hard", "soft"]
    hard_from_session: int | None = None
    holds_back: str
    fact: str


class Known(Strict):
    """Where the record already answers a rule: a finding, a cut-off, or an answer of a form."""

    form: str
    finding: str | None = None
    cutoff: str | None = None
    item: str | None = None  # with `answer`: the newest answer to an item is one of these
    answer: tuple[str | bool | int, ...] = ()
    at_least: float | None = None  # the newest score reaches this

    @model_validator(mode="after")
    def _one(self) -> Known:
        ways = (self.finding, self.cutoff, self.item if self.answer else None, self.at_least)
        if sum(way is not None for way in ways) != 1:
            raise ValueError(
                "a fact of none or several kinds; expected one of finding, cutoff, item with answer, at_least"
            )
        return self


class Rule(Strict):
    """One line of eligibility, safety or ending: a situation and what follows from it."""

    id: str
    when: str
    then: str
    refer_to: str | None = None
    source: str | None = None
    known_from: tuple[Known, ...] = ()  # any of these facts says that the situation is there
    age: tuple[int, int] | None = None  # of the client, where that decides it: least and most

    @model_validator(mode="after")
    def _an_age(self) -> Rule:
        if self.age and not 0 <= self.age[0] <= self.age[1]:
            raise ValueError(f"ages {self.age[0]} to {self.age[1]} are nobody's; expected [least, most]")
        return self


class Eligibility(Strict):
    """For whom; with what caution; for whom not; and where to instead."""

    population: tuple[Rule, ...] = ()  # for whom it was made: without all of it nothing fits, whatever else is so
    include: tuple[Rule, ...] = Field(min_length=1)
    caution: tuple[Rule, ...] = ()
    exclude: tuple[Rule, ...] = ()
    elsewhere: tuple[Rule, ...] = ()  # where another treatment is the first choice, said before the course begins


class Meeting(Strict):
    """A meeting beside the sessions: before, in the middle of or after a group, boosters, caregivers, engagement."""

    id: str
    label: str
    when: Literal["before", "middle", "after", "booster"]
    count: tuple[int, int] = (1, 1)  # least and most
    attendees: tuple[Literal["client", "member", "caregiver", "partner", "school"], ...] = Field(min_length=1)
    minutes: int | None = Field(default=None, ge=5)
    after_session: int | None = Field(default=None, ge=1)
    tasks: tuple[str, ...] = ()
    optional: bool = False

    @model_validator(mode="after")
    def _possible(self) -> Meeting:
        if not 0 <= self.count[0] <= self.count[1]:
            raise ValueError(f"{self.count[0]} to {self.count[1]} meetings cannot be held; expected [least, most]")
        return self


class Evidence(Strict):
    """A published result, with its certainty. `record` points into library/evidence."""

    finding: str
    year: int
    source: str
    certainty: Literal["verified", "recalled", "uncertain"]
    records: tuple[str, ...] = ()


class Manual(Strict):
    """One form of treatment, whole."""

    grammar: Literal["openipt-manual/1"]
    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    title: str
    summary: str
    purpose: Literal["treatment", "prevention", "maintenance"]
    format: Literal["individual", "group", "couple"]
    provider: str
    dose: Dose
    baseline: Literal["session_1", "pregroup"]
    silent_days: int = Field(
        default=21, ge=7
    )  # so long without a score: "ask" (CLINICAL-RULES 1); longer where sessions are rarer
    outcome: tuple[str, ...] = Field(min_length=1)  # the measures the state table may judge by, best first
    phases: tuple[Phase, ...] = Field(min_length=1)
    rescale: Rescale | None = None
    meetings: tuple[Meeting, ...] = ()
    base: str | None = None  # what is left out is carried over from it; no gate of it may be let go
    areas: tuple[Area, ...] = ()
    areas_most: int = 2
    frame: tuple[Part, ...] = ()
    openers: dict[str, tuple[str, ...]] = {}
    offers: tuple[Offer, ...] = ()
    measures: tuple[Measure, ...] = ()
    gates: tuple[GateRule, ...] = ()
    decision_points: tuple[DecisionPoint, ...] = ()
    forbid: tuple[str, ...] = ()  # tasks and sheets never offered in this manual
    eligibility: Eligibility | None = None
    safety: tuple[Rule, ...] = ()
    endings: tuple[Rule, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    sources: tuple[str, ...] = ()
    known: bool = True  # False: a stand-in for a manual that is not on this shelf

    def rules(self) -> tuple[tuple[str, Rule], ...]:
        """Return every line of eligibility with its kind (population, include, caution, exclude, elsewhere)."""
        return self.lines_of_eligibility

    @cached_property
    def lines_of_eligibility(self) -> tuple[tuple[str, Rule], ...]:
        """The same, put together once."""
        own = self.eligibility
        if own is None:
            return ()
        kinds = (
            ("population", own.population),
            ("exclude", own.exclude),
            ("elsewhere", own.elsewhere),
            ("caution", own.caution),
            ("include", own.include),
        )
        return tuple((kind, rule) for kind, rules in kinds for rule in rules)

    def area(self, area_id: str | None) -> Area | None:
        """Return a problem area of this manual."""
        return next((area for area in self.areas if area.id == area_id), None)

    def gate(self, gate_id: str) -> GateRule | None:
        """Return a gate of this manual."""
        return next((gate for gate in self.gates if gate.id == gate_id), None)

    def ranges(self, planned: int | None = None) -> dict[str, tuple[int, int]]:
        """Return phase id -> (first, last session) for a course of `planned` sessions.

        The initial and the last phase keep their share, the middle takes the rest (PROTOCOLS 1.2, rescale).
        """
        usual = {phase.id: phase.sessions for phase in self.phases if phase.sessions}
        planned = planned or self.dose.usual
        rule = self.rescale
        if planned == self.dose.usual or rule is None:
            return usual
        begin = min(rule.initial, max(rule.initial_least, planned - rule.termination_least - 1))
        end = min(planned - begin, max(rule.termination_least, ceil(planned * rule.termination_share)))
        bounds = {
            "initial": (1, begin),
            "middle": (begin + 1, planned - end),
            "termination": (planned - end + 1, planned),
        }
        return {
            phase.id: bounds[phase.kind]
            for phase in self.phases
            if phase.sessions and phase.kind in bounds and bounds[phase.kind][0] <= bounds[phase.kind][1]
        }

    def phase_of(self, number: int, planned: int | None = None) -> Phase:
        """Return the phase of a session by its number; sessions beyond the plan belong to the last phase."""
        ranges = self.ranges(planned)
        last = self.phases[0]
        for phase in self.phases:
            first, end = ranges.get(phase.id, (0, 0))
            if first <= number <= end:
                return phase
            if first and first <= number:
                last = phase
        return last
