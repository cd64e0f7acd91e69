"""What time alone changes: rows of the caseload are reckoned anew for the day, and old drafts go."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from openipt.casebook.models import Draft, Enrolment, Standing
from openipt.casebook.models.sealed import read_body, text_of
from openipt.casebook.operations.acting import Act, act, hold
from openipt.casebook.operations.standing import day_of, row_of, write_standing
from openipt.casebook.queries.record import record
from openipt.casebook.sealing import KeyGone, Tampered

UNTOUCHED = timedelta(days=30)  # after which a draft is thrown away
COLUMNS = ("open", "manual", "manual_version", "need", "rank", "since", "cue", "state", "due_on", "flags_open")


class _NothingToDo(Exception):  # noqa: N818 - undoes an act that turned out to be done already
    pass


def stale(at: datetime) -> list[UUID]:
    """Return the open courses whose row was reckoned for an earlier day, by the calendar of their service."""
    rows = Standing.objects.filter(open=True, on__lt=at.date() + timedelta(days=1))
    asked = rows.select_related("enrolment__organisation").order_by("on")
    return [row.enrolment_id for row in asked if row.on < day_of(row.enrolment, at)]


def reckon(enrolment: UUID, at: datetime, *, anew: bool = False) -> bool:
    """Reckon the row of one course for the day of a moment; return whether that was needed.

    Args:
        enrolment: The course.
        at: The server's time.
        anew: Also where the row is of today already, its number taken from the facts: after doubt.
    """
    owner = Enrolment.objects.select_related("client", "group", "organisation").get(id=enrolment)
    day = day_of(owner, at)
    with transaction.atomic():
        hold(owner)
        if not anew and Standing.objects.filter(enrolment=owner, on__gte=day).exists():
            return False
        one = Act(owner, at)
        seq = one.of_facts() if anew else one.seq
        try:
            write_standing(owner, record(owner, naming=False), day, seq)
        except KeyGone:  # erased: the row stays as it was
            return False
    return True


def standing_faults(enrolments: Iterable[Enrolment]) -> Iterator[Enrolment]:
    """Yield each course whose row is not what its record says for the day the row was reckoned for."""
    for owner in enrolments:
        try:
            wrong = _differs(owner)
        except KeyGone:
            continue
        except Tampered:
            wrong = True
        if wrong:
            yield owner


def _differs(owner: Enrolment) -> bool:
    row = Standing.objects.filter(enrolment=owner).first()
    if row is None:
        return True
    made: dict[str, Any] = row_of(owner, record(owner, naming=False), row.on)
    told = read_body(row.scope, "standing", owner.id, bytes(row.told))
    return any(getattr(row, name) != made[name] for name in COLUMNS) or told != json.loads(text_of(made["told"]))


def purge_drafts(at: datetime) -> int:
    """Throw away drafts that nobody touched for thirty days; return how many. One event for each course.

    A draft that came under the id of another text waits for a person, however long.
    """
    old = Draft.objects.filter(saved_at__lt=at - UNTOUCHED, conflicts_with__isnull=True)
    purged = 0
    for owner in Enrolment.objects.filter(id__in=old.values("enrolment")).select_related("client"):
        try:
            with act("purge_drafts", by=None, at=at, owner=owner, why="untouched"):
                purged += _purge(old.filter(enrolment=owner))
        except _NothingToDo:
            continue
    return purged


def _purge(drafts: QuerySet[Draft]) -> int:
    gone, _ = drafts.delete()
    if not gone:  # another tick was faster: then nothing is noted either
        raise _NothingToDo
    return gone
