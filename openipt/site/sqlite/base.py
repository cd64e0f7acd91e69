"""The backend as Django loads it: SQLite that keeps what it acknowledged, and lets writers pass in turn.

What makes it durable stands here in code, where no settings file can weaken it. What each setting is for:

- journal_mode=WAL: who reads does not wait for who writes.
- synchronous=FULL: a commit is on the disk before it is acknowledged; with NORMAL a power cut takes the last ones.
- fullfsync: the same on macOS, whose plain sync leaves data in the disk's own memory.
- wal_autocheckpoint=0: only we move pages from the log into the database, under the lock. Before SQLite 3.51.3 a
  writer and a checkpoint at the same instant can damage the database (RULINGS 16).
- secure_delete: what is deleted is overwritten with zeros; otherwise an erased key would still lie in its page.
- temp_store=MEMORY: no client's words in temporary files. mmap_size=0: an error of the disk is an error, not a crash.
- BEGIN IMMEDIATE: a transaction that reads first and then writes cannot fail half way because another one wrote.
"""

from __future__ import annotations

import os
import sqlite3
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

from django.db.utils import OperationalError, ProgrammingError
from django.utils.dateparse import parse_datetime

from openipt.site.sqlite.fairlock import FairLock, lock_of
from openipt.site.sqlite.statements import LockingCursor
from openipt.site.sqlite.writers import WritesInTurn


@lru_cache(maxsize=2048)
def _moment(text: bytes) -> datetime | None:
    """Return a stored moment, still without a zone. A record holds hundreds, most of them twice."""
    return parse_datetime(text.decode())


sqlite3.register_converter("datetime", _moment)  # Django's own takes four calls for each
# Connections that came through a fork. To close one would end the parent's transaction: they are kept and not touched.
_LEFT_ALONE: list[Any] = []


class DatabaseWrapper(WritesInTurn):
    """One connection to the record or the keys of a service."""

    PRAGMAS: ClassVar[dict[str, str | int]] = {
        "synchronous": "FULL",
        "fullfsync": 1,
        "checkpoint_fullfsync": 1,
        "wal_autocheckpoint": 0,
        "secure_delete": 1,
        "temp_store": "MEMORY",
        "mmap_size": 0,
    }

    def get_connection_params(self) -> dict[str, Any]:
        """Return what sqlite3.connect() needs; how transactions begin is not a matter of settings."""
        params: dict[str, Any] = {"timeout": self.PATIENCE, **super().get_connection_params()}
        self.transaction_mode = self.TRANSACTION
        return params

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open the file with our settings, whatever its options say."""
        self.writers = None if self.is_in_memory_db() else self._lock()
        self._process = os.getpid()
        connection = super().get_new_connection(conn_params)
        try:
            self._set_up(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _set_up(self, connection: Any) -> None:
        for name, value in self.PRAGMAS.items():
            connection.execute(f"PRAGMA {name} = {value}")
        if self.writers:
            self._write_ahead(connection)
            self.writers.connections.add(self)

    @property
    def path(self) -> str:
        """The database file."""
        name = str(self.settings_dict["NAME"])
        return unquote(urlsplit(name).path) if name.startswith("file:") else name

    def _lock(self) -> FairLock:
        writers = lock_of(self.path)
        if writers.came_through_fork:
            raise ProgrammingError(self._forked("The database"))
        return writers

    def _write_ahead(self, connection: Any) -> None:
        if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
            return
        with self.writing():
            mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        if mode != "wal":
            raise OperationalError(
                f"The database {self.alias!r} cannot keep a write-ahead log where it lies: its journal stays {mode!r}. "
                "SQLite needs a local disk, not a network drive."
            )

    def _close(self) -> None:
        if self._inherited():
            _LEFT_ALONE.append(self.connection)
            return
        super()._close()
        if self.writers:
            self.writers.connections.discard(self)

    # ---- what came through a fork

    def _inherited(self) -> bool:
        return self.writers is not None and self.connection is not None and self._process != os.getpid()

    def _forked(self, what: str) -> str:
        return (
            f"{what} {self.alias!r} was open when this process was forked, and SQLite cannot be used on both sides of "
            "a fork. Close it first (django.db.connections.close_all()), then fork."
        )

    def _cursor(self, name: str | None = None) -> Any:
        if self._inherited():
            raise ProgrammingError(self._forked("The connection"))
        return super()._cursor(name)  # type: ignore[misc]  # unknown to the stubs

    def _commit(self) -> None:
        if self._inherited():
            raise ProgrammingError(self._forked("The connection"))
        super()._commit()

    def _rollback(self) -> None:
        if self._inherited():
            self._close()
            self.connection = None
        super()._rollback()

    # ---- statements

    def create_cursor(self, name: str | None = None) -> Any:  # noqa: ARG002  # Django's signature
        """Return a cursor that never writes without the lock."""
        return self.connection.cursor(factory=lambda connection: LockingCursor(connection, self))
