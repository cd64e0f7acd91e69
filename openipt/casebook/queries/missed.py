"""After a session at which nobody met: what is due, what was done, and how the sessions were counted. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from openipt.therapy.course import where
from openipt.therapy.course.position import first_day
from openipt.therapy.manuals import Manual
from openipt.therapy.record import Entry, Record, Session, agreement
from openipt.therapy.vocabulary import words_of

CONTACT = "missed-contact"
REACHED = ("yes",)

Step = Literal["same_day", "day_3", "letter"]
STEPS: tuple[tuple[Step, int], ...] = (
    ("same_day", 0),
    ("day_3", 3),
    ("letter", 7),
)  # day 7 for the letter is our own proposal


@dataclass(frozen=True, slots=True)
class StepDue:
    """One step of the plan: when it falls due, and what was written about it."""

    step: Step
    on: date
    done: Entry | None
    due: bool
    late: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan for one missed session. Over once somebody spoke with the client or met them, or the course ended."""

    session: Session
    steps: tuple[StepDue, ...]
    over: bool

    @property
    def next(self) -> StepDue | None:
        """The step that waits."""
        return None if self.over else next((one for one in self.steps if one.done is None), None)


@dataclass(frozen=True, slots=True)
class Count:
    """Sessions by kind, and how many of those agreed are used, in sessions and in weeks."""

    kinds: tuple[tuple[str, int, int], ...]  # words, how many, sessions of the contract they use
    used: int
    planned: int
    agreed: bool
    weeks: int
    weeks_planned: int | None
    over: int
    past_end: date | None


def plan_of(record: Record, session: Session, today: date) -> Plan:
    """Return the plan for one missed session as it stands on a day."""
    said = {str(one.answers.get("step")): one for one in record.of(CONTACT, session.id)}
    reached = any(one.answers.get("reached") in REACHED for one in said.values())
    met = any(one.happened_at > session.happened_at for one in record.held())
    steps = tuple(_step(step, session.day + timedelta(days=days), said.get(step), today) for step, days in STEPS)
    over = reached or met or record.ended_on is not None or all(one.done for one in steps)
    return Plan(session, steps, over)


def _step(step: Step, on: date, done: Entry | None, today: date) -> StepDue:
    return StepDue(step, on, done, done is None and on <= today, done is None and on < today)


def open_plan(record: Record, today: date) -> Plan | None:
    """Return the plan of the newest missed session that waits for somebody; None where nothing waits."""
    missed = [one for one in record.sessions if not one.attended and one.kind in ("late_cancel", "no_show")]
    plans = [plan_of(record, one, today) for one in missed[-1:]]
    return next((one for one in plans if one.next is not None), None)


def counted(manual: Manual, record: Record, today: date) -> Count:
    """Count the sessions of a course by kind, and say how much of what was agreed is used."""
    day = min(today, record.ended_on) if record.ended_on else today  # a course that ended is counted as it ended
    here, agreed = where(manual, record, day), agreement(record)
    words, number, uses = words_of("session_kinds"), Counter[str](), Counter[str]()
    for one in record.sessions:
        number[one.kind] += 1
        uses[one.kind] += one.uses
    end = (agreed.extension_until or agreed.planned_end) if agreed else None
    first = first_day(record)
    return Count(
        kinds=tuple((words.get(kind, kind), n, uses[kind]) for kind, n in number.items()),
        used=here.held,
        planned=here.planned,
        agreed=here.agreed,
        weeks=here.weeks,
        weeks_planned=-(-(end - first).days // 7) if end and first else None,
        over=here.over,
        past_end=end if here.past_end and record.ended_on is None else None,
    )
