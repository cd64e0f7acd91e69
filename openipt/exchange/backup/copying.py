"""Copy two SQLite stores as they stood at one moment, while others go on reading and writing.

For an instant the locks of both stores are held, the record's first. In it a reader is opened on each, and a reader of
SQLite sees one state for as long as it reads. Then the locks are given back, and the copies are made from the readers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connections

from openipt.exchange.backup.places import open_new, refused

PAGES = 4096  # copied at a time
Watched = Callable[[int, int], None]  # pages done, of how many


@contextmanager
def one_moment(*aliases: str) -> Iterator[dict[str, sqlite3.Connection]]:
    """Open a reader on each store, all at the same moment.

    Args:
        aliases: The stores, in the order of DATABASES.

    Raises:
        Refused: A store is not in SQLite.
    """
    stores = dict(zip(aliases, in_files(*aliases), strict=True))
    for store in stores.values():
        store.ensure_connection()
    with ExitStack() as readers:
        with ExitStack() as held:
            for store in stores.values():
                held.enter_context(store.writing())
            found = {alias: readers.enter_context(_reader(store.path)) for alias, store in stores.items()}
        yield found


def in_files(*aliases: str) -> list[Any]:
    """Return stores that are kept in SQLite; raise Refused, saying what else to use, where one is not."""
    return [_in_file(alias) for alias in aliases]


def _in_file(alias: str) -> Any:
    store: Any = connections[alias]
    if store.vendor != "sqlite":
        raise refused(
            f"the store {alias!r}",
            "is kept in PostgreSQL, which this command does not copy",
            "pg_dump, or pgBackRest to go back to any minute, for both databases, each to a place of its own: whoever "
            "gets the copy of the record must not find the copy of the keys beside it, and copies of the keys are "
            "kept for a shorter time, or an erased client could be read again (docs/how-to/back-up-and-restore.md)",
        )
    return store


@contextmanager
def _reader(path: str) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as reader:
        reader.execute("PRAGMA query_only = ON")
        reader.execute("PRAGMA wal_autocheckpoint = 0")  # only the backend moves the log, under its lock
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sqlite_master").fetchone()  # from here on it sees this state
        yield reader
        reader.execute("ROLLBACK")


def copy(reader: sqlite3.Connection, path: Path, watched: Watched | None = None) -> None:
    """Copy what a reader sees into a new file, and make sure that the copy is whole.

    Raises:
        Refused: The copy is damaged, which means that the store is.
    """
    open_new(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as target:
        target.execute("PRAGMA synchronous = OFF")  # it is read once more, then thrown away
        step = (lambda _status, left, of: watched(of - left, of)) if watched else None
        reader.backup(target, pages=PAGES, progress=step)
        said = target.execute("PRAGMA quick_check").fetchall()
    if said != [("ok",)]:
        raise refused(path.name, "the store is damaged: its copy does not pass SQLite's own check", "a whole store")


def pages_of(readers: Mapping[str, sqlite3.Connection]) -> int:
    """Return how many bytes all copies will take together."""
    return sum(
        int(reader.execute("PRAGMA page_count").fetchone()[0]) * int(reader.execute("PRAGMA page_size").fetchone()[0])
        for reader in readers.values()
    )
