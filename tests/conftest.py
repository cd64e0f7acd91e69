"""What all tests share. That this file stands here lets tests import the second implementations beside it."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from openipt.site.known_pages import VARIABLE, know_pages
from openipt.therapy.shelf import kept

# How long an example takes is no fault of what it shows: tests run beside others, on slow machines too.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

# Processes that a test starts find there what was read before, as on a machine where OpenIPT runs the second time.
os.environ.setdefault(VARIABLE, str(Path(__file__).parents[1] / ".pytest_cache" / "known-pages"))
know_pages()

LONG = ("long_journey", "durability", "journey")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest: begun last, one journey of three minutes keeps all but one process waiting."""
    items.sort(key=lambda item: next((n for n, mark in enumerate(LONG) if item.get_closest_marker(mark)), len(LONG)))


@pytest.fixture(autouse=True)
def _only_the_record_remembers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test of the mind asks no database what was once on the shelf; a test with a record does."""
    if request.node.get_closest_marker("django_db") is None:
        monkeypatch.setattr(kept, "_finders", [])
    elif "openipt.casebook.queries.definitions" in sys.modules:  # each test has a record of its own
        sys.modules["openipt.casebook.queries.definitions"].forget_texts()
