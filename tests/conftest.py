"""What all tests share. That this file stands here lets tests import the second implementations beside it."""

import sys

import pytest

from openipt.therapy.shelf import kept


@pytest.fixture(autouse=True)
def _only_the_record_remembers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test of the mind asks no database what was once on the shelf; a test with a record does."""
    if request.node.get_closest_marker("django_db") is None:
        monkeypatch.setattr(kept, "_finders", [])
    elif "openipt.casebook.queries.definitions" in sys.modules:  # each test has a record of its own
        sys.modules["openipt.casebook.queries.definitions"].forget_texts()
