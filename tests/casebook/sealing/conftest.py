"""What the tests of sealing share: a key file of their own, an empty memory, and a clock that stands still."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from openipt.casebook import sealing
from openipt.casebook.sealing.held import held

AT = datetime(2026, 10, 1, 9, tzinfo=UTC)


class Clock:
    """A monotonic clock that goes on only when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def at() -> datetime:
    """When everything happens."""
    return AT


@pytest.fixture
def key_file(tmp_path: Path, settings) -> Path:
    """A service with a key file."""
    path = tmp_path / "openipt.key"
    sealing.make_key_file(path, AT)
    settings.KEY_FILE = path
    return path


@pytest.fixture
def clock(monkeypatch) -> Clock:
    """The clock by which keys in memory grow old."""
    clock = Clock()
    monkeypatch.setattr(held, "clock", clock)
    return clock


@pytest.fixture(autouse=True)
def nothing_held():
    """No test finds keys that another one left in memory."""
    held.empty()
    yield
    held.empty()
