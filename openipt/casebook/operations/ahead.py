"""Reckon before the lock: where a course will stand once a sheet is in it.

All who write wait for one another, so what is reckoned under the lock costs everybody. What a sheet leads to is
therefore reckoned first, from the record as it was read; under the lock it is only asked whether anything was noted of
this client since then. If so, it is reckoned anew there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from openipt.audit.chaining import last_place
from openipt.casebook.models import Enrolment
from openipt.casebook.models.sealed import text_of
from openipt.casebook.operations.standing import day_of, row_of
from openipt.casebook.queries.facts import PROCESS_NOTE, SHEETS
from openipt.casebook.queries.manuals import manual_of
from openipt.casebook.queries.record import record
from openipt.therapy.course import derived_flags
from openipt.therapy.record import Entry, Record

if TYPE_CHECKING:
    from datetime import datetime

    from openipt.casebook.operations.sheet import Sheet
    from openipt.therapy.forms import Form

# No rule and no row of the caseload is made from the mood diary, and it is a third of a record.
DIARIES = ("mood-diary",)


@dataclass(frozen=True, slots=True)
class Ahead:
    """A record as it will be, and how far the client's chain of events went when it was read."""

    record: Record
    place: int


def look_ahead(enrolment: Enrolment, form: Form, sheet: Sheet, at: datetime) -> Ahead | None:
    """Return the record with a sheet in it, its flags and its row reckoned; None for what says what a course is.

    Args:
        enrolment: Whose record.
        form: The form of the sheet.
        sheet: What is about to be saved; already checked.
        at: The server's time, at which it will be recorded.
    """
    if form.id in SHEETS:
        return None
    place = last_place(str(enrolment.client_id))  # first: whatever is noted while we read moves it
    known = read(enrolment)
    if form.id not in DIARIES and (sheet.visibility or form.visibility) != PROCESS_NOTE:
        known = known.but(entries=(*known.entries, _fact(enrolment, form, sheet, at)))
    day = day_of(enrolment, at)
    derived_flags(manual_of(known), known, day)
    row_of(enrolment, known, day)
    return Ahead(known, place)


def read(enrolment: Enrolment) -> Record:
    """Return the record as the rules need it."""
    return record(enrolment, naming=False, without=DIARIES)


def as_it_is(enrolment: Enrolment, ahead: Ahead | None) -> Record:
    """Return, under the lock and with the sheet written, the record: the one of before, where nothing came between."""
    if ahead is not None and last_place(str(enrolment.client_id)) == ahead.place:
        return ahead.record
    return read(enrolment)


def _fact(enrolment: Enrolment, form: Form, sheet: Sheet, at: datetime) -> Entry:
    """Return a sheet as the record will tell it."""
    zone = ZoneInfo(enrolment.organisation.zone)
    received = at.astimezone(zone)
    return Entry(
        id=str(sheet.id),
        form=form.id,
        happened_at=min(sheet.happened_at.astimezone(zone), received),
        recorded_at=received,
        answers=json.loads(text_of(sheet.answers)),
        about=sheet.about or None,
        kind=sheet.kind,
        total=sheet.total if sheet.kind == "total_only" else None,
        version=form.version or None,
        visibility=sheet.visibility or form.visibility,
        replaces=str(sheet.replaces) if sheet.replaces else None,
    )
