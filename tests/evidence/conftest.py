"""Homes for the evidence: a service is made once, in SQLite files or in PostgreSQL, and copied for each run."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from durability.fresh import in_fresh_python
from evidence.home import SETTINGS, Home, on_postgresql

COURSES = 20
_numbers = itertools.count(1)
_STORES = {"record": "DATABASE_URL", "keys": "KEYS_URL"}


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A service with open courses, made once in a run."""
    home = tmp_path_factory.mktemp("evidence") / "template"
    with pytest.MonkeyPatch.context() as patch:
        if on_postgresql:
            _in_databases_of_its_own(patch, "evidence_template", None)
        in_fresh_python("evidence.home:make", home=home, settings=SETTINGS, courses=COURSES)
        yield home


@pytest.fixture
def home(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Copies of the service, one each time it is called."""

    def copy() -> Path:
        number = next(_numbers)
        made = tmp_path / f"home-{number}"
        shutil.copytree(template, made)
        if on_postgresql:
            _in_databases_of_its_own(monkeypatch, f"evidence_{os.getpid()}_{number}", "evidence_template")
        return made

    return copy


def _in_databases_of_its_own(patch: pytest.MonkeyPatch, name: str, like: str | None) -> None:
    """Make one PostgreSQL database for each store, and name them to whoever is started next."""
    import psycopg

    for store, variable in _STORES.items():
        parts = urlsplit(os.environ[variable])
        with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as server:
            server.execute(f'DROP DATABASE IF EXISTS "{name}_{store}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{name}_{store}"' + (f' TEMPLATE "{like}_{store}"' if like else ""))
        patch.setenv(variable, urlunsplit(parts._replace(path=f"/{name}_{store}")))
