"""A service and somebody in it; hashes that cost nothing; mail that is sent before the answer leaves."""

from __future__ import annotations

import pytest
from signing import CHEAP_HASHER, a_service, browser, somebody, with_telephone


@pytest.fixture(autouse=True)
def _cheap_hashes(settings):
    settings.PASSWORD_HASHERS = [CHEAP_HASHER]


@pytest.fixture(autouse=True)
def _mail_at_once(monkeypatch):
    monkeypatch.setattr("openipt.accounts.afterwards.run_later", lambda work: work())


@pytest.fixture
def service(db):
    return a_service()


@pytest.fixture
def invented(db):
    return a_service(synthetic=True)


@pytest.fixture
def mira(service):
    """A therapist of a real service, with a telephone."""
    account = somebody(service)
    with_telephone(account)
    return account


@pytest.fixture
def visitor():
    return browser()
