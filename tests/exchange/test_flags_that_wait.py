"""A flag that comes in with a whole record and waits still is somebody's task, until a time, as any other."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from casebooks import a_service
from finished_courses import running

from openipt.casebook.models import Flag
from openipt.casebook.queries.waiting import waiting
from openipt.exchange.keeping import keep
from openipt.therapy.record import Entry, Outcome
from openipt.therapy.record import Flag as Told

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

SATURDAY = datetime(2026, 11, 21, 20, 35, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SHEET = Entry("E-1", "phq-9", SATURDAY, SATURDAY, {f"q{n}": 1 for n in range(1, 10)})
DONE = Outcome(at=SATURDAY, by="T-01", words="Rang her at once.")


def kept(*flags: Told):
    service = a_service(NOW - timedelta(days=60))
    record = running({0: 15}, NOW.date() - timedelta(days=14))
    keep(replace(record, entries=(*record.entries, SHEET), flags=flags, _memo={}), service.keeper())
    return service


def flag(rule: str = "R1", **more) -> Told:
    return Told(f"F-{rule}", rule, "new", SATURDAY, SATURDAY, "E-1", "q9", **more)


def test_an_answer_of_a_saturday_evening_is_the_therapists_task_until_the_next_working_day_closes() -> None:
    service = kept(flag())

    [one] = waiting()

    assert one.owner == service.account("T-01").id
    assert one.due_at == datetime(2026, 11, 23, 17, tzinfo=UTC)


def test_what_is_told_to_a_minors_caregivers_is_due_with_the_answer_it_is_about() -> None:
    kept(flag("R1"), flag("R12"))

    assert len({one.due_at for one in waiting()}) == 1


def test_what_was_answered_already_waits_for_nobody() -> None:
    kept(flag(outcomes=(DONE,)))

    assert Flag.objects.get().due_at is None
    assert waiting() == []
