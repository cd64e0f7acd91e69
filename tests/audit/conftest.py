"""What the tests of the audit share: a table of their own, a service at work, a database without guards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from service import Service
from sheets import AUDIT, TABLE, make_tables

from openipt.audit.append_only import append_only_tables, drop, make


@pytest.fixture
def sheets(db: None) -> None:
    make_tables()
    make(TABLE)


@pytest.fixture
def service(sheets: None) -> Service:
    return Service()


@pytest.fixture
def unguarded(sheets: None) -> Iterator[None]:
    """For tampering: somebody who could write to the database could also drop its triggers."""
    drop(*AUDIT, TABLE)
    yield
    connection.check_constraints()


@pytest.fixture
def emptied(_guards_come_back: None, transactional_db: None) -> Iterator[None]:
    """A database whose tests commit: the guards are lifted while it is emptied after the test."""
    yield
    drop(*append_only_tables())


@pytest.fixture
def _guards_come_back(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        guarded = append_only_tables()
    yield
    with django_db_blocker.unblock():
        make(*guarded)
