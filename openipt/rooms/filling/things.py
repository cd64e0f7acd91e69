"""Sheets about something with a life of its own: a first sheet about a person, goal, step or event lets it begin."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from openipt.casebook.operations.changing import begin_thing
from openipt.policy import Actor
from openipt.therapy.forms import Form, score

BEGINS = {
    "interpersonal-inventory": "person",
    "goals-and-boundaries": "goal",
    "between-session-step": "step",
    "timeline": "event",
}


def begun(by: Actor, at: datetime, course: str, form: Form, answers: Mapping[str, Any], entry: UUID) -> str | None:
    """Let begin what a sheet is the first one about; return its label, None for any other sheet.

    The label follows from the entry's id: a sheet that is sent twice is about one person. A sheet that cannot be taken
    lets nothing begin.

    Args:
        by: Who fills it in.
        at: The server's time.
        course: The enrolment's label.
        form: The form.
        answers: Its answers.
        entry: The id that the entry will have.
    """
    kind = BEGINS.get(form.id)
    if kind is None or (kind == "event" and answers.get("mark") != "event") or not score(form, answers).valid:
        return None
    made = uuid5(entry, kind)
    return begin_thing(by=by, at=at, enrolment=course, kind=kind, label=str(made), id=made)
