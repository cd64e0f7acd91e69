"""Where a course stands on a morning, in one row: what it needs most, why, and the few numbers a list shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from openipt.therapy.course.due import due
from openipt.therapy.course.endings import ending_begun
from openipt.therapy.course.flags import SELF_HARM_RULES, DerivedFlag, open_flags
from openipt.therapy.course.left_blank import left_blank
from openipt.therapy.course.points import points_fallen
from openipt.therapy.course.position import where
from openipt.therapy.course.state import State, course_on, outcome_form, rise_to_ask_about, state
from openipt.therapy.manuals import Manual
from openipt.therapy.progress import Progress, progress
from openipt.therapy.record import Record, Session, done_tasks, focus, violence_checks
from openipt.therapy.words import Sentence, say

Need = Literal["first", "week", "nothing", "ended"]
Cue = Literal["flagged", "due", ""]
RECENT = timedelta(days=7)
# Of what needs a person first: an answer, a rise, then what is not written; where it goes less well before the rest.
WAITS, WORSE, ROSE, OPEN_OFF_TRACK, OPEN, SILENT = range(6)
# Of what is looked at within a week.
OFF_TRACK, UNASKED, STEP = 1, 3, 5
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
    coming: Sentence | None  # the next date, where one was agreed
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
        last=_last(last, day) if last else None,
        coming=_coming(record, last, day),
        flags_open=len(open_flags(manual, record, day)),
        due_on=min(waiting, default=None),
    )


def _last(held: Session, day: date) -> Sentence:
    if held.day == day:
        return say("caseload.last_today", n=held.number)
    return say("caseload.last", n=held.number, on=held.day)


def _coming(record: Record, last: Session | None, day: date) -> Sentence | None:
    """Say when one meets next, as the newest card agreed it; a date that has passed, or was met, is none."""
    cards = (one.answers.get("next_date") for one in reversed(record.of("session-record")))
    agreed = next((date.fromisoformat(str(one)[:10]) for one in cards if one), None)
    if agreed is None or agreed < day or (last is not None and agreed <= last.day):
        return None
    return say("caseload.coming_today") if agreed == day else say("caseload.coming", on=agreed)


def _change(name: str, made: Progress) -> Sentence:
    line = "plain" if made.reliable is None else "recovered" if made.recovered else made.reliable
    return say(f"caseload.change.{line}", form=name, first=made.first, last=made.last)


def attention(manual: Manual, record: Record, day: date) -> Attention:
    """Say what a course needs on a morning: a person, a question left blank, an ending, a decision, a look, nothing."""
    if record.ended_on and record.ended_on < day:
        return Attention("ended", 9, record.ended_on, None, "", say("caseload.ended", on=record.ended_on), None)
    flags = [flag for flag in open_flags(manual, record, day) if flag.rule in (*SELF_HARM_RULES, "R5")]
    tasks = [flag for flag in flags if flag.state == "new"]
    if tasks:
        return _flagged(tasks[0])
    blank = left_blank(record, day)
    if blank:
        return Attention("first", 1, blank[0].on, say("caseload.cue.unasked"), "due", blank[0].why, None)
    found = _risen(manual, record, day) or _unwritten(manual, record, day) or _look(manual, record, day)
    return _known(flags[-1]) if flags and found.need != "first" else found


def _known(flag: DerivedFlag) -> Attention:
    """Name an answer that is known: it is asked about in the session, and is no new task (CLINICAL-RULES 2.2)."""
    return Attention("week", OFF_TRACK, flag.on, say("caseload.cue.known"), "due", flag.why, None)


def _flagged(flag: DerivedFlag) -> Attention:
    cue = say("caseload.cue.flag", on=flag.on)
    return Attention("first", WAITS, flag.on, cue, "flagged", flag.why, say("caseload.flag_open"))


def _risen(manual: Manual, record: Record, day: date) -> Attention | None:
    """Name a course that got worse, and a rise that nobody has asked about: both go before what is not written."""
    now = state(manual, record, day)
    written = _unwritten(manual, record, day)
    detail = written.reason if written else None
    if now.id == "worse":
        return Attention("first", WORSE, now.latest_on or day, say("caseload.cue.worse"), "due", now.why, detail)
    rose = rise_to_ask_about(record, course_on(manual, record, day))
    if rose is None:
        return None
    return Attention("first", ROSE, now.latest_on or day, say("caseload.cue.rose"), "due", rose, detail)


def _unwritten(manual: Manual, record: Record, day: date) -> Attention | None:
    """Name an ending or a decision that is not written."""
    begun = ending_begun(manual, record, day)
    if begun is not None:
        return _ending(record, begun, day)
    points = [point for point in points_fallen(manual, record, day) if point.recorded is None]
    if not points:
        return None
    now, point = state(manual, record, day), points[-1]
    reason = say("caseload.decision", point=point.point.label, on=point.on)
    return Attention("first", _open_rank(now), point.on, say("caseload.cue.decision"), "due", reason, now.why)


def _open_rank(now: State) -> int:
    return OPEN_OFF_TRACK if now.id == "off_track" else OPEN


def _ending(record: Record, begun: Sentence, day: date) -> Attention:
    """Name an ending that is not finished; one that only waits for a client to arrive elsewhere is looked at weekly."""
    written = record.newest("ending")
    since = written.happened_at.date() if written else day
    waits = record.says("ending").get("ending") == "referred"
    need: Need = "week" if waits else "first"
    return Attention(need, UNASKED if waits else OPEN, since, say("caseload.cue.ending"), "due", begun, None)


def _look(manual: Manual, record: Record, day: date) -> Attention:
    now = state(manual, record, day)
    if now.id == "ask":
        return Attention("first", SILENT, now.latest_on or day, say("caseload.cue.ask"), "due", now.why, None)
    today = [item for item in due(manual, record, day) if item.kind in ("decision", "review")]
    if today and record.readings(now.form) and record.readings(now.form)[-1].day == day:
        return Attention("first", _open_rank(now), day, say("caseload.cue.today"), "due", today[0].why, now.why)
    held = record.held()
    since = held[-1].day if held else day
    if now.id == "off_track":
        return Attention("week", OFF_TRACK, since, None, "", now.why, None)
    lacking = _unasked(manual, record)
    if lacking:
        cue, reason = say("caseload.cue.unasked"), say("caseload.unasked", what=lacking)
        return Attention("week", UNASKED, record.began_on or day, cue, "due", reason, None)
    step = next((item for item in due(manual, record, day) if item.kind == "step"), None)
    if held and day - held[-1].day <= RECENT and step:
        return Attention("week", STEP, since, None, "", step.why, now.why)
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
