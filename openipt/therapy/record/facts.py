"""The facts a record is made of. Every fact has two times: when it happened, and when it was recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

Kind = Literal[
    "answers",  # a form filled in
    "total_only",  # a reported score, no answers: counts for trend and change; an item not reported is unknown
    "without_content",  # the sheet was worked on; what was written is not in this record
]


@dataclass(frozen=True, slots=True)
class Entry:
    """A filled-in form: the truth of the record (RULINGS 1). Nothing is overwritten: a version names the older one."""

    id: str
    form: str
    happened_at: datetime
    recorded_at: datetime
    answers: Mapping[str, Any]
    by: str | None = None
    about: str | None = None  # the person, goal, step, event or session it is about
    kind: Kind = "answers"
    total: float | None = None  # of a total_only entry
    version: str | None = None  # of the form it was filled in on
    visibility: str = "shared_with_therapist"
    replaces: str | None = None
    retracted_at: datetime | None = None
    retracted_why: str | None = None


@dataclass(frozen=True, slots=True)
class Thing:
    """Something with a life of its own: a person, goal, step or life event. All it says of itself is in entries."""

    id: str
    created_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A meeting that was held, missed or cancelled. `uses` is how many contracted sessions it takes."""

    id: str
    number: int
    kind: str
    happened_at: datetime
    recorded_at: datetime
    minutes: int | None = None
    modality: str | None = None
    uses: int = 1
    attended: bool = True
    with_people: tuple[str, ...] = ()

    @property
    def day(self) -> date:
        """The calendar day of the session."""
        return self.happened_at.date()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done about a flag, in words, by a person."""

    at: datetime
    by: str
    words: str
    assessed: bool = True  # a structured conversation about it was recorded
    handed_to: str | None = None
    supervisor_informed: bool = False
    next_contact: date | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    """A person needs a person: made by a rule, owned, timed, closed only by a clinician with words."""

    id: str
    rule: str
    state: Literal["new", "known", "closed"]
    answered_at: datetime
    received_at: datetime
    entry: str | None = None
    item: str | None = None
    seen_at: datetime | None = None
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupRecord:
    """What belongs to a group and not to one member: its agreement, its sessions, its supervision (RULINGS 3)."""

    id: str
    name: str
    manual: str
    manual_version: str
    members: tuple[str, ...]  # enrolments
    setup: Mapping[str, Any]  # place, size, time, facilitators, who was not taken in
    sessions: tuple[Session, ...] = ()
    entries: tuple[Entry, ...] = ()
