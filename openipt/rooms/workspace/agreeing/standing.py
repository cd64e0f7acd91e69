"""What the first phase still needs, and what stands: everything the page of agreements shows, as plain values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from openipt.pictures import Picture
from openipt.rooms.filling.called import field_name
from openipt.rooms.workspace.agreeing.around import NARROW, WIDE
from openipt.rooms.workspace.agreeing.steps_agreed import AgreedStep, steps_agreed
from openipt.rooms.workspace.course.drawing import draw_timeline
from openipt.rooms.workspace.course.relations import Stuck, ratings_of, stuck_goals
from openipt.rooms.workspace.courses import Course
from openipt.therapy.course import GateState, Position, gates, where
from openipt.therapy.course.agenda import MIDDLE_GATES, START_GATES
from openipt.therapy.course.asked_again import AskedAgain, beginning_safely
from openipt.therapy.course.chosen import Chosen, area_name, focus_history
from openipt.therapy.forms import open_form
from openipt.therapy.record import Entry, Record, alias, focus, shared_at, was_shared
from openipt.therapy.words import Sentence, say

NEVER_ASKED = "gate.violence.never"  # any other reason would say on this page what was answered alone
NEEDED = ("consent", *START_GATES, *MIDDLE_GATES)  # gates that stand before the work on the focus
OPENS = {  # which page opens a gate; a group's meeting before it is held, not written
    "consent": "consent",
    "minors": "young",
    "eligibility": "intake",
    "prescriber": "intake",
    "medical": "medical",
    "contract": "contract",
    "violence": "alone",
}
PLACES = {"eligibility": "f-diagnosis"}  # the field that a gate waits for, where it is one
FOLLOWS = (("consent", "intake", "medical"), ("focus", "formulation", "contract", "goal"))  # one page after the other
PAGES = {
    "consent": "consent",
    "intake": "intake",
    "safety-conversation": "safety",
    "medical-review": "medical",
    "violence-check": "alone",
    "time-to-recover": "recover",
}


@dataclass(frozen=True, slots=True)
class Need:
    """A gate that holds something back: what it asks for, why it is closed, and the page that opens it."""

    gate: GateState
    page: str

    @property
    def address(self) -> str:
        """The name of the address of that page."""
        return f"agreed-{self.page}"

    @property
    def place(self) -> str:
        """The field on that page which the gate waits for; empty where it waits for the whole of it."""
        return PLACES.get(self.gate.id, "")

    @property
    def until_then(self) -> Sentence:
        """What an open gate means for what is offered: nothing is ever held back from the record."""
        return say("agreed.held_back" if self.gate.strength == "hard" else "agreed.marked")


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of the beginning: its page, its title, when it was asked and when again."""

    page: str
    title: str
    said: AskedAgain

    @property
    def address(self) -> str:
        """The name of the address of its page."""
        return f"agreed-{self.page}"

    @property
    def alone(self) -> bool:
        """Whether it is asked with nobody else there, and stays out of print."""
        return open_form(self.said.form).visibility == "staff_asked_alone"


@dataclass(frozen=True, slots=True)
class Focus:
    """A focus with the words of this manual."""

    chosen: Chosen
    names: tuple[str, ...]
    runner_up: str


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal: what one would see, where it began, where it is, where it would be good enough."""

    id: str
    entry: Entry
    said: dict[str, Any]
    now: float | None
    reviewed: int | None  # the session of the last review


@dataclass(frozen=True, slots=True)
class Person:
    """The goals and boundaries with one person, or of the client alone."""

    name: str
    goals: tuple[GoalLine, ...]


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the page shows."""

    course: Course
    position: Position
    headline: Sentence
    needs: tuple[Need, ...]
    asked: tuple[Asked, ...]
    wide: Picture | None
    narrow: Picture | None
    events: int
    history: tuple[Focus, ...]
    formulation: Entry | None
    said_on: date | None  # when that formulation was said; a newer focus on the same sheet says it no later
    contract: Entry | None
    people: tuple[Person, ...]
    stuck: tuple[Stuck, ...]
    steps: tuple[AgreedStep, ...]  # for between the sessions, the one agreed last first


def agreed(course: Course, today: date) -> Agreed:
    """Gather what the first phase needs and what stands, as known today."""
    record, manual = course.record, course.manual
    needs, said = tuple(_needs(course, today)), _shared(record)
    return Agreed(
        course=course,
        position=where(manual, record, today),
        headline=say("agreed.needs", n=len(needs)) if needs else say("agreed.needs_none"),
        needs=needs,
        asked=tuple(
            Asked(PAGES[one.form], field_name(open_form(one.form)), one)
            for one in beginning_safely(manual, record, today)
        ),
        wide=draw_timeline(course, "wide", WIDE),
        narrow=draw_timeline(course, "narrow", NARROW),
        events=len(record.events),
        history=tuple(_focus(course, one) for one in focus_history(record)),
        formulation=said,
        said_on=shared_at(record, said).date() if said else None,
        contract=_said(record.newest("contract"), "sessions_n"),
        people=tuple(_people(course)),
        stuck=stuck_goals(record),
        steps=steps_agreed(record),
    )


def _needs(course: Course, today: date) -> Iterator[Need]:
    """Yield the closed gates before the work on the focus, in the order in which one page follows another."""
    closed = {gate.id: gate for gate in gates(course.manual, course.record, today) if not gate.open}
    for name in NEEDED:
        if name in closed:
            page = OPENS.get(name, "")
            if name == "formulation":
                page = "formulation" if focus_history(course.record) else "focus"
            yield Need(closed[name], page)
    if (gate := closed.get("violence")) and gate.why.id == NEVER_ASKED and "PA_DISPUTE" in focus(course.record):
        yield Need(gate, OPENS["violence"])


def after_this(page: str, course: Course, today: date) -> str:
    """Return the page that follows another in one conversation, where it is still needed; empty where none is.

    What is asked alone never opens by itself: somebody may be looking at the screen.
    """
    needed = {need.page for need in _needs(course, today)} | (set() if course.record.goals else {"goal"})
    later = next((chain[chain.index(page) + 1 :] for chain in FOLLOWS if page in chain), ())
    return next((one for one in later if one in needed), "")


def _shared(record: Record) -> Entry | None:
    entry = record.newest("formulation")
    return entry if entry is not None and was_shared(entry) else None


def _said(entry: Entry | None, *items: str) -> Entry | None:
    return entry if entry is not None and any(entry.answers.get(item) for item in items) else None


def _focus(course: Course, chosen: Chosen) -> Focus:
    runner_up = area_name(course.manual, chosen.runner_up) if chosen.runner_up else ""
    return Focus(chosen, tuple(area_name(course.manual, area) for area in chosen.areas), runner_up)


def _people(course: Course) -> Iterator[Person]:
    """Yield the client alone first, then each person with whom there is a goal, in the order goals began."""
    found: dict[str, list[GoalLine]] = {"self": []}
    for thing in course.record.goals:
        entry = course.record.newest("goals-and-boundaries", thing.id)
        if entry is not None:
            found.setdefault(str(entry.answers.get("scope") or "self"), []).append(_line(thing.id, entry))
    for scope, lines in found.items():
        name = "For the client alone" if scope == "self" else alias(course.record, scope) or scope
        if lines:
            yield Person(name, tuple(lines))


def _line(goal: str, entry: Entry) -> GoalLine:
    said = dict(entry.answers)
    reviews: Sequence[dict[str, Any]] = said.get("ratings") or ()
    values = ratings_of(said)
    last = reviews[-1].get("session") if reviews else None
    return GoalLine(goal, entry, said, values[-1] if values else None, last)
