"""The agenda: what the manual offers for the session that comes next, and what it holds back with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from openipt.therapy.course.gates import GateState, gates, people_of_step, safe_for, safe_together
from openipt.therapy.course.occasions import OCCASIONS
from openipt.therapy.course.position import Position, contracted, where
from openipt.therapy.manuals import Manual, Offer, open_task
from openipt.therapy.record import Record, done_tasks, focus
from openipt.therapy.words import Sentence, say

MIDDLE_GATES = ("formulation", "contract")
START_GATES = (
    "eligibility",
    "minors",
    "prescriber",
    "medical",
    "group_entry",
)  # they hold back the start of the course
BEFORE_THE_START = ("INI.01", "INI.02", "INI.05", "INI.14", "ADO.01", "GRP.01")  # what opens them is always offered
SAFETY_TOGETHER = ("DSP.08",)  # with a couple, nothing together before this was asked alone
LAST_SESSION_TASKS = ("END.08", "END.09")


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One task on the agenda."""

    task: str
    part: str | None
    status: Literal["offered", "warned", "held_back"]
    reason: Literal["every", "due", "again", "area"]
    done_before: int  # in how many sessions it was done
    why: Sentence | None = None  # the gate that warns or holds back, in words
    gate: str | None = None


@dataclass(frozen=True, slots=True)
class Agenda:
    """What the next session offers."""

    position: Position
    opener: str | None
    items: tuple[AgendaItem, ...]

    @property
    def offered(self) -> tuple[AgendaItem, ...]:
        """The items a therapist may pick, with or without a warning."""
        return tuple(item for item in self.items if item.status != "held_back")


def agenda(manual: Manual, record: Record, today: date) -> Agenda:
    """Return the agenda of the session that comes next on a day."""
    here = where(manual, record, today)
    closed = {gate.id: gate for gate in gates(manual, record, today) if not gate.open}
    done = {task: len(sessions) for task, sessions in done_tasks(record).items()}
    items = []
    for task, part, reason in _wanted(manual, record, today, here, done):
        gate = _gate_before(manual, record, task, here, closed, today)
        status: Literal["offered", "warned", "held_back"] = (
            "offered" if gate is None else "held_back" if gate.strength == "hard" else "warned"
        )
        items.append(
            AgendaItem(
                task, part, status, reason, done.get(task, 0), gate.why if gate else None, gate.id if gate else None
            )
        )
    return Agenda(here, _opener(manual, here), tuple(_in_frame(manual, items)))


Reason = Literal["every", "due", "again", "area"]
Names = tuple[str, ...]  # of occasions


def _wanted(
    manual: Manual, record: Record, today: date, here: Position, done: dict[str, int]
) -> Iterator[tuple[str, str | None, Reason]]:
    """Every task that has a place in this session, before any gate is asked. Each once, in the manual's order."""
    seen: set[str] = set()
    asked: dict[str, bool] = {}

    def holds(names: Names) -> bool:
        for name in names:
            if name not in asked:
                asked[name] = OCCASIONS[name](manual, record, today)
        return any(asked[name] for name in names)

    planned = contracted(manual, record)
    for offer in manual.offers:
        reason = _reason(offer, here, planned, done.get(offer.task, 0), holds)
        if reason and offer.task not in seen:
            seen.add(offer.task)
            yield offer.task, offer.part, reason
    if here.phase.kind in ("middle", "termination", "continuation", "maintenance"):
        for area_id in focus(record):
            area = manual.area(area_id)
            for task in area.steps if area else ():
                if task not in seen:
                    seen.add(task)
                    yield task, "work", "again" if done.get(task) else "area"


def _reason(offer: Offer, here: Position, planned: int, done: int, holds: Callable[[Names], bool]) -> Reason | None:
    if offer.again_when and (done or here.phase.kind not in offer.phases) and holds(offer.again_when):
        return "again"
    if here.phase.kind not in offer.phases or here.number < offer.since.number(planned):
        return None
    if offer.only_when and not holds(offer.only_when):
        return None
    if offer.every:
        return "every"
    return None if done else "due"


def _violence_before(manual: Manual, record: Record, task: str, today: date) -> GateState | None:
    """Return the gate `violence` where it is closed for the people of this task."""
    rule = manual.gate("violence")
    couple = manual.format == "couple"
    safe, why = safe_together(record, today) if couple else safe_for(record, people_of_step(record, task), today)
    return None if rule is None or safe else GateState("violence", False, rule.strength, why)


def _gate_before(
    manual: Manual, record: Record, task: str, here: Position, closed: dict[str, GateState], today: date
) -> GateState | None:
    """Return the strictest closed gate that stands before a task."""
    if task in manual.forbid and "prohibited" in closed:
        return closed["prohibited"]  # nothing that could be done would open it, so no other reason is given
    names: list[str] = []
    if task not in BEFORE_THE_START:
        names += START_GATES
        if manual.format == "couple" and task not in SAFETY_TOGETHER:
            names.append("violence")
    if _is_middle(manual, task):
        names += MIDDLE_GATES
    if task in LAST_SESSION_TASKS:
        names.append("ending_raised")
    if here.number > contracted(manual, record):
        names.append("extension")
    found = [closed[name] for name in names if name in closed]
    if manual.known and open_task(task).raises_conflict and (gate := _violence_before(manual, record, task, today)):
        found.insert(0, gate)
    return next((gate for gate in found if gate.strength == "hard"), found[0] if found else None)


def _is_middle(manual: Manual, task: str) -> bool:
    """A task of the middle phase: a step of an area, or one offered in no earlier phase."""
    if any(task in area.steps for area in manual.areas):
        early = [offer for offer in manual.offers if offer.task == task and "initial" in offer.phases]
        return not early
    # What belongs to the ending is counted from the end: it is never held back by what the beginning left open.
    offers = [offer for offer in manual.offers if offer.task == task and offer.since.before_end is None]
    return bool(offers) and all("middle" in offer.phases and "initial" not in offer.phases for offer in offers)


def _opener(manual: Manual, here: Position) -> str | None:
    first = manual.openers.get("first") or ()
    later = manual.openers.get(here.phase.kind) or manual.openers.get("later") or first
    if here.number == 1 and first:
        return first[0]
    return later[(here.number - 2) % len(later)] if later else None


def _in_frame(manual: Manual, items: list[AgendaItem]) -> list[AgendaItem]:
    """Order the items as the session frame runs; within a part, as the manual lists them."""
    order = {part.id: place for place, part in enumerate(manual.frame)}
    return sorted(items, key=lambda item: order.get(item.part or "", len(order)))


def nothing_to_offer(manual: Manual) -> Sentence | None:
    """Say why a manual offers nothing: it is not on this shelf."""
    return None if manual.known else say("agenda.unknown_manual", manual=manual.id)
