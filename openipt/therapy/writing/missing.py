"""What was due at a session and is not on record of it: its questionnaires, and what is asked again at its time.

Missing is never zero, and never silent: what was left out is due no more afterwards, so it is said in the note.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from openipt.therapy.course.asked_again import MEDICAL_AT, beginning_safely
from openipt.therapy.course.due import measures_due
from openipt.therapy.course.runs_out import alone_again
from openipt.therapy.forms import open_form
from openipt.therapy.manuals import Manual
from openipt.therapy.record import Record, Session, recovery, session_sheet
from openipt.therapy.words import Sentence, say

ASKED_FIRST = "INI.01"  # the task that asks about safety, aloud, and about body, mania and substances


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A questionnaire that was due for a session and was not answered for it."""

    form: str
    about: str | None
    name: str


def unmeasured(manual: Manual, record: Record, session: Session) -> tuple[Unmeasured, ...]:
    """Return the questionnaires that were due for a session and came in neither before it nor on its day."""
    if not session.attended:
        return ()
    before = record.before(session)
    since = before.sessions[-1].recorded_at if before.sessions else None
    return tuple(
        Unmeasured(item.id, item.about, open_form(item.id).name)
        for item in measures_due(manual, before, session.day)
        if not _answered(record, item.id, item.about, since, session)
    )


def _answered(record: Record, form: str, about: str | None, since: datetime | None, session: Session) -> bool:
    return any(
        (since is None or one.happened_at > since) and one.happened_at.date() <= session.day
        for one in record.of(form, about)
    )


def unasked(manual: Manual, record: Record, session: Session) -> Iterator[Sentence]:
    """Say what was to be asked again at a session and was not; never what was answered before."""
    said, before = session_sheet(record, session), record.before(session)
    asked_first = ASKED_FIRST in (said.get("tasks") or ())
    waits = {one.form: one for one in beginning_safely(manual, before, session.day) if one.due}
    if "safety-conversation" in waits and not said.get("safety_asked") and not asked_first:
        yield say("note.open.safety")
    resting = recovery(record)
    if resting and not resting.ended and resting.until and resting.until <= session.day:
        yield say("note.open.recover", until=resting.until)
    if "medical-review" in waits and session.number in MEDICAL_AT and not asked_first:
        yield say("note.open.medical", form=open_form("medical-review").title.lower())


def unasked_alone(manual: Manual, record: Record, session: Session) -> Sentence | None:
    """Say that what is asked alone ran out by a session and was not asked in it.

    For the screen of whoever writes the note: it is no part of what is signed, printed or handed on.
    """
    if record.ended_on is not None and record.ended_on <= session.day:
        return None
    last = alone_again(manual, record, session.day, by=session.day)
    return say("note.alone", on=last.values["on"]) if last and last.values["on"] < session.day else None
