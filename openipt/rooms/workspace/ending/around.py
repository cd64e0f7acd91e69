"""What stands around a course on its story page: what is due about deciding and ending, and where it goes on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from openipt.casebook.queries.linked import linked
from openipt.casebook.queries.missed import counted, open_plan
from openipt.casebook.queries.signing import sign_off_of
from openipt.policy import Actor
from openipt.rooms.filling.asked_for import zone_of
from openipt.rooms.workspace.courses import Course
from openipt.therapy.course import closing, planned_sessions, where
from openipt.therapy.record import Record
from openipt.therapy.record.views import day_of

NEAR_END = 4  # sessions before the end from which the ending is offered as a button of its own


def around(actor: Actor, one: Course, now: datetime) -> dict[str, Any]:
    """Gather it for one course, as it stands now."""
    today = now.astimezone(ZoneInfo(zone_of(actor.organisation))).date()
    record, manual = one.record, one.manual
    here = where(manual, record, today)
    ending = record.newest("ending")
    half = -(-planned_sessions(manual, record) // 2)
    return {
        "count": counted(manual, record, today),
        "plan": open_plan(record, today),
        "ending": ending,
        "closed": record.ended_on,
        "told": closing(manual, record, today) if ending is not None and record.ended_on is None else None,
        "near_end": here.left <= NEAR_END,
        "review_due": record.counted() >= half and record.counted() < half + 3 and not record.of("mid-review"),
        "signing": list(_signing(record)),
        "check_in": _check_in(record, today) if record.ended_on else None,
        "links": linked(actor, one.id, now),
    }


def _signing(record: Record) -> list[str]:
    """Return the points whose decision waits for a second person."""
    found = []
    for entry in record.of("decision-record"):
        signed = sign_off_of(record, entry.id)
        if signed is not None and signed.answer is None:
            found.append(str(entry.answers.get("point")))
    return found


def _check_in(record: Record, today: date) -> date | None:
    """Return the check-in that is due and was not written: the first agreed day that has come since the last one."""
    last = max((one.happened_at.date() for one in record.of("check-in")), default=record.ended_on or date.min)
    agreed = [day_of(row.get("date")) for row in record.says("relapse-plan").get("check_in_dates") or ()]
    return next((day for day in sorted(one for one in agreed if one) if last < day <= today), None)
