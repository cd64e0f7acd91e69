"""What a course begins with safely, and when each of it is to be asked again (CLINICAL-RULES 2 and 9)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from openipt.therapy.course.gates import ASKED_WITHIN, people_of_step, safe_for
from openipt.therapy.course.occasions import recover_review_due, safety_review_due
from openipt.therapy.course.position import where
from openipt.therapy.manuals import Manual
from openipt.therapy.record import Record, done_tasks, recovery, violence_checks
from openipt.therapy.words import Sentence, say

MEDICAL_AT = (1, 4, 8)  # sessions at which body, mania, psychosis and substances are looked at


@dataclass(frozen=True, slots=True)
class AskedAgain:
    """One sheet of the beginning: when it was last written, whether it is due now, and when next, in words."""

    form: str
    last: date | None
    due: bool
    again: Sentence


def beginning_safely(manual: Manual, record: Record, today: date) -> tuple[AskedAgain, ...]:
    """Return the sheets a course begins with, in the order they are asked. None of them says what was answered."""
    lines = (
        _once("consent", _asked(record, "consent", "INI.14")),
        _intake(record),
        _aloud(manual, record, today),
        _medical(manual, record, today),
        _violence(record, today),
        _recover(manual, record, today),
    )
    over = record.ended_on is not None and record.ended_on <= today
    return tuple(replace(one, due=False, again=say("again.over")) if over else one for one in lines)


def _asked(record: Record, form: str, task: str | None = None) -> date | None:
    """Return the day it was last asked: its sheet, or the task that asks it, recorded as done."""
    entry = record.newest(form)
    days = [session.day for session in done_tasks(record).get(task or "", ())]
    return max([*days, *([entry.happened_at.date()] if entry else [])], default=None)


def _intake(record: Record) -> AskedAgain:
    said, last = record.says("intake"), _asked(record, "intake")
    if last is None or said.get("diagnosis"):
        return _once("intake", last)
    return AskedAgain("intake", last, True, say("again.intake.no_diagnosis"))


def _once(form: str, last: date | None) -> AskedAgain:
    return AskedAgain(form, last, last is None, say(f"again.{form}.{'done' if last else 'never'}"))


def _aloud(manual: Manual, record: Record, today: date) -> AskedAgain:
    last = _asked(record, "safety-conversation", "INI.01")
    due = last != today and (last is None or safety_review_due(manual, record, today))
    line = "never" if last is None else "due" if due else "later"
    return AskedAgain("safety-conversation", last, due, say(f"again.safety.{line}"))


def _medical(manual: Manual, record: Record, today: date) -> AskedAgain:
    last = _asked(record, "medical-review", "INI.01")
    if last is None:
        return AskedAgain("medical-review", None, True, say("again.medical.never"))
    seen_at = max(1, sum(session.uses for session in record.sessions if session.day <= last))
    coming = next((number for number in MEDICAL_AT if number > seen_at), None)
    if coming is None:
        return AskedAgain("medical-review", last, False, say("again.medical.any"))
    due = where(manual, record, today).number >= coming
    return AskedAgain("medical-review", last, due, say(f"again.medical.{'due' if due else 'later'}", at=coming))


def _violence(record: Record, today: date) -> AskedAgain:
    """Say when it is to be asked again, and nothing of what was answered: others may see this page."""
    asked = [check.on for check in violence_checks(record) if check.asked_alone and check.on <= today]
    if not asked:
        return AskedAgain("violence-check", None, True, say("again.violence.never"))
    why = safe_for(record, people_of_step(record), today)[1]
    if why.id == "gate.violence.again":
        event = say("again.violence.event", event=why.values["event"])
        return AskedAgain("violence-check", asked[-1], True, event)
    until = asked[-1] + ASKED_WITHIN
    line = "later" if until >= today else "stale"
    return AskedAgain("violence-check", asked[-1], False, say(f"again.violence.{line}", until=until))


def _recover(manual: Manual, record: Record, today: date) -> AskedAgain:
    resting = recovery(record)
    if resting is None:
        return AskedAgain("time-to-recover", None, False, say("again.recover.never"))
    if resting.ended:
        return AskedAgain("time-to-recover", resting.since, False, say("again.recover.ended"))
    due = recover_review_due(manual, record, today)
    line = "due" if due else "running"
    return AskedAgain("time-to-recover", resting.since, due, say(f"again.recover.{line}", until=resting.until or "–"))
