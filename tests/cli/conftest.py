"""A small service of invented people in the stores of the tests, for the operator's commands."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from casebooks import Service, a_service


@pytest.fixture
def service(db: None) -> Iterator[Service]:
    """A service on a Monday morning; commands make what they write their owner's alone, tests take that back."""
    before = os.umask(0o022)
    yield a_service(datetime(2026, 3, 2, 9, tzinfo=UTC))
    os.umask(before)
