"""A small service of invented people: one therapist, one supervisor, and whoever else a test asks for."""

from datetime import UTC, datetime

import pytest
from casebooks import Service, a_service


@pytest.fixture
def now() -> datetime:
    """A Monday morning."""
    return datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def service(now: datetime, db) -> Service:
    """A service with a therapist; both stores are open."""
    return a_service(now)
