"""A session at which nobody met, whenever it is written down: who is in danger is asked about then (rule R11)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from uuid_utils.compat import uuid7

from openipt.casebook.models import Enrolment, Flag
from openipt.casebook.operations.acting import act
from openipt.casebook.operations.flagging import responsible
from openipt.casebook.operations.saving import Saved
from openipt.casebook.operations.sessions import MISSED, amend_session, hold_session
from openipt.casebook.operations.standing import day_of, restate
from openipt.casebook.queries.manuals import manual_of
from openipt.casebook.queries.record import record
from openipt.policy import Actor
from openipt.therapy.course import DerivedFlag, deadline, derived_flags, promise
from openipt.therapy.record import Record

RULE = "R11"


def miss_session(*, by: Actor, at: datetime, enrolment: str, **facts: Any) -> Saved:
    """Write that nobody met, as `hold_session` does, and raise R11 also where the day has passed.

    Whether somebody waits with an answer about danger is asked on the day on which it becomes known, not only on the
    day itself: a session missed on Friday is often written down on Monday.
    """
    with transaction.atomic():
        saved = hold_session(by=by, at=at, enrolment=enrolment, **facts)
        if facts["kind"] in MISSED and saved.made:
            raise_missed(by=by, at=at, enrolment=enrolment, session=str(saved.id))
    return saved


def amend_whether_met(*, by: Actor, at: datetime, enrolment: str, session: str, **facts: Any) -> Saved:
    """Change the sheet of a session, as `amend_session` does, and raise R11 where it says now that nobody met."""
    with transaction.atomic():
        saved = amend_session(by=by, at=at, enrolment=enrolment, session=session, **facts)
        if facts["answers"].get("kind") in MISSED and saved.made:
            raise_missed(by=by, at=at, enrolment=enrolment, session=session)
    return saved


def raise_missed(*, by: Actor, at: datetime, enrolment: str, session: str) -> bool:
    """Raise R11 for one missed session where the rules derive it and no flag stands for it yet; return whether."""
    owner = Enrolment.objects.select_related("client", "group", "organisation").get(
        label=enrolment, organisation_id=by.organisation
    )
    known = record(owner, naming=False)
    met = next((one for one in known.sessions if one.id == session), None)
    wanted = [one for one in _not_raised(owner, known, at) if met is not None and one.on == met.day]
    if met is None or not wanted:
        return False
    given = promise(owner.organisation.promise, owner.organisation.zone)
    with act("raise_missed", by=by.id, at=at, owner=owner, why="late") as it:
        flag = Flag(
            id=uuid7(),
            organisation_id=owner.organisation_id,
            enrolment=owner,
            rule=RULE,
            state=wanted[0].state,
            answered_at=min(met.happened_at, at),  # the day it happened; its time runs from when it became known
            received_at=at,
            recorded_at=at,
            due_at=deadline(RULE, at, given),
            owner=responsible(owner, at) or UUID(by.id),
        )
        it.add(flag)
        restate(it, record(owner, naming=False), at)
    return True


def _not_raised(owner: Enrolment, known: Record, at: datetime) -> list[DerivedFlag]:
    found = derived_flags(manual_of(known, grouped=owner.group_id is not None), known, day_of(owner, at))
    return [one for one in found if one.rule == RULE and one.handled is None]
