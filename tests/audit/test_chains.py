"""Every act is an event: in its own chain, after the one before, with ids and codes and nothing else."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from service import ADA, BEGAN, BEN, CAROL, DAN, EVE, SERVICE, Service
from sheets import Sheet

from openipt.audit.chaining import GENESIS, event_text
from openipt.audit.models import Appearance, AuditEvent
from openipt.audit.verifying import verify
from openipt.audit.writing import saw, wrote


def work(service: Service) -> list[AuditEvent]:
    service.works_a_day()
    return list(AuditEvent.objects.order_by("id"))


def statements(queries: CaptureQueriesContext) -> list[str]:
    """What was asked of the database, without the savepoints that only a test has."""
    words = [query["sql"].split(None, 1)[0] for query in queries.captured_queries]
    return [word for word in words if word not in ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")]


def test_a_clients_events_are_one_chain_and_lists_are_the_services(service: Service) -> None:
    chains = {(event.chain, event.client) for event in work(service)}
    assert chains == {(CAROL, CAROL), (DAN, DAN), (EVE, EVE), (SERVICE, "")}


def test_each_event_names_the_one_before_it(service: Service) -> None:
    events = work(service)
    for chain in (CAROL, DAN, EVE, SERVICE):
        own = [event for event in events if event.chain == chain]
        assert [event.place for event in own] == list(range(1, len(own) + 1))
        assert [event.prev for event in own] == [GENESIS, *(event.hash for event in own[:-1])]


def test_the_hash_is_over_a_text_that_anybody_can_write_down(service: Service) -> None:
    event = service.opens(CAROL, by=BEN, subject=EVE, purpose="supervision")
    text = "\n".join(
        [
            *(CAROL, "1", "2025-09-01T09:01:00.000007+00:00", BEN, SERVICE, "record.open", CAROL, "", EVE),
            *("[]", "supervision", "", "[]", "0" * 64),
        ]
    )
    assert event_text(AuditEvent.objects.get()) == text
    assert event.hash == sha256(text.encode()).hexdigest()


def test_an_event_that_is_read_back_has_the_text_it_was_hashed_with(service: Service) -> None:
    for event in work(service):
        assert sha256(event_text(event).encode()).hexdigest() == event.hash


@given(acts=st.lists(st.tuples(st.sampled_from([CAROL, DAN, EVE, None]), st.sampled_from("wol")), max_size=12))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_order_people_work_in_the_chains_hold(service: Service, acts: list[tuple[str | None, str]]) -> None:
    for client, what in acts:
        if what == "w":
            service.writes(client)
        elif what == "o" and client:
            service.opens(client)
        else:
            service.lists([CAROL, client or DAN])
    assert not list(verify([Sheet]))
    for event in AuditEvent.objects.all():
        assert event.chain == (event.client or SERVICE)


def test_nothing_is_noted_without_a_transaction(emptied: None) -> None:
    with pytest.raises(TransactionManagementError, match=r"inside the transaction\.atomic\(\) that writes"):
        wrote(act="entry.save", by=ADA, at=BEGAN, organisation=SERVICE, client=CAROL, rows=[])
    assert not AuditEvent.objects.exists()


def test_a_look_is_never_noted_inside_another_transaction(emptied: None) -> None:
    """Rolled back with it, the look would not be on record, and the answer is on its way."""
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        saw(act="record.open", by=ADA, at=BEGAN, organisation=SERVICE, client=CAROL)
    saw(act="record.open", by=ADA, at=BEGAN, organisation=SERVICE, client=CAROL)
    assert AuditEvent.objects.count() == 1


def test_what_is_rolled_back_leaves_no_event_and_no_gap(service: Service) -> None:
    service.writes(CAROL)
    with transaction.atomic():
        service.writes(CAROL)
        transaction.set_rollback(True)
    service.writes(CAROL)
    assert list(AuditEvent.objects.values_list("place", flat=True)) == [1, 2]
    assert not list(verify([Sheet]))


def test_a_write_costs_two_queries_and_so_does_a_look(service: Service) -> None:
    service.works_a_day()
    sheet = Sheet.objects.first()
    assert sheet
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        wrote(act="entry.save", by=ADA, at=BEGAN, organisation=SERVICE, client=CAROL, rows=[sheet] * 20)
    assert len(statements(queries)) == 2
    with CaptureQueriesContext(connection) as queries:
        service.opens(CAROL)
    assert len(statements(queries)) == 2


@pytest.mark.parametrize("clients", [1, 3, 30, 300])
def test_a_list_costs_three_queries_however_long_it_is(service: Service, clients: int) -> None:
    with CaptureQueriesContext(connection) as queries:
        service.lists([f"client-{n}" for n in range(clients)])
    assert statements(queries) == ["SELECT", "INSERT", "INSERT"]
    assert Appearance.objects.count() == clients


def test_who_stands_twice_on_a_list_is_on_it_once(service: Service) -> None:
    assert service.lists([CAROL, DAN, CAROL]).shown == [CAROL, DAN]


def test_an_empty_list_is_an_event_too(service: Service) -> None:
    assert service.lists([]).place == 1
    assert not Appearance.objects.exists()


SAID = "she is having an affair"
WORDS = {
    "why": {"why": SAID},
    "a reason in capitals": {"why": "Secret"},
    "the act": {"act": SAID},
    "who": {"by": "ada@clinic.example"},
    "nobody": {"by": ""},
    "the service": {"organisation": ""},
    "the client": {"client": "Carol Smith"},
    "the enrolment": {"enrolment": SAID},
    "a line break": {"why": "left\n"},
    "a long code": {"why": "x" * 65},
}


@pytest.mark.parametrize("what", WORDS)
def test_words_are_refused_and_not_repeated(service: Service, what: str) -> None:
    given = {"act": "entry.save", "by": ADA, "at": BEGAN, "organisation": SERVICE, "client": CAROL, "rows": []}
    with pytest.raises(ValueError, match="as an id or a code") as refused, transaction.atomic():
        wrote(**{**given, **WORDS[what]})
    for value in WORDS[what].values():
        assert not value or value.strip() not in str(refused.value)
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("more", [{"purpose": ""}, {"purpose": SAID}, {"subject": SAID}, {"shown": [SAID]}])
def test_a_look_takes_ids_and_codes_too(service: Service, more: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="as an id or a code"):
        service.opens(CAROL, **more)


def test_a_time_without_a_zone_is_refused(service: Service) -> None:
    with pytest.raises(ValueError, match="no zone"):
        saw(act="record.open", by=ADA, at=datetime(2025, 9, 1), organisation=SERVICE, client=CAROL)


def test_ids_that_are_not_texts_yet_become_texts(service: Service) -> None:
    event = saw(act="record.open", by=UUID(ADA), at=BEGAN, organisation=UUID(SERVICE), client=UUID(CAROL))
    assert (event.by, event.organisation, event.client, event.chain) == (ADA, SERVICE, CAROL, CAROL)
    assert not list(verify())


def test_rows_and_models_of_the_audit_show_ids_when_printed(service: Service) -> None:
    event = service.lists([CAROL])
    assert str(event) == f"{SERVICE}:1"
    assert str(Appearance.objects.get()) == f"{CAROL} 2025-09-01T09"
