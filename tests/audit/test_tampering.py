"""Whatever somebody with all rights on the database does to the record, `verify` finds it."""

from __future__ import annotations

import time
from random import Random

import pytest
from django.db import connection, transaction
from service import BEGAN, CAROL, DAN, EVE, SERVICE, Service
from sheets import TABLE, Sheet
from tampering import ACTS

from openipt.audit import verifying
from openipt.audit.anchors import anchor
from openipt.audit.appearing import rebuild_appearances
from openipt.audit.append_only import drop
from openipt.audit.models import Appearance, AuditEvent
from openipt.audit.verifying import verify
from openipt.audit.writing import wrote
from openipt.therapy.words import render

SOME, ALL = 5 * len(ACTS), 1000


@pytest.fixture
def record(service: Service, unguarded: None) -> Service:
    """A day's work, anchored three times; the last anchor covers it all."""
    service.works_a_day()
    anchor(BEGAN)
    service.works_a_day()
    anchor(BEGAN)
    service.writes(DAN)
    service.opens(EVE)
    service.lists([EVE])
    anchor(BEGAN)
    return service


def found() -> set[str]:
    return {fault.kind for fault in verify([Sheet])} - {"guard"}


def test_the_record_is_whole_before_anybody_tampers_with_it(record: Service) -> None:
    assert found() == set()


@pytest.mark.parametrize("times", [SOME, pytest.param(ALL, marks=pytest.mark.nightly)])
def test_random_tamperings_are_all_found(record: Service, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    monkeypatch.setattr(verifying, "_guards", lambda models: ())  # they are down, and to ask each time takes long
    rng = Random(8)
    names = list(ACTS)
    missed = []
    for turn in range(times):
        name = names[turn % len(names)]
        tamper, expected = ACTS[name]
        point = transaction.savepoint()
        told = tamper(rng)
        kinds = found()
        if not kinds & expected:
            missed.append(f"{name}: {told}: {sorted(kinds)}")
        transaction.savepoint_rollback(point)
    assert missed == []
    assert found() == set()


@pytest.mark.parametrize("name", ACTS)
def test_each_tampering_is_told_in_a_sentence_with_ids_only(record: Service, name: str) -> None:
    ACTS[name][0](Random(name))
    for fault in verify([Sheet]):
        text = render(fault.sentence)
        assert text.endswith(".")
        assert "{" not in text
        assert all(word in text for word in fault.where.split(":") if fault.kind not in ("appearances", "line"))


class TestRows:
    def test_a_row_that_was_changed_is_named(self, record: Service) -> None:
        sheet = Sheet.objects.exclude(answers=None).earliest("at")
        Sheet.objects.filter(pk=sheet.pk).update(answers={"q9": 1, "mood": 4.5})
        assert where() == {("row_differs", f"{TABLE}:{sheet.pk}")}

    def test_a_row_that_is_gone_is_named(self, record: Service) -> None:
        sheet = Sheet.objects.earliest("at")
        Sheet.objects.filter(pk=sheet.pk).delete()
        assert where() == {("row_gone", f"{TABLE}:{sheet.pk}")}

    def test_a_row_that_nobody_noted_is_named(self, record: Service) -> None:
        sheet = Sheet.objects.create(form="forged")
        assert where() == {("row_unnoted", f"{TABLE}:{sheet.pk}")}

    def test_a_row_that_two_events_note_differently_is_named(self, record: Service) -> None:
        sheet = Sheet.objects.earliest("at")
        sheet.words = "never saved"
        wrote(act="entry.save", by=DAN, at=BEGAN, organisation=SERVICE, client=CAROL, rows=[sheet])
        assert where() == {("row_differs", f"{TABLE}:{sheet.pk}")}

    def test_rows_of_other_tables_are_none_of_its_business(self, record: Service) -> None:
        Sheet.objects.all().delete()
        assert {fault.kind for fault in verify()} == {"guard"}

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL keeps to the kinds of its columns")
    def test_a_row_that_cannot_be_read_is_named_by_its_table_and_the_rest_is_still_checked(
        self, record: Service
    ) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE {TABLE} SET people = 'rubbish' WHERE id = (SELECT MIN(id) FROM {TABLE})")  # noqa: S608
        AuditEvent.objects.filter(chain=CAROL, place=1).update(by="nobody")
        assert where() == {("row_unreadable", TABLE), ("hash", f"{CAROL}:1")}

    @pytest.mark.skipif(connection.vendor != "sqlite", reason="a note that names no id")
    def test_a_note_that_names_no_id_does_not_stop_the_walk(self, record: Service) -> None:
        AuditEvent.objects.filter(chain=DAN, place=2).update(rows=[[TABLE, "no id", "0" * 64]])
        assert ("row_gone", f"{TABLE}:no id") in where()


def where() -> set[tuple[str, str]]:
    return {(fault.kind, fault.where) for fault in verify([Sheet]) if fault.kind != "guard"}


def test_two_clients_chains_never_mix(record: Service) -> None:
    AuditEvent.objects.filter(chain=CAROL).update(by="nobody")
    assert {place.split(":")[0] for kind, place in where() if kind == "hash"} == {CAROL}


def test_missing_events_are_counted(record: Service) -> None:
    AuditEvent.objects.filter(chain=CAROL, place__in=[2, 3]).delete()
    told = [render(fault.sentence) for fault in verify() if fault.kind == "missing"]
    assert told == [f"2 events of chain {CAROL} are missing, from event 2 on."]


def test_lists_that_were_hidden_from_a_client_can_be_told_again(record: Service) -> None:
    before = set(Appearance.objects.values_list("client", "hour", "by", "act", "purpose", "times"))
    Appearance.objects.filter(client=CAROL).delete()
    assert found() == {"appearances"}
    assert rebuild_appearances() == 5
    assert set(Appearance.objects.values_list("client", "hour", "by", "act", "purpose", "times")) == before
    assert found() == set()


def test_times_are_read_as_utc_wherever_the_server_stands(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    service.works_a_day()
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        assert not list(verify([Sheet]))
    finally:
        monkeypatch.undo()
        time.tzset()


def test_verify_asks_for_the_guards_of_every_model(service: Service) -> None:
    assert not list(verify([Sheet]))
    drop(TABLE)
    assert [(fault.kind, fault.where) for fault in verify([Sheet])] == [("guard", TABLE)]
