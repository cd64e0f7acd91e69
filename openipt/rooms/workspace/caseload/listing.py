"""The caseload as one morning stands: one row a course, most in need first, each with its reason in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from math import inf
from types import MappingProxyType
from typing import Any

from django.utils import timezone

from openipt.casebook.queries.caseload import Listed
from openipt.casebook.queries.deadlines import Deadline
from openipt.pictures import Picture
from openipt.rooms.workspace.course.drawing import draw_ring, draw_values
from openipt.therapy.course import Attention
from openipt.therapy.course.standing import WAITS
from openipt.therapy.forms import open_form
from openipt.therapy.vocabulary import label
from openipt.therapy.words import Sentence, say

NEEDS = ("first", "week", "nothing", "ended")
GRAVER = ("R3", "R4", "R2", "R1", "R5")  # of two answers due at one time
REASONED = ("R1", "R2", "R3", "R5")  # the oldest of these is what the reason of a row tells
SHOWN = 3  # answers in one row; the rest are counted


@dataclass(frozen=True, slots=True)
class Waits:
    """One answer that waits for a person: its own sentence beside its own time."""

    words: Sentence
    due_at: datetime
    is_overdue: bool
    is_today: bool  # whether its time is on the day of the list: then the clock says enough


@dataclass(frozen=True, slots=True)
class Row:
    """One course on the caseload, ready to be shown."""

    id: str
    name: str
    group: str | None
    attention: Attention
    focus: str
    state: str
    ring: Picture
    spark: Picture | None
    change: Sentence | None
    last: Sentence | None
    coming: Sentence | None = None
    waits: tuple[Waits, ...] = ()  # what must be answered, the earliest first
    more: int = 0  # answers that wait and are not shown
    reason_waits: bool = False  # whether the reason stands among them, beside its time
    came_in: Sentence | None = None  # how much came in from the client since whoever looks last opened the course
    rows: tuple[Row, ...] = ()  # none: the list asks each line, and looking for what is not there is dear in templates

    @property
    def need(self) -> str:
        """How soon it needs somebody."""
        return self.attention.need


def rows(
    listed: list[Listed],
    waits: Mapping[str, tuple[Deadline, ...]],
    came_in: Mapping[str, int] = MappingProxyType({}),
    at: datetime | None = None,
) -> list[Row]:
    """Return the rows of a caseload, most in need first; of answers that wait the one due first, then the graver.

    Args:
        listed: The courses.
        waits: What must be answered in them.
        came_in: How much came in from the client since whoever looks last looked.
        at: The moment by which something is overdue; now, where none is given.
    """
    now = timezone.localtime(at)
    made = [_row(one, waits.get(one.id, ()), came_in.get(one.id, 0), now) for one in listed]
    return sorted(made, key=lambda row: _order(row, waits.get(row.id, ())))


def flagged(listed: list[Listed]) -> list[str]:
    """Return the courses in which an answer waits for a person."""
    return [one.id for one in listed if one.standing.flags_open]


def _order(row: Row, waits: tuple[Deadline, ...]) -> tuple[Any, ...]:
    grave = min((GRAVER.index(one.rule) for one in waits if one.rule in GRAVER), default=len(GRAVER))
    due = row.waits[0].due_at.timestamp() if row.waits else inf
    return (NEEDS.index(row.need), row.attention.rank, due, grave, row.attention.since, row.id)


def _row(listed: Listed, waits: tuple[Deadline, ...], came_in: int, at: datetime) -> Row:
    now = listed.standing
    prefix = f"row-{listed.id}"
    told = _told_by_reason(now.attention, waits, at.tzinfo)
    return Row(
        id=listed.id,
        name=now.name,
        group=listed.group,
        attention=_attention(now.attention, waits, at.tzinfo),
        focus=" · ".join(label("problem_areas", area) for area in now.areas),
        state=now.state,
        ring=draw_ring(now.held, now.planned, prefix),
        spark=draw_values(open_form(now.form), list(now.values), prefix) if len(now.values) > 1 else None,
        change=now.change,
        last=now.last,
        coming=now.coming if now.attention.need != "ended" else None,
        waits=tuple(_waits(one, now.attention.reason if one is told else None, at) for one in waits[:SHOWN]),
        more=max(0, len(waits) - SHOWN),
        reason_waits=told in waits[:SHOWN],
        came_in=say("caseload.came_in", n=came_in) if came_in else None,
    )


def _attention(known: Attention, waits: tuple[Deadline, ...], zone: tzinfo | None) -> Attention:
    """Put a course first in which something waits for a person, whatever else would be said of it."""
    if not waits or known.cue_kind == "flagged":
        return known
    on = min(one.answered_at for one in waits).astimezone(zone).date()
    return replace(known, need="first", rank=WAITS, since=on, cue=say("caseload.cue.flag", on=on), cue_kind="flagged")


def _told_by_reason(known: Attention, waits: tuple[Deadline, ...], zone: tzinfo | None) -> Deadline | None:
    """Return the answer that the reason of a row tells: the oldest of its kind; None where that waits no more."""
    if known.cue_kind != "flagged":
        return None
    of_kind = [one for one in waits if one.rule in REASONED]
    oldest = min(of_kind, key=lambda one: (one.answered_at.astimezone(zone).date(), one.rule), default=None)
    return oldest if oldest and oldest.answered_at.astimezone(zone).date() == known.since else None


def _waits(one: Deadline, reason: Sentence | None, at: datetime) -> Waits:
    due = one.due_at.astimezone(at.tzinfo)
    return Waits(reason or say(f"caseload.waits.{one.rule.lower()}"), due, due <= at, due.date() == at.date())


@dataclass(frozen=True, slots=True)
class Folded:
    """Members of one group for whom the same stands: one line on the caseload, the members inside."""

    rows: tuple[Row, ...]
    members: Sentence

    @property
    def first(self) -> Row:
        """The member whose reason stands for all."""
        return self.rows[0]


def fold(rows: list[Row]) -> list[Row | Folded]:
    """Gather members of a group who need the same; whoever has an answer or a sheet waiting stands alone."""
    made: list[Row | Folded] = []
    seen: set[str] = set()
    for row in rows:
        alone = not row.group or row.attention.cue_kind == "flagged" or row.came_in
        alike = [] if alone else [one for one in rows if _alike(one, row) and not one.came_in]
        if len(alike) < 2:
            made.append(row)
        elif row.id not in seen:
            seen |= {one.id for one in alike}
            made.append(Folded(tuple(alike), say("caseload.group", n=len(alike))))
    return made


def _alike(one: Row, other: Row) -> bool:
    mine, theirs = one.attention, other.attention
    same_cue = mine.cue_kind == theirs.cue_kind and (mine.cue is None) == (theirs.cue is None)
    same_lack = mine.reason == theirs.reason or "caseload.unasked" not in (mine.reason.id, theirs.reason.id)
    return one.group is not None and one.group == other.group and same_cue and same_lack


def groups(rows: list[Row]) -> Iterator[tuple[Sentence, int, list[Row | Folded]]]:
    """Yield the rows under their headings, in order of need; a heading without rows is left out."""
    for need in NEEDS:
        of_need = [row for row in rows if row.need == need]
        if of_need:
            yield say(f"caseload.heading.{need}"), len(of_need), fold(of_need)
