"""What makes a store durable is set in code: it holds on each fresh connection, whatever the options say."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.db import connections, transaction
from django.db.utils import NotSupportedError, OperationalError
from two_stores import KEYS, RECORD, in_threads, run, write

from openipt.site.sqlite.checkpoints import checkpoint

OURS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL
    "foreign_keys": 1,
    "wal_autocheckpoint": 0,
    "busy_timeout": 20_000,
    "mmap_size": 0,
    "temp_store": 2,  # in memory
    "secure_delete": 1,
    "fullfsync": 1,
    "checkpoint_fullfsync": 1,
}


@pytest.mark.parametrize(("name", "value"), OURS.items())
def test_a_fresh_connection_has_our_settings(record, name, value):
    [found] = in_threads([lambda: run(f"PRAGMA {name}")])

    assert found == [(value,)]


def test_options_cannot_weaken_a_store(record):
    record.close()
    record.settings_dict["OPTIONS"] = {
        "init_command": "PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 1000",
        "transaction_mode": "DEFERRED",
    }

    assert run("PRAGMA synchronous") == [(2,)]
    assert run("PRAGMA wal_autocheckpoint") == [(0,)]
    with transaction.atomic(using=RECORD):
        assert record.writers.held_by(record)


def test_no_store_of_the_service_makes_a_transaction_of_each_request():
    assert not any(store.get("ATOMIC_REQUESTS") for store in settings.DATABASES.values())


def test_every_sqlite_store_of_the_service_is_ours_and_stays_open():
    stores = [store for store in settings.DATABASES.values() if "sqlite" in store["ENGINE"]]

    assert {store["ENGINE"] for store in stores} <= {"openipt.site.sqlite"}
    assert all(store["CONN_MAX_AGE"] is None for store in stores)


def test_autocommit_cannot_be_turned_off(record):
    with pytest.raises(NotSupportedError, match="atomic"):
        record.set_autocommit(False)


def test_a_store_on_a_drive_that_cannot_keep_a_log_is_not_opened(record):
    class NetworkDrive:
        in_transaction = False

        def execute(self, _statement):
            return self

        def fetchone(self):
            return ("delete",)

    with pytest.raises(OperationalError, match="local disk"):
        record._write_ahead(NetworkDrive())


def test_a_store_in_memory_needs_no_lock(django_db_blocker):
    memory = connections.create_connection("default").__class__
    store = memory({**connections.settings["default"], "NAME": ":memory:"}, "in memory")
    with django_db_blocker.unblock(), store.cursor() as cursor:
        cursor.execute("CREATE TABLE note (words text)")
        cursor.execute("INSERT INTO note VALUES ('x') RETURNING words")

        assert cursor.fetchone() == ("x",)
        assert store.writers is None
        assert store.checkpoint()


def test_what_was_deleted_is_gone_from_the_file_after_a_checkpoint(record, tmp_path):
    write("the secret of a key", using=KEYS)
    checkpoint(KEYS)
    assert b"the secret of a key" in (tmp_path / f"{KEYS}.sqlite3").read_bytes()

    with transaction.atomic(using=KEYS):
        run("DELETE FROM note", using=KEYS)
    assert checkpoint(KEYS)

    left = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.name.startswith(KEYS))
    assert b"the secret of a key" not in left
