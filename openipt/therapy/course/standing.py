"""Where a course stands on a morning, in one row: what it needs most, why, and the few numbers a list shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from openipt.therapy.course.due import due
from openipt.therapy.course.flags import SELF_HARM_RULES, DerivedFlag, open_flags
from openipt.therapy.course.points import decision_points
from openipt.therapy.course.position import where
from openipt.therapy.course.state import outcome_form, state
from openipt.therapy.manuals import Manual
from openipt.therapy.progress import Progress, progress
from openipt.therapy.record import Record, done_tasks, focus, violence_checks
from openipt.therapy.words import Sentence, say

Need = Literal["first", "week", "nothing", "ended"]
Cue = Literal["flagged", "due", ""]
RECENT = timedelta(days=7)
STATE_ORDER = {"worse": 0, "off_track": 1, "ask": 2}
UNASKED = 3  # within a week: after a state that became worse, before a step to look at
BEGINNING = 3  # so many sessions held, and a course no longer begins


@dataclass(frozen=True, slots=True)
class Attention:
    """What a course needs: how soon, before which others, and the reason in a sentence."""

    need: Need
    rank: int  # within its need, the smallest first
    since: date
    cue: Sentence | None  # what kind of attention, in two or three words
    cue_kind: Cue
    reason: Sentence
    detail: Sentence | None


@dataclass(frozen=True, slots=True)
class Standing:
    """One row of a caseload."""

    name: str
    attention: Attention
    state: str
    areas: tuple[str, ...]
    held: int
    planned: int
    form: str
    values: tuple[float, ...]  # of the outcome measure, oldest first
    change: Sentence | None
    last: Sentence | None
    flags_open: int
    due_on: date | None  # the earliest day something is or falls due


def standing(manual: Manual, record: Record, day: date) -> Standing:
    """Return where a course stands on the morning of a day."""
    return record.remember(("standing", manual.id, manual.version, day), lambda: _standing(manual, record, day))


def _standing(manual: Manual, record: Record, day: date) -> Standing:
    here = where(manual, record, day)
    form = outcome_form(manual, record)
    values = tuple(reading.value for reading in record.readings(form.id))
    made = progress(form, list(values))
    last = record.held()[-1] if record.held() else None
    waiting = [item.on for item in due(manual, record, day) if item.on]
    return Standing(
        name=str(record.says("intake").get("alias") or record.client),
        attention=attention(manual, record, day),
        state=state(manual, record, day).id,
        areas=focus(record),
        held=here.held,
        planned=here.planned,
        form=form.id,
        values=values,
        change=_change(form.name, made) if made and made.n > 1 else None,
        last=say("caseload.last", n=last.number, on=last.day) if last else None,
        flags_open=len(open_flags(manual, record, day)),
        due_on=min(waiting, default=None),
    )


def _change(name: str, made: Progress) -> Sentence:
    line = "plain" if made.reliable is None else "recovered" if made.recovered else made.reliable
    return say(f"caseload.change.{line}", form=name, first=made.first, last=made.last)


def attention(manual: Manual, record: Record, day: date) -> Attention:
    """Say what a course needs on a morning: a person first, then a decision, then a look, then nothing."""
    if record.ended_on and record.ended_on < day:
        return Attention("ended", 9, record.ended_on, None, "", say("caseload.ended", on=record.ended_on), None)
    flags = [flag for flag in open_flags(manual, record, day) if flag.rule in (*SELF_HARM_RULES, "R5")]
    if flags:
        return _flagged(flags[0])
    points = [point for point in decision_points(manual, record, day) if point.recorded is None]
    if points:
        point = points[-1]
        reason = say("caseload.decision", point=point.point.label, on=point.on)
        return Attention("first", 1, point.on, say("caseload.cue.decision"), "due", reason, point.state.why)
    return _look(manual, record, day)


def _flagged(flag: DerivedFlag) -> Attention:
    cue = say("caseload.cue.flag", on=flag.on)
    return Attention("first", 0, flag.on, cue, "flagged", flag.why, say("caseload.flag_open"))


def _look(manual: Manual, record: Record, day: date) -> Attention:
    now = state(manual, record, day)
    if now.id == "ask":
        return Attention("first", 2, now.latest_on or day, say("caseload.cue.ask"), "due", now.why, None)
    today = [item for item in due(manual, record, day) if item.kind in ("decision", "review")]
    if today and record.readings(now.form) and record.readings(now.form)[-1].day == day:
        return Attention("first", 1, day, say("caseload.cue.today"), "due", today[0].why, now.why)
    held = record.held()
    since = held[-1].day if held else day
    if now.id in STATE_ORDER:
        return Attention("week", STATE_ORDER[now.id], since, None, "", now.why, None)
    lacking = _unasked(manual, record)
    if lacking:
        cue, reason = say("caseload.cue.unasked"), say("caseload.unasked", what=lacking)
        return Attention("week", UNASKED, record.began_on or day, cue, "due", reason, None)
    step = next((item for item in due(manual, record, day) if item.kind == "step"), None)
    if held and day - held[-1].day <= RECENT and step:
        return Attention("week", 5, since, None, "", step.why, now.why)
    return Attention("nothing", 6, since, None, "", say("caseload.nothing"), now.why)


def _unasked(manual: Manual, record: Record) -> tuple[Sentence, ...]:
    """Say what a course that begins has not been asked yet. Where many sessions were held, the gates say it."""
    if len(record.held()) >= BEGINNING:
        return ()
    done = done_tasks(record) if record.sessions else {}
    form = outcome_form(manual, record)
    there = {
        "consent": "INI.14" in done or record.newest("consent") is not None,
        "intake": bool(record.says("intake").get("diagnosis")),
        # Said together: whoever looks over a shoulder learns no more than that questions are open.
        "safety": ("INI.01" in done or record.newest("safety-conversation") is not None)
        and any(check.asked_alone for check in violence_checks(record)),
        "measure": bool(record.readings(form.id)),
    }
    return tuple(say(f"caseload.lacks.{name}", form=form.name) for name, holds in there.items() if not holds)
