"""A row of an append-only table stays as it is, whoever asks the database to change it, and in whatever words."""

# ruff: noqa: S608  the statements are put together from the names of columns

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction
from service import CAROL, DAN, Service
from sheets import AUDIT, Sheet

from openipt.audit.append_only import append_only_tables
from openipt.audit.models import AuditEvent
from openipt.audit.verifying import verify

SQLITE = connection.vendor == "sqlite"
COLUMNS = (
    "id, chain, place, at, by, organisation, act, client, enrolment, subject, shown, purpose, why, rows, prev, hash"
)
OTHERS = COLUMNS.partition("place, ")[2]

EVERYWHERE = {
    "update": "UPDATE audit_auditevent SET by = 'nobody' WHERE place = 1",
    "update to the same": "UPDATE audit_auditevent SET place = place",
    "delete": "DELETE FROM audit_auditevent WHERE place = 1",
    "delete all": "DELETE FROM audit_auditevent",
    "upsert": f"INSERT INTO audit_auditevent ({COLUMNS}) SELECT {COLUMNS} FROM audit_auditevent WHERE true "
    "ON CONFLICT (id) DO UPDATE SET by = 'nobody'",
}
ON_SQLITE = {
    "replace": f"REPLACE INTO audit_auditevent ({COLUMNS}) SELECT {COLUMNS} FROM audit_auditevent",
    "replace under another id": f"INSERT OR REPLACE INTO audit_auditevent (id, chain, place, {OTHERS}) "
    f"SELECT id + 1000, chain, place, {OTHERS} FROM audit_auditevent",
    "replace with the id as text": f"INSERT OR REPLACE INTO audit_auditevent (id, chain, place, {OTHERS}) "
    f"SELECT CAST(id AS TEXT), 'other', place, {OTHERS} FROM audit_auditevent",
    "update or replace": "UPDATE OR REPLACE audit_auditevent SET place = 2 WHERE place = 1",
}
ON_POSTGRESQL = {
    "truncate": "TRUNCATE audit_auditevent",
    "truncate with others": "TRUNCATE audit_appearance, audit_auditevent CASCADE",
    "merge": "MERGE INTO audit_auditevent a USING (SELECT 1 AS id) b ON a.place = b.id WHEN MATCHED THEN DELETE",
}
WAYS = EVERYWHERE | (ON_SQLITE if SQLITE else ON_POSTGRESQL)


@contextmanager
def undone() -> Iterator[None]:
    """Try something and take it back."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


def holes() -> set[str]:
    """The probe: every way to change or remove an event that the database does not refuse."""
    found = set()
    for way, statement in WAYS.items():
        with undone(), connection.cursor() as cursor:
            try:
                cursor.execute(statement)
                found.add(way)
            except IntegrityError as refused:
                if "audit_auditevent is append-only" not in str(refused):
                    raise
    return found


@pytest.fixture
def day(service: Service) -> Service:
    return service.works_a_day()


def test_every_way_to_change_an_event_with_sql_is_refused(day: Service) -> None:
    assert holes() == set()


@pytest.mark.parametrize("trigger", ["no_update", "no_delete", "no_replace" if SQLITE else "no_truncate"])
def test_the_probe_finds_a_hole_when_one_trigger_is_dropped(day: Service, trigger: str) -> None:
    with connection.cursor() as cursor:
        on = "" if SQLITE else " ON audit_auditevent"
        cursor.execute(f"DROP TRIGGER audit_auditevent_{trigger}{on}")
    assert holes()
    assert "audit_auditevent" not in append_only_tables()
    assert [fault.where for fault in verify([Sheet]) if fault.kind == "guard"] == ["audit_auditevent"]


def weakened() -> list[str]:
    if SQLITE:
        return [
            "DROP TRIGGER audit_auditevent_no_update",
            "CREATE TRIGGER audit_auditevent_no_update BEFORE UPDATE ON audit_auditevent BEGIN SELECT 1; END",
        ]
    return ["ALTER TABLE audit_auditevent DISABLE TRIGGER audit_auditevent_no_update"]


def test_a_trigger_of_the_right_name_that_does_nothing_counts_as_none(day: Service) -> None:
    with connection.cursor() as cursor:
        for statement in weakened():
            cursor.execute(statement)
    assert holes() == {"update", "update to the same", "update or replace" if SQLITE else "upsert"}
    assert "audit_auditevent" not in append_only_tables()


@pytest.mark.skipif(SQLITE, reason="PostgreSQL keeps what a trigger does in a function")
def test_a_function_that_was_emptied_counts_as_no_guard(day: Service) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION openipt_append_only() RETURNS trigger LANGUAGE plpgsql "
            "AS 'BEGIN RETURN NEW; END'"
        )
    assert append_only_tables() == frozenset()


@pytest.mark.skipif(SQLITE, reason="only PostgreSQL has sessions that call themselves replicas")
def test_a_session_that_calls_itself_a_replica_is_refused_too(day: Service) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    assert holes() == set()


ORM: dict[str, Callable[[AuditEvent], object]] = {
    "save": lambda event: event.save(),
    "save one column": lambda event: event.save(update_fields=["by"]),
    "update": lambda event: AuditEvent.objects.update(by="nobody"),
    "delete": lambda event: event.delete(),
    "delete all": lambda event: AuditEvent.objects.all().delete(),
    "bulk update": lambda event: AuditEvent.objects.bulk_update([event], ["by"]),
    "insert again": lambda event: event.save(force_insert=True),
    "upsert": lambda event: AuditEvent.objects.bulk_create(
        [event], update_conflicts=True, unique_fields=["id"], update_fields=["by"]
    ),
}


@pytest.mark.parametrize("way", ORM)
def test_every_way_to_change_an_event_with_the_framework_is_refused(day: Service, way: str) -> None:
    event = AuditEvent.objects.earliest("id")
    before = list(AuditEvent.objects.values_list())
    event.by = "nobody"
    with pytest.raises(IntegrityError, match=r"append-only|duplicate key"), transaction.atomic():
        ORM[way](event)
    assert list(AuditEvent.objects.values_list()) == before


def test_the_tables_of_the_audit_that_only_grow_are_guarded(db: None) -> None:
    assert set(AUDIT) <= append_only_tables()
    assert "audit_appearance" not in append_only_tables()


def test_new_rows_are_still_welcome(day: Service) -> None:
    day.writes(CAROL)
    day.writes(DAN)
    assert not list(verify([Sheet]))
