"""The record: the facts of one enrolment as immutable values, askable as of any moment."""

from openipt.therapy.record.facts import (
    Entry,
    Flag,
    GroupRecord,
    Kind,
    Outcome,
    Session,
    Thing,
)
from openipt.therapy.record.record import Reading, Record
from openipt.therapy.record.views import (
    Agreement,
    Asked,
    Fit,
    Recovery,
    agreement,
    alias,
    done_tasks,
    fit,
    focus,
    focus_people,
    recovery,
    session_sheet,
    step_after,
    violence_checks,
)

__all__ = [
    "Agreement",
    "Asked",
    "Entry",
    "Fit",
    "Flag",
    "GroupRecord",
    "Kind",
    "Outcome",
    "Reading",
    "Record",
    "Recovery",
    "Session",
    "Thing",
    "agreement",
    "alias",
    "done_tasks",
    "fit",
    "focus",
    "focus_people",
    "recovery",
    "session_sheet",
    "step_after",
    "violence_checks",
]
