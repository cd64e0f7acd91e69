"""A clinic with every worked case in its record, kept once for each page of tests and rolled back after it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from casebooks import Service, a_service, all_cases, put_in_charge
from django.test import Client, TestCase
from journeys.staff_pages import PAGES, Site, lookups

from openipt.casebook.models import Enrolment
from openipt.casebook.operations.beginning import take_charge


class _Kept(TestCase):
    """Two open transactions, one in each store, that end with the page of tests."""

    databases = frozenset({"default", "keys"})


@pytest.fixture(scope="module")
def clinic(django_db_setup, django_db_blocker) -> Iterator[Service]:
    with django_db_blocker.unblock():
        opened = _Kept._enter_atomics()
        try:
            yield _with_all_cases()
        finally:
            _Kept._rollback_atomics(opened)


def _with_all_cases() -> Service:
    service = a_service(datetime(2025, 8, 1, 9, tzinfo=UTC))
    for case in all_cases():
        service.keep(case)
    put_in_charge(service, "Everybody")
    watching = service.account("Watching", ("supervisor",))
    service.account("Outsider")
    service.account("Running", ("operator",))
    for one in Enrolment.objects.all():
        take_charge(one, watching.id, "supervision", service.at)
    return service


@pytest.fixture
def visitor(clinic: Service) -> Client:
    """A browser in which somebody in charge of every course has signed in."""
    return signed_in(clinic, "Everybody")


@pytest.fixture
def outsider(clinic: Service) -> Client:
    """A browser of a therapist who has nothing to do with anybody here."""
    return signed_in(clinic, "Outsider")


@pytest.fixture
def supervisor(clinic: Service) -> Client:
    """A browser of somebody who supervises every course."""
    return signed_in(clinic, "Watching")


@pytest.fixture
def operator(clinic: Service) -> Client:
    """A browser of whoever runs the machine."""
    return signed_in(clinic, "Running")


@pytest.fixture
def places(visitor: Client) -> dict[str, str]:
    """Where every page of a therapist stands in this clinic, by the names that browsers walk them by."""
    ask = SimpleNamespace(get=lambda path: SimpleNamespace(text=lambda: visitor.get(path).content.decode()))
    known = lookups(Site("", ask))  # type: ignore[arg-type]
    found = {name: path for name, path in PAGES.items() if all(known.get(one) for one in re.findall(r"{(\w+)}", path))}
    return {name: path.format(**known) for name, path in found.items()}


def signed_in(service: Service, name: str) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(service.staff[name], backend="openipt.accounts.backend.Backend")
    return client
