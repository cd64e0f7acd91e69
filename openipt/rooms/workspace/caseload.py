"""The caseload as one morning stood: one row a course, most in need first, each with its reason in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from openipt.pictures import Picture
from openipt.rooms.workspace.courses import Course, courses, morning
from openipt.rooms.workspace.drawing import draw_ring, draw_sparkline
from openipt.therapy.course import DerivedFlag, decision_points, due, open_flags, outcome_form, state, where
from openipt.therapy.course.flags import SELF_HARM_RULES
from openipt.therapy.progress import Progress, progress
from openipt.therapy.record import focus
from openipt.therapy.vocabulary import label
from openipt.therapy.words import Sentence, say

Need = Literal["first", "week", "nothing", "ended"]
RECENT = timedelta(days=7)
STATE_ORDER = {"worse": 0, "off_track": 1, "ask": 2}


@dataclass(frozen=True, slots=True)
class Row:
    """One course on the caseload."""

    course: Course
    need: Need
    order: tuple[int, date, str]
    cue: Sentence | None  # what kind of attention, in two or three words
    cue_kind: Literal["flagged", "due", ""]
    reason: Sentence
    detail: Sentence | None
    focus: str
    state: str
    ring: Picture
    spark: Picture | None
    change: Sentence | None
    last: Sentence | None


def caseload(day: date) -> list[Row]:
    """Return every course that had begun by a morning, most in need first."""
    rows = []
    for one in courses().values():
        known = one.as_of(morning(day))
        if known.record.entries and (known.record.sessions or one.record.began_on == day):
            rows.append(_row(known, day))
    return sorted(rows, key=lambda row: (("first", "week", "nothing", "ended").index(row.need), row.order))


def _row(course: Course, day: date) -> Row:
    record, manual = course.record, course.manual
    need, rank, since, cue, kind, reason, detail = _attention(course, day)
    here = where(manual, record, day)
    form = outcome_form(manual, record)
    readings = record.readings(form.id)
    made = progress(form, [reading.value for reading in readings])
    areas = tuple(label("problem_areas", area) for area in focus(record))
    now = state(manual, record, day)
    last = record.held()[-1] if record.held() else None
    prefix = f"row-{course.id}"
    return Row(
        course=course,
        need=need,
        order=(rank, since, course.id),
        cue=cue,
        cue_kind=kind,
        reason=reason,
        detail=detail,
        focus=" · ".join(areas),
        state=now.id,
        ring=draw_ring(here.held, here.planned, prefix),
        spark=draw_sparkline(form, readings, prefix) if len(readings) > 1 else None,
        change=_change(form.name, made) if made and made.n > 1 else None,
        last=say("caseload.last", n=last.number, on=last.day) if last else None,
    )


def _change(name: str, made: Progress) -> Sentence:
    line = "plain" if made.reliable is None else "recovered" if made.recovered else made.reliable
    return say(f"caseload.change.{line}", form=name, first=made.first, last=made.last)


Attention = tuple[Need, int, date, Sentence | None, Literal["flagged", "due", ""], Sentence, Sentence | None]


def _attention(course: Course, day: date) -> Attention:
    """Say what a course needs on a morning: a person first, then a decision, then a look, then nothing."""
    record, manual = course.record, course.manual
    if record.ended_on and record.ended_on < day:
        return "ended", 9, record.ended_on, None, "", say("caseload.ended", on=record.ended_on), None
    flags = [flag for flag in open_flags(manual, record, day) if flag.rule in (*SELF_HARM_RULES, "R5")]
    if flags:
        return _flagged(flags[0])
    points = [point for point in decision_points(manual, record, day) if point.recorded is None]
    if points:
        point = points[-1]
        return (
            "first",
            1,
            point.on,
            say("caseload.cue.decision"),
            "due",
            say("caseload.decision", point=point.point.label, on=point.on),
            point.state.why,
        )
    return _look(course, day)


def _flagged(flag: DerivedFlag) -> Attention:
    return "first", 0, flag.on, say("caseload.cue.flag", on=flag.on), "flagged", flag.why, say("caseload.flag_open")


def _look(course: Course, day: date) -> Attention:
    record, manual = course.record, course.manual
    now = state(manual, record, day)
    if now.id == "ask":
        return "first", 2, now.latest_on or day, say("caseload.cue.ask"), "due", now.why, None
    today = [item for item in due(manual, record, day) if item.kind in ("decision", "review")]
    if today and record.readings(now.form) and record.readings(now.form)[-1].day == day:
        return "first", 1, day, say("caseload.cue.today"), "due", today[0].why, now.why
    held = record.held()
    if now.id in STATE_ORDER:
        return "week", STATE_ORDER[now.id], held[-1].day if held else day, None, "", now.why, None
    step = next((item for item in due(manual, record, day) if item.kind == "step"), None)
    if held and day - held[-1].day <= RECENT and step:
        return "week", 5, held[-1].day, None, "", step.why, now.why
    return "nothing", 6, held[-1].day if held else day, None, "", say("caseload.nothing"), now.why


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
    """Gather members of a group who need the same; whoever has an answer waiting stands alone."""
    made: list[Row | Folded] = []
    seen: set[str] = set()
    for row in rows:
        alike = [one for one in rows if _alike(one, row)] if row.course.group and row.cue_kind != "flagged" else []
        if len(alike) < 2:
            made.append(row)
        elif row.course.id not in seen:
            seen |= {one.course.id for one in alike}
            made.append(Folded(tuple(alike), say("caseload.group", n=len(alike))))
    return made


def _alike(one: Row, other: Row) -> bool:
    same_group = one.course.group is not None and one.course.group == other.course.group
    return same_group and one.cue_kind == other.cue_kind and (one.cue is None) == (other.cue is None)


def groups(rows: list[Row]) -> Iterator[tuple[Sentence, int, list[Row | Folded]]]:
    """Yield the rows under their headings, in order of need; a heading without rows is left out."""
    for need in ("first", "week", "nothing", "ended"):
        of_need = [row for row in rows if row.need == need]
        if of_need:
            yield say(f"caseload.heading.{need}"), len(of_need), fold(of_need)
