"""A sheet that was opened from a task speaks for that task: it is marked on the card that is being written."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from openipt.casebook.operations.drafting import open_drafts
from openipt.casebook.operations.sessions import RECORD
from openipt.policy import Actor
from openipt.rooms.filling.drafts import keep
from openipt.rooms.filling.sheet import ID
from openipt.rooms.workspace.courses import Course
from openipt.rooms.workspace.sessions.chips import MARKED
from openipt.rooms.workspace.sessions.meeting import meeting
from openipt.rooms.workspace.sheets.traced import sharing
from openipt.therapy.forms import open_form


def mark_task(by: Actor, at: datetime, course: Course, session: str, task: str, form: str) -> bool:
    """Mark the task that a sheet was opened from; the other tasks it serves are left to a tap. Say whether it was.

    Args:
        by: Whose card it is.
        at: The server's time.
        course: The course, with the sheet in its record.
        session: The label of the session, as the address names it.
        task: The task, as the address names it.
        form: The sheet that was written.
    """
    met = meeting(course, session_id=session)
    if met is None or course.record.newest(RECORD, session) is not None:
        return False
    share = sharing(course.manual, dict.fromkeys(item.task for item in met.told.agenda.offered), form)
    if task not in share:
        return False
    drafts = open_drafts(by=by, at=at, enrolment=course.id, form=RECORD, about=session)
    pairs = [tuple(pair) for pair in drafts[0].body["pairs"]] if drafts else [(ID, str(uuid4()))]
    said = dict(pairs)
    seen = sorted({*said.get(MARKED, "").split(), *share})
    pairs = [pair for pair in pairs if pair[0] != MARKED and pair != ("tasks", task)]
    pairs += [(MARKED, " ".join(seen)), ("tasks", task)]
    made = drafts[0].id if drafts else uuid4()
    return keep(by, course.id, open_form(RECORD), made, pairs, session, said.get("_replaces") or None, at)
