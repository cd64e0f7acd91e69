"""A sealed text opens in its own row and nowhere else. A page that meets one elsewhere stays calm and tells nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from types import SimpleNamespace

import pytest
from casebooks import a_service
from django.db import transaction
from django.test import Client
from evidence.records import fill, kept_until_the_end
from evidence.swapping import COLUMNS, Place, opened, places, swap

from openipt.audit import append_only
from openipt.casebook import sealing
from openipt.casebook.models import Enrolment, Entry, Standing
from openipt.casebook.queries.record import record as read
from openipt.casebook.sealing import envelope

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

NOW = datetime(2025, 8, 1, 9, tzinfo=UTC)  # before any clock by which the pages below are asked for
SEED = 21


@pytest.fixture(scope="module")
def record(django_db_setup, django_db_blocker) -> Iterator[SimpleNamespace]:
    """A service with something in every table."""
    with django_db_blocker.unblock(), kept_until_the_end():
        service = a_service(NOW)
        courses = fill(service)
        yield SimpleNamespace(service=service, courses=courses)


@pytest.fixture
def unguarded(record: SimpleNamespace) -> None:
    append_only.drop(*(place.model._meta.db_table for place in places()))


def swaps(number: int) -> list[str]:
    """Swap so many times, each time in a whole record; return what could still be read."""
    rng, every, read_all = Random(SEED), places(), []
    for _ in range(number):
        mark = transaction.savepoint()
        changed, told = swap(rng, every)
        read_all += [f"{told}: {way}" for place in changed for way in opened(place)]
        transaction.savepoint_rollback(mark)
    print(f"{number} swaps among {len(every)} sealed texts, {len(read_all)} could be read")
    return read_all


def test_every_text_opens_in_its_own_place(record: SimpleNamespace) -> None:
    assert {place.model.__name__ for place in places()} == {"Entry", "FlagStep", "Mark", "Draft", "Standing"}
    assert all("by itself" in set(opened(place)) for place in places())


def test_no_text_opens_anywhere_else(unguarded: None) -> None:
    assert swaps(120) == []


@pytest.mark.durability
def test_two_thousand_swaps_are_refused(unguarded: None) -> None:
    assert swaps(2_000) == []


def test_a_seal_that_is_not_bound_to_its_row_opens_elsewhere(unguarded: None, monkeypatch) -> None:
    """The saboteur: texts are bound to the client's key alone."""
    said = [(place, place.row.scope, unsealed(place)) for place in places()]
    monkeypatch.setattr(envelope, "_spell", lambda place: b"")
    for place, scope, text in said:
        place.put(sealing.seal(scope, ("", "", ""), text))

    assert swaps(20)


def unsealed(place: Place) -> bytes:
    row = place.row
    _, table = COLUMNS[place.model]
    return sealing.unseal(row.scope, (table, "body", row.pk.hex), place.blob)


# ---- what a page shows of it


def browser(record: SimpleNamespace) -> Client:
    client = Client(HTTP_HOST="localhost", raise_request_exception=False)
    account = record.service.staff["T-01"]
    client.force_login(account, backend="openipt.accounts.backend.Backend")
    return client


def addresses(enrolment: Enrolment) -> list[str]:
    known = read(enrolment)
    entry = next(one for one in known.entries if one.form == "session-record")
    return [f"/courses/{enrolment.label}/{page}" for page in ("", "sessions/5/", "people/", "treatment/")] + [
        f"/courses/{enrolment.label}/entries/{entry.id}/"
    ]


def words_of(enrolment: Enrolment) -> set[str]:
    """Everything of some length that was ever written about a client, as it would stand on a page."""
    known = read(enrolment)
    return {text for entry in known.entries for text in _texts(dict(entry.answers)) if len(text) > 3 and " " in text}


def _texts(said) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict | list):
        for one in said.values() if isinstance(said, dict) else said:
            yield from _texts(one)


def test_a_page_with_a_broken_text_is_calm_and_tells_nothing(record: SimpleNamespace, unguarded: None, caplog) -> None:
    enrolment = record.service.enrolment("C02")
    pages, words = addresses(enrolment), words_of(enrolment)
    for entry in Entry.objects.filter(enrolment=enrolment):
        Place(Entry, entry.pk).put(bytes(entry.body)[:-1] + b"x")

    for address in pages:
        with caplog.at_level(logging.DEBUG):
            answer = browser(record).get(address)
        page = answer.content.decode()
        assert answer.status_code == 500, address
        assert "Something went wrong on our side" in page
        assert "Traceback" not in page
        assert not [text for text in words if text in page or text in caplog.text]


def test_a_caseload_with_a_broken_row_asks_the_record_instead_and_tells_the_operator_no_word(
    record: SimpleNamespace, unguarded: None, caplog
) -> None:
    words = words_of(record.service.enrolment("C02"))
    row = Standing.objects.get(enrolment=record.courses[0])
    Place(Standing, row.pk).put(bytes(row.told)[:-1] + b"x")
    Standing.objects.update(on=NOW.date(), open=False)  # so that none is reckoned anew

    answer = browser(record).get("/")

    assert answer.status_code == 200
    assert record.courses[0].label in answer.content.decode()
    assert str(row.pk) in caplog.text
    assert not [text for text in words if text in caplog.text]
