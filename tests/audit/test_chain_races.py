"""Eight who write to one chain at the same moment leave no gap and no double, and nobody is turned away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection
from racing import race
from service import BEGAN, CAROL, Service

from openipt.audit.models import AuditEvent
from openipt.audit.snapshot import snapshot

THREADS, EVENTS = 8, 24
WELL = {"failures": [], "faults": [], "without_gap": True, "events": THREADS * EVENTS}


def on_a_file(home: Path, *given: str) -> dict[str, Any]:
    """Race in a process of its own, in a new database below a folder."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "openipt.site.settings", "OPENIPT_HOME": str(home)}
    script = Path(__file__).with_name("racing.py")
    done = subprocess.run(
        [sys.executable, str(script), *given],
        env=environment,
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="a race on a file of SQLite")
postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="a race on a server")


@sqlite
def test_eight_threads_leave_no_gap_and_no_double_while_the_record_is_verified(tmp_path: Path) -> None:
    assert on_a_file(tmp_path, str(THREADS), str(EVENTS)) == WELL


@sqlite
def test_who_writes_after_an_end_that_is_no_longer_one_is_refused(tmp_path: Path) -> None:
    told = on_a_file(tmp_path, str(THREADS), "1", "stale")
    assert told["failures"] == ["IntegrityError"] * (THREADS - 2)  # one gets through in each of two chains
    assert (told["faults"], told["without_gap"]) == ([], True)


@postgresql
def test_eight_threads_leave_no_gap_and_no_double_while_the_server_is_verified(emptied: None) -> None:
    assert race(THREADS, EVENTS) == WELL


@postgresql
def test_who_writes_after_an_end_that_is_no_longer_one_is_refused_by_the_server(emptied: None) -> None:
    told = race(THREADS, 1, stale=True)
    assert told["failures"] == ["IntegrityError"] * (THREADS - 2)
    assert (told["faults"], told["without_gap"]) == ([], True)


def test_nothing_is_written_inside_a_snapshot_and_all_is_as_before_it_afterwards(emptied: None) -> None:
    service = Service()
    with snapshot():
        assert not AuditEvent.objects.exists()
        with pytest.raises(DatabaseError):
            service.opens(CAROL) if connection.vendor == "sqlite" else AuditEvent.objects.create(place=1, at=BEGAN)
        if connection.vendor == "postgresql":
            connection.needs_rollback = True
    assert service.opens(CAROL).place == 1
