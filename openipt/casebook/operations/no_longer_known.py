"""A known answer becomes a task of its own where what made it known is over (CLINICAL-RULES 2.2).

Known is: assessed before, and a plan that holds. It is asked about in the next session and is nobody's new task. Where
nobody met the client within a day, the plan ran out, or the therapy ended, somebody has to be called after all.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from openipt.casebook.models import Flag, FlagStep
from openipt.casebook.operations.acting import act
from openipt.casebook.operations.flagging import responsible, write_step
from openipt.casebook.operations.passing_on import new_time
from openipt.casebook.operations.standing import restate
from openipt.casebook.queries.manuals import manual_of
from openipt.casebook.queries.record import record
from openipt.casebook.queries.waiting import PASSED
from openipt.casebook.sealing import KeyGone
from openipt.therapy.course import derived_flags
from openipt.therapy.record import Record


class _StillKnown(Exception):  # noqa: N818 - undoes an act that there was no cause for
    pass


def no_longer_known(at: datetime) -> list[UUID]:
    """Return the flags that were raised as known, that nobody has answered, and that are known no more."""
    return [flag.id for flag in _raised_as_known() if _has_ended(flag, at)]


def make_a_task(flag: UUID, at: datetime) -> bool:
    """Make a flag that is known no more the task of whoever is in charge, with the time of its rule from now.

    Asked again under the lock of the enrolment. False where it is known still, or was made a task meanwhile.

    Args:
        flag: The flag's id.
        at: The server's time.
    """
    found = _raised_as_known().filter(id=flag).first()
    if found is None:
        return False
    try:
        with act("pass_on_flag", by=None, at=at, owner=found.enrolment, why="no_longer_known") as it:
            if not _raised_as_known().filter(id=flag).exists() or not _has_ended(found, at):
                raise _StillKnown
            to, due_at = responsible(found.enrolment, at), new_time(found, at)
            write_step(it, found, "passed_on", by=None, said={}, to=to, due_at=due_at, state="new")
            restate(it, record(found.enrolment, naming=False), at)
    except (_StillKnown, KeyGone):
        return False
    return True


def _raised_as_known() -> QuerySet[Flag]:
    answered = FlagStep.objects.filter(flag=OuterRef("pk"), kind__in=(*PASSED, "outcome"))
    known = Flag.objects.filter(state="known", due_at__isnull=False).exclude(Exists(answered))
    return known.select_related("enrolment__client", "enrolment__organisation", "enrolment__group")


def _has_ended(flag: Flag, at: datetime) -> bool:
    try:
        known = record(flag.enrolment, naming=False)
    except KeyGone:
        return False
    return _state(known, flag, at) == "new"


def _state(known: Record, flag: Flag, at: datetime) -> str | None:
    """Return what the rules say of a flag today; None where they say nothing of it any more."""
    today = at.astimezone(ZoneInfo(flag.enrolment.organisation.zone)).date()
    every = derived_flags(manual_of(known), known, today)
    return next((one.state for one in every if one.handled and one.handled.id == str(flag.id)), None)
