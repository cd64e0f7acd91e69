"""Read everything as of one moment, while others go on writing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def snapshot() -> Iterator[None]:
    """Let all reads inside see one state. Nothing can be written inside, on this connection.

    Inside an open transaction that transaction has to do. SQLite gets a reader's transaction, which the framework does
    not offer: its own would stop all writers. It is marked as read only, so the lock of writers is not passed by.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        connection.ensure_connection()
        reader = connection.connection
        reader.execute("PRAGMA query_only = ON")
        reader.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            reader.execute("ROLLBACK")
            reader.execute("PRAGMA query_only = OFF")
