"""The notes of an invented course, signed as a therapist would have: after each session, but for the last one."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from openipt.therapy.forms import open_form
from openipt.therapy.manuals import Manual
from openipt.therapy.record import Entry, Record, Session
from openipt.therapy.words import render, render_all
from openipt.therapy.writing import note

NOTE = "session-note"
AFTER = timedelta(minutes=15)  # from the end of the session, or what was written of it, to the signature


def sign_notes(manual: Manual, record: Record) -> Record:
    """Return the record with a signed note for every session held; that of the last one waits, unless it has ended."""
    held = [met for met in record.held() if not record.of(NOTE, met.id)]
    left = held if record.ended_on else [met for met in held if met != record.held()[-1]]
    made = [_signed(manual, record, met) for met in left]
    entries = sorted([*record.entries, *made], key=lambda entry: (entry.recorded_at, entry.happened_at))
    return replace(record, entries=tuple(entries), _memo={})


def _signed(manual: Manual, record: Record, met: Session) -> Entry:
    at = _closed_at(record, met) + AFTER
    drafted = note(manual, record.as_of(at), met)
    text = "\n\n".join(f"{render(part.heading)}. {render_all(part.lines)}" for part in drafted.parts)
    form = open_form(NOTE)
    return Entry(
        id=str(uuid5(NAMESPACE_OID, f"{record.enrolment}/{met.id}/note")),
        form=NOTE,
        happened_at=at,
        recorded_at=at,
        answers={"text": text, "signed_on": at.date().isoformat()},
        by=record.staff,
        about=met.id,
        version=form.version,
        visibility=form.visibility,
    )


def _closed_at(record: Record, met: Session) -> datetime:
    """When the last thing of a session was written down on its own day."""
    cards = [one.recorded_at for one in record.of("session-record", met.id)]
    return max([met.recorded_at, *(at for at in cards if at.date() == met.day)])
