"""Keep the one cache in step: a course's row is made anew inside every act that touches it (RULINGS 8)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from openipt.casebook.models import Enrolment, Standing
from openipt.casebook.models.sealed import seal_body
from openipt.casebook.operations.acting import Act
from openipt.casebook.queries.manuals import manual_of
from openipt.casebook.queries.record import record
from openipt.tables.writing import insert, overwrite
from openipt.therapy.course import standing
from openipt.therapy.record import Record
from openipt.therapy.words import plain


def restate(it: Act, known: Record, at: datetime) -> None:
    """Write where a course stands after an act."""
    if isinstance(it.owner, Enrolment):
        write_standing(it.owner, known, day_of(it.owner, at), it.seq)
        it.restated = True


def day_of(enrolment: Enrolment, at: datetime) -> date:
    """Return the calendar day of a moment where the service is."""
    return at.astimezone(ZoneInfo(enrolment.organisation.zone)).date()


def write_standing(enrolment: Enrolment, known: Record, day: date, seq: int) -> None:
    """Write the row of an enrolment as of the morning of a day."""
    columns = row_of(enrolment, known, day)
    scope = enrolment.client.scope
    columns |= {"on": day, "seq": seq, "told": seal_body(scope, "standing", enrolment.id, columns["told"])}
    row = Standing(enrolment=enrolment, organisation_id=enrolment.organisation_id, scope=scope, **columns)
    if not overwrite(row):
        insert([row])


def row_of(enrolment: Enrolment, known: Record, day: date) -> dict[str, Any]:
    """Return the columns of a row; `told` not yet sealed. What is stored must always equal this."""
    now = standing(manual_of(known, grouped=enrolment.group_id is not None), known, day)
    needs = now.attention
    return {
        "open": needs.need != "ended",
        "manual": known.manual,
        "manual_version": known.manual_version,
        "need": needs.need,
        "rank": needs.rank,
        "since": needs.since,
        "cue": needs.cue_kind,
        "state": now.state,
        "due_on": now.due_on,
        "flags_open": now.flags_open,
        "told": {
            "name": now.name,
            "cue": plain(needs.cue),
            "reason": plain(needs.reason),
            "detail": plain(needs.detail),
            "areas": list(now.areas),
            "held": now.held,
            "planned": now.planned,
            "form": now.form,
            "values": list(now.values),
            "change": plain(now.change),
            "last": plain(now.last),
            "coming": plain(now.coming),
        },
    }


def rebuild_standing(enrolment: Enrolment, at: datetime) -> None:
    """Make one row anew from the record, for a new day or after doubt."""
    newest = Act(enrolment, at).of_facts()
    write_standing(enrolment, record(enrolment, naming=False), day_of(enrolment, at), newest)
