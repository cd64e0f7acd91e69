"""The write-ahead log: moved into the database only under the lock, and never left to grow without end."""

from __future__ import annotations

import contextlib
import os
import sqlite3

import pytest
from django.db import connections, transaction
from django.db.transaction import TransactionManagementError
from django.db.utils import OperationalError
from two_stores import RECORD, in_threads, run, write

from openipt.site.sqlite import checkpoints
from openipt.site.sqlite.base import DatabaseWrapper
from openipt.site.sqlite.checkpoints import checkpoint

LIMIT = 2**16
PAGE = "x" * 3000


@pytest.fixture(autouse=True)
def short_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log that is full after some twenty pages."""
    monkeypatch.setattr(DatabaseWrapper, "WAL_LIMIT", LIMIT)


def length_of_log() -> int:
    """Bytes of the record's log."""
    return os.stat(f"{connections[RECORD].path}-wal").st_size


def test_the_log_stays_short_while_many_write_and_others_read(record):
    lengths = []

    def write_often() -> None:
        for _ in range(60):
            write(PAGE)
            lengths.append(length_of_log())

    def read_often() -> None:
        for _ in range(60):
            run("SELECT count(words) FROM note")

    in_threads([write_often, write_often, read_often, read_often])

    assert run("SELECT count(*) FROM note") == [(120,)]
    assert max(lengths) < 3 * LIMIT
    assert min(lengths) < LIMIT


def test_a_reader_who_stays_makes_no_writer_wait_and_the_log_is_emptied_when_he_has_gone(record, monkeypatch):
    tried = []
    honest = checkpoints.empty_log
    monkeypatch.setattr(checkpoints, "empty_log", lambda connection: tried.append(honest(connection)) or tried[-1])
    write(PAGE)
    with contextlib.closing(sqlite3.connect(record.path, isolation_level=None)) as reader:
        old_state = reader.execute("SELECT count(*) FROM (SELECT 1 FROM note UNION ALL SELECT 2)")
        assert reader.execute("BEGIN").execute("SELECT count(*) FROM note").fetchone() == (1,)
        for _ in range(60):
            write(PAGE)
        assert reader.execute("SELECT count(*) FROM note").fetchone() == (1,)
        old_state.close()

    assert length_of_log() > 3 * LIMIT
    assert set(tried) == {False}
    assert len(tried) < 30, "a checkpoint that cannot succeed is not tried after each commit"
    assert checkpoint(RECORD)
    assert length_of_log() == 0


def test_a_checkpoint_takes_its_turn_behind_the_writer(record, monkeypatch):
    monkeypatch.setattr(DatabaseWrapper, "PATIENCE", 0.02)

    def checkpoint_beside() -> bool:
        with pytest.raises(OperationalError, match="locked"):
            checkpoint(RECORD)
        return True

    with transaction.atomic(using=RECORD):
        assert in_threads([checkpoint_beside]) == [True]
    assert checkpoint(RECORD)


def test_a_checkpoint_inside_a_transaction_is_refused(record):
    with transaction.atomic(using=RECORD), pytest.raises(TransactionManagementError, match="after the transaction"):
        checkpoint(RECORD)


def test_a_commit_stands_although_the_checkpoint_after_it_fails(record, monkeypatch, caplog):
    def fails(_connection: object) -> bool:
        raise sqlite3.OperationalError("disk I/O error")

    monkeypatch.setattr(checkpoints, "empty_log", fails)
    write(PAGE * 50)

    assert run("SELECT count(*) FROM note") == [(1,)]
    assert "could not be moved" in caplog.text
    assert PAGE not in caplog.text


def test_a_long_log_left_by_single_statements_is_moved_too(record):
    for _ in range(60):
        run("INSERT INTO note (words) VALUES (%s)", PAGE)

    assert length_of_log() < 2 * LIMIT
