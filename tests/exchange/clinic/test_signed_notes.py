"""In the demonstration every note is signed as a therapist would have, but for that of the last session."""

from __future__ import annotations

from datetime import date

import pytest

from openipt.casebook.queries.notes import unsigned
from openipt.exchange.clinic import demo_cases, sign_notes, simulate
from openipt.therapy.manuals import open_manual
from openipt.therapy.record import Record

TODAY = date(2026, 11, 22)


def told() -> list[Record]:
    running = simulate(7, began_on=date(2026, 9, 14), today=TODAY, twist="running")
    return [running, *(record for _, record in demo_cases(TODAY))]


@pytest.mark.parametrize("record", told(), ids=lambda record: record.enrolment)
def test_only_the_last_session_of_a_course_that_runs_waits_for_its_note(record: Record) -> None:
    signed = sign_notes(open_manual(record.manual), record)

    assert list(unsigned(signed)) == ([] if record.ended_on else [record.held()[-1]])
    for note in signed.of("session-note"):
        assert note.answers["text"]
        assert note.recorded_at.date() >= next(met.day for met in record.sessions if met.id == note.about)


def test_what_was_there_stays_and_signing_again_adds_nothing() -> None:
    record = told()[0]
    manual = open_manual(record.manual)
    once = sign_notes(manual, record)

    assert all(one in once.entries for one in record.entries)
    assert len(sign_notes(manual, once).entries) == len(once.entries)
