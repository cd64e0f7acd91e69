"""A service with a lead, an operator and a therapist, each in a browser of their own; mail that goes out at once."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from casebooks import Service, a_service
from django.test import Client
from django.utils import timezone
from running_courses import signed_in, text_of

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture(autouse=True)
def _mail_at_once(monkeypatch):
    monkeypatch.setattr("openipt.accounts.afterwards.run_later", lambda work: work())


@pytest.fixture(autouse=True)
def _own_numbers(settings, tmp_path):
    settings.CRISIS_NUMBERS = str(tmp_path / "crisis-numbers.yaml")


@pytest.fixture
def service(db) -> Service:
    made = a_service(timezone.now() - timedelta(days=90))
    made.account("Marta", ("lead",))
    made.account("Jonas", ("operator",))
    made.account("Ines", ("therapist",))
    return made


@pytest.fixture
def lead(service: Service) -> Client:
    return signed_in(service, "Marta", ("lead",))


@pytest.fixture
def operator(service: Service) -> Client:
    return signed_in(service, "Jonas", ("operator",))


@pytest.fixture
def therapist(service: Service) -> Client:
    return signed_in(service, "Ines")


@pytest.fixture
def said():
    """The words of an answer."""
    return text_of


@pytest.fixture
def sent():
    """What a sheet sends: an id of its own and what was typed."""

    def of(**typed):
        return {"_id": str(uuid4()), **typed}

    return of
