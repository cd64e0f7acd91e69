"""Whoever changes the record behind its back is found: rows, sealed texts, flags, notes, chains, definitions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from random import Random

import pytest
from casebooks import Service, a_service
from django.db import connection, transaction
from evidence.records import fill, kept_until_the_end
from evidence.tampering_with_rows import ACTS, TABLES, delete, edit, swap_ciphertexts

from openipt.audit import append_only, verifying
from openipt.audit.guards import names
from openipt.casebook.models import APPEND_ONLY
from openipt.casebook.queries import verifying as of_the_record
from openipt.casebook.queries.verifying import verify_record

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SEED = 20


@pytest.fixture(scope="module")
def record(django_db_setup, django_db_blocker) -> Iterator[Service]:
    """A service with something in every table."""
    with django_db_blocker.unblock(), kept_until_the_end():
        service = a_service(NOW)
        fill(service)
        yield service


@pytest.fixture
def unguarded(record: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """All guards lifted; that they are gone is found too, but here it must not count."""
    append_only.drop(*TABLES)
    monkeypatch.setattr(verifying, "_guards", lambda models: ())
    monkeypatch.setattr(of_the_record, "append_only_tables", lambda: TABLES)


def tamper(number: int, acts: Sequence[Callable[[Random], str]] = ACTS) -> list[str]:
    """Tamper so many times, each time with a whole record; return what was not found."""
    rng, missed, found = Random(SEED), [], Counter()
    for turn in range(number):
        act = acts[turn % len(acts)]
        mark = transaction.savepoint()
        told = act(rng)
        kinds = {fault.kind for fault in verify_record()}
        transaction.savepoint_rollback(mark)
        found.update(kinds)
        if not kinds:
            missed.append(f"{act.__name__}: {told}")
    print(f"{number} tamperings, {number - len(missed)} found: {dict(found)}")
    return missed


def test_the_record_is_whole_before_anybody_tampers_with_it(record: Service) -> None:
    assert list(verify_record()) == []
    assert [model.__name__ for model in APPEND_ONLY if not model.objects.exists()] == ["Group"]


def test_random_tamperings_are_all_found(unguarded: None) -> None:
    assert tamper(2 * len(ACTS)) == []


@pytest.mark.durability
def test_a_thousand_random_tamperings_are_all_found(unguarded: None) -> None:
    assert tamper(1_000) == []


def test_a_verification_that_does_not_read_the_rows_misses_what_was_done_to_them(unguarded: None, monkeypatch) -> None:
    monkeypatch.setattr(verifying, "_rows", lambda *_asked: ())

    assert len(tamper(6, [edit, swap_ciphertexts, delete])) == 6


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model.__name__)
def test_one_guard_that_is_missing_is_named(record: Service, model) -> None:
    table = model._meta.db_table
    quote = connection.ops.quote_name
    for trigger in names(connection.vendor, table):
        mark = transaction.savepoint()
        with connection.cursor() as cursor:
            on = f" ON {quote(table)}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {quote(trigger)}{on}")
        assert {(fault.kind, fault.where) for fault in verify_record()} == {("guard", table)}, trigger
        transaction.savepoint_rollback(mark)
