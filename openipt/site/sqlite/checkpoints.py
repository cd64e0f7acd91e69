"""Moving the write-ahead log into the database: only under the lock, and by size.

After a checkpoint the log is cut to nothing, not just used again from its start: otherwise pages from before an
erasure would lie in its tail for weeks.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from typing import TYPE_CHECKING, Any

from django.db import DEFAULT_DB_ALIAS, connections

if TYPE_CHECKING:
    from openipt.site.sqlite.fairlock import FairLock
    from openipt.site.sqlite.writers import WritesInTurn

_LOGGER = logging.getLogger("openipt.site.sqlite")


def checkpoint(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Empty the write-ahead log of a store into its file, as before a backup and after an erasure.

    Args:
        using: "default" for the record, "keys" for the keys.

    Returns:
        Whether the file now holds everything. False while somebody reads an older state; True at once on PostgreSQL,
        which looks after its own log.
    """
    connection = connections[using]
    return connection.checkpoint() if hasattr(connection, "checkpoint") else True


def after_commit(wrapper: WritesInTurn, lock: FairLock) -> None:
    """Empty the log where it has grown too long. The lock is held; what was committed stays so, whatever happens."""
    size = _size_of_log(lock.database)
    if size < wrapper.WAL_LIMIT:
        lock.try_again_at = 0
    if size < max(wrapper.WAL_LIMIT, lock.try_again_at):
        return
    try:
        emptied = empty_log(wrapper.connection)
    except sqlite3.Error as error:
        _LOGGER.warning("The log of %s could not be moved into the database: %s", wrapper.alias, error)
        emptied = False
    # While somebody reads an older state it is no use to try after each commit
    lock.try_again_at = 0 if emptied else size + wrapper.WAL_LIMIT // 4


def empty_log(connection: Any) -> bool:
    """Run the checkpoint without waiting for readers: a writer stands behind us. Return whether the log is empty."""
    patience = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        busy, _in_log, _moved = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}")
    return not busy


def _size_of_log(database: str) -> int:
    try:
        return os.stat(f"{database}-wal").st_size
    except FileNotFoundError:
        return 0
