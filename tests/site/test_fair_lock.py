"""The fair lock: held from before a transaction begins until it has ended in any way, and by nobody who only reads."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest
from django.db import connections, transaction
from django.db.transaction import TransactionManagementError
from django.db.utils import IntegrityError, NotSupportedError, OperationalError, ProgrammingError
from durability.fresh import in_fresh_python
from two_stores import KEYS, RECORD, in_threads, run, write

from openipt.site.sqlite import turnstile
from openipt.site.sqlite.base import DatabaseWrapper
from openipt.site.sqlite.fairlock import FairLock
from openipt.site.sqlite.statements import only_reads


class Somebody:
    """Another connection."""


def is_free(record: DatabaseWrapper) -> bool:
    """Whether another connection could write now."""
    somebody = Somebody()
    if not record.writers.acquire(somebody, 0):
        return False
    record.writers.release(somebody)
    return True


class Crash(Exception):  # noqa: N818
    """What ends a transaction early."""


# ---- from when until when


def test_a_transaction_holds_the_lock_from_its_first_moment_to_its_commit(record):
    assert is_free(record)
    with transaction.atomic(using=RECORD):
        assert not is_free(record)
    assert is_free(record)


def test_the_lock_is_given_back_when_a_transaction_is_rolled_back(record):
    with pytest.raises(Crash), transaction.atomic(using=RECORD):  # noqa: PT012
        run("INSERT INTO note (words) VALUES ('x')")
        raise Crash

    assert is_free(record)
    assert run("SELECT count(*) FROM note") == [(0,)]


def test_savepoints_inside_a_transaction_neither_take_the_lock_nor_give_it_back(record):
    with transaction.atomic(using=RECORD):
        with pytest.raises(Crash), transaction.atomic(using=RECORD):
            raise Crash
        with transaction.atomic(using=RECORD):
            write()
        assert not is_free(record)
    assert is_free(record)


def test_closing_in_the_middle_of_a_transaction_gives_the_lock_back(record):
    with transaction.atomic(using=RECORD):
        record.close()
        assert is_free(record)
    assert run("SELECT count(*) FROM note") == [(0,)]


def test_the_lock_is_given_back_when_a_transaction_cannot_begin(record, monkeypatch):
    monkeypatch.setattr(DatabaseWrapper, "TRANSACTION", "SIDEWAYS")

    with pytest.raises(OperationalError, match="SIDEWAYS"), transaction.atomic(using=RECORD):
        pytest.fail("began")
    assert is_free(record)


def test_the_lock_is_given_back_when_a_commit_is_refused(record):
    run("CREATE TABLE about (note integer REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED)")

    with pytest.raises(IntegrityError), transaction.atomic(using=RECORD):
        run("INSERT INTO about VALUES (7)")
    assert is_free(record)
    assert run("SELECT count(*) FROM about") == [(0,)]


def test_whoever_holds_the_lock_by_hand_keeps_it_through_several_transactions(record):
    with record.writing():
        write()
        assert not is_free(record)
        run("DELETE FROM note")
        assert not is_free(record)
        assert record.checkpoint()
        assert not is_free(record)
    assert is_free(record)


def test_what_runs_after_the_commit_runs_without_the_lock(record):
    seen = []
    with transaction.atomic(using=RECORD):
        transaction.on_commit(lambda: seen.append(is_free(record)), using=RECORD)

    assert seen == [True]


def test_the_lock_of_a_thread_that_vanished_in_its_transaction_passes_on(tmp_path, monkeypatch):
    monkeypatch.setattr("openipt.site.sqlite.fairlock.LOOK_AGAIN", 0.01)
    lock, somebody = FairLock(str(tmp_path / "x")), Somebody()
    assert lock.acquire(somebody, 0)
    del somebody

    assert lock.acquire(other := Somebody(), 5)
    assert lock.held_by(other)


# ---- who waits, who does not


def test_reading_outside_a_transaction_takes_no_lock_and_waits_for_no_writer(record):
    write()
    with transaction.atomic(using=RECORD):
        run("INSERT INTO note (words) VALUES ('not yet')")
        started = time.monotonic()
        [seen] = in_threads([lambda: run("SELECT count(*) FROM note")])

    assert seen == [(1,)]
    assert time.monotonic() - started < 1


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO note (words) VALUES ('x')",
        "INSERT INTO note (words) VALUES ('x') RETURNING id",
        "/* by hand */ UPDATE note SET words = ''",
        "-- tidy up\nDELETE FROM note",
        "WITH old AS (SELECT 1) DELETE FROM note WHERE id IN old",
        "CREATE TABLE other (id integer)",
        "VACUUM",
    ],
)
def test_a_statement_that_writes_outside_a_transaction_waits_for_the_lock_too(record, monkeypatch, statement):
    monkeypatch.setattr(DatabaseWrapper, "PATIENCE", 0.02)

    def write_beside() -> str:
        with pytest.raises(OperationalError) as refusal:
            run(statement)
        return str(refusal.value)

    with transaction.atomic(using=RECORD):
        [refusal] = in_threads([write_beside])
    assert "another writer did not finish within 0.02 seconds. Nothing was written" in refusal

    run(statement)
    assert is_free(record)


def test_many_rows_outside_a_transaction_are_written_under_the_lock(record):
    with record.cursor() as cursor:
        cursor.executemany("INSERT INTO note (words) VALUES (%s)", [["a"], ["b"], ["c"]])

    assert run("SELECT count(*) FROM note") == [(3,)]
    assert is_free(record)


@pytest.mark.parametrize("fetch", [lambda c: c.fetchall(), lambda c: c.fetchmany(5), lambda c: [c.fetchone()], list])
def test_what_a_writing_statement_returns_is_there_although_it_is_committed(record, fetch):
    with record.cursor() as cursor:
        cursor.execute("INSERT INTO note (words) VALUES (%s) RETURNING words", ["x"])
        assert is_free(record)
        assert in_threads([lambda: run("SELECT words FROM note")]) == [[("x",)]], "given back before it was committed"
        assert [tuple(row) for row in fetch(cursor)] == [("x",)]
        assert cursor.fetchone() is None


@pytest.mark.parametrize(
    ("statement", "reads"),
    [
        ("SELECT 1", True),
        ("  \n-- a word\nselect 1", True),
        ("EXPLAIN QUERY PLAN DELETE FROM note", True),
        ("WITH a AS (SELECT 1) SELECT * FROM a", True),
        ("PRAGMA table_info(note)", True),
        ("PRAGMA wal_checkpoint(TRUNCATE)", False),
        ("PRAGMA journal_mode = DELETE", False),
        ("REPLACE INTO note VALUES (1, 'x')", False),
        ("REINDEX", False),
        ("", False),
    ],
)
def test_which_statements_only_read(statement, reads):
    assert only_reads(statement) is reads


def test_writers_in_threads_pass_in_the_order_they_came(record):
    order, waiting = [], []

    def wait_and_write(name: int) -> None:
        with transaction.atomic(using=RECORD):
            order.append(name)
        connections[RECORD].close()

    with transaction.atomic(using=RECORD):
        for name in range(8):
            waiting.append(threading.Thread(target=wait_and_write, args=(name,)))
            waiting[-1].start()
            while len(record.writers._queue) <= name:
                os.sched_yield()
    for thread in waiting:
        thread.join()
    assert order == list(range(8))


def test_processes_pass_in_the_order_they_came_and_who_has_just_written_is_the_last(tmp_path):
    # Each turnstile stands for a process: what one holds keeps the others out, even in one process.
    mine, *theirs = (turnstile.Turnstile(str(tmp_path / "x")) for _ in turnstile.SEATS)
    order, waiting = [], []

    def wait_and_write(name: int, one: turnstile.Turnstile) -> None:
        assert one.enter(time.monotonic() + 60)
        order.append(name)
        one.leave()

    assert mine.enter(time.monotonic())
    for name, (seat, one) in enumerate(zip(reversed(turnstile.SEATS[:-1]), theirs, strict=True)):
        waiting.append(threading.Thread(target=wait_and_write, args=(name, one)))
        waiting[-1].start()
        until_taken(tmp_path / f"x-{seat}")
    mine.leave()
    wait_and_write(3, mine)

    for thread in waiting:
        thread.join()
    assert order == [0, 1, 2, 3]


def until_taken(file: Path) -> None:
    """Wait until somebody sits there for more than a moment (who passes by gives a seat up at once)."""
    while not all(taken(file) for _ in range(20)):
        time.sleep(0.001)


def taken(file: Path) -> bool:
    probe = os.open(file, os.O_RDWR)
    try:
        return not turnstile._taken(probe)
    finally:
        os.close(probe)  # gives it back


def test_a_lock_file_that_was_tidied_away_is_made_again(tmp_path):
    first, second = turnstile.Turnstile(str(tmp_path / "x")), turnstile.Turnstile(str(tmp_path / "x"))
    assert first.enter(0)
    first.leave()
    for path in tmp_path.iterdir():
        path.unlink()

    assert second.enter(0)
    assert not first.enter(0)


def test_whoever_gives_up_waiting_leaves_the_queue(record, monkeypatch):
    monkeypatch.setattr(DatabaseWrapper, "PATIENCE", 0.02)

    def try_to_write() -> bool:
        with pytest.raises(OperationalError, match="locked"):
            write()
        return True

    with transaction.atomic(using=RECORD):
        assert in_threads([try_to_write] * 3) == [True] * 3
    assert not record.writers._queue
    write()


# ---- what is refused


@pytest.mark.parametrize("statement", ["BEGIN", "begin immediate", "SAVEPOINT s"])
def test_a_transaction_cannot_be_begun_by_hand(record, statement):
    with pytest.raises(TransactionManagementError, match="atomic"):
        run(statement)
    assert is_free(record)


def test_a_script_is_refused_because_it_commits_unasked(record):
    with record.cursor() as cursor, pytest.raises(NotSupportedError, match="one by one"):
        cursor.executescript("DELETE FROM note; DELETE FROM note")


def test_after_sqlite_rolled_back_by_itself_nothing_more_is_written(record):
    run("CREATE TRIGGER full BEFORE INSERT ON note WHEN new.words = 'too much' BEGIN SELECT RAISE(ROLLBACK, 'x'); END")

    def fill_the_disk() -> None:
        with transaction.atomic(using=RECORD):
            run("INSERT INTO note (words) VALUES ('first')")
            with pytest.raises(IntegrityError):
                run("INSERT INTO note (words) VALUES ('too much')")
            run("INSERT INTO note (words) VALUES ('second')")

    with pytest.raises(TransactionManagementError, match="rolled this transaction back"):
        fill_the_disk()
    assert run("SELECT count(*) FROM note") == [(0,)]
    assert is_free(record)


def test_the_record_is_locked_before_its_keys_never_after(record):
    with transaction.atomic(using=RECORD), transaction.atomic(using=KEYS):
        write(using=KEYS)

    refused = pytest.raises(TransactionManagementError, match=f"Begin the one of {RECORD!r} first")
    with refused, transaction.atomic(using=KEYS):
        write(using=RECORD)
    assert is_free(record)
    assert is_free(connections[KEYS])


# ---- processes


def test_the_lock_of_a_killed_process_is_free_at_once(tmp_path):
    seen = in_fresh_python("durability.processes:killed_holder", home=tmp_path)

    assert seen["held while it lived"]
    assert seen["milliseconds until free"] < 200
    assert seen["rows"] == 0


def test_a_child_of_a_fork_does_not_touch_its_parents_connection(tmp_path):
    seen = in_fresh_python("durability.processes:fork_in_a_transaction", home=tmp_path)

    assert ProgrammingError.__name__ in seen["the child reads"]
    assert ProgrammingError.__name__ in seen["the child opens anew"]
    assert seen["the child leaves it"] == "untouched"
    assert seen["the parent still holds the lock"]
    assert seen["rows"] == 1


def test_after_a_fork_parent_and_child_keep_each_other_out(tmp_path):
    seen = in_fresh_python("durability.processes:lock_on_both_sides_of_a_fork", home=tmp_path)

    assert seen == {"the child got it": True, "the parent too": False, "the parent later": True}


def test_a_child_forked_after_all_was_closed_writes_as_anybody(tmp_path):
    assert in_fresh_python("durability.processes:fork_when_closed", home=tmp_path) == {"child": 1, "both": 2}
