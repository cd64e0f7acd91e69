"""Two stores in files, as a service has them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from two_stores import KEYS, RECORD, run

from openipt.site.home import database
from openipt.site.sqlite.base import DatabaseWrapper


@pytest.fixture
def stores(tmp_path: Path, django_db_blocker: Any) -> Iterator[None]:
    """A record and its keys, each with one table, open in this thread."""
    known = dict(connections.settings)
    for alias in (RECORD, KEYS):
        settings = {"default": database(tmp_path / f"{alias}.sqlite3", "NO_SUCH_VARIABLE")}
        connections.settings[alias] = connections.configure_settings(settings)["default"]
    with django_db_blocker.unblock():
        for alias in (RECORD, KEYS):
            run("CREATE TABLE note (id integer PRIMARY KEY, words text)", using=alias)
        yield
        for alias in (RECORD, KEYS):
            connections[alias].close()
            del connections[alias]
    connections.settings.clear()
    connections.settings.update(known)


@pytest.fixture
def record(stores: None) -> DatabaseWrapper:
    """This thread's connection to the record."""
    return connections[RECORD]
