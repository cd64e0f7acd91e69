"""Which statements write, and the cursor that takes the lock for those outside a transaction.

Django itself writes outside `atomic()` here and there (the cache, the date of the last sign-in). Such a statement is
a transaction of its own: it takes the lock, runs, and gives the lock back. Inside a transaction the lock is held.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db.backends.sqlite3.base import SQLiteCursorWrapper
from django.db.utils import NotSupportedError

if TYPE_CHECKING:
    from openipt.site.sqlite.writers import WritesInTurn

_FIRST_WORD = re.compile(r"(?:\s+|--[^\n]*(?:\n|$)|/\*.*?\*/)*([A-Za-z]+)", re.DOTALL)
_WRITES_INSIDE = re.compile(r"\b(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)
_WRITING_PRAGMA = re.compile(
    r"\b(journal_mode|user_version|application_id|auto_vacuum|encoding|incremental_vacuum|optimize|wal_checkpoint)\b",
    re.IGNORECASE,
)
_READS = frozenset({"SELECT", "VALUES", "EXPLAIN"})


def first_word(statement: str) -> str:
    """Return the first word of a statement in capitals, past blanks and comments; empty where there is none."""
    found = _FIRST_WORD.match(statement)
    return found[1].upper() if found else ""


def only_reads(statement: str) -> bool:
    """Whether a statement surely changes nothing. In doubt it counts as a write: a lock too many does no harm."""
    word = first_word(statement)
    if word == "PRAGMA":
        return not _WRITING_PRAGMA.search(statement)
    return word in _READS or (word == "WITH" and not _WRITES_INSIDE.search(statement))


class LockingCursor(SQLiteCursorWrapper):
    """A cursor that never writes without the lock."""

    def __init__(self, connection: Any, wrapper: WritesInTurn) -> None:
        super().__init__(connection)
        self._wrapper = wrapper
        self._kept: Iterator[Any] | None = None

    def execute(self, query: str, params: Any = None) -> Any:
        """Run one statement; outside a transaction a writing one takes the lock for itself."""
        self._kept = None
        if self.connection.in_transaction or only_reads(query):
            return super().execute(query, params)
        with self._wrapper.one_statement(first_word(query)):
            super().execute(query, params)
            if self.description is not None:
                # INSERT ... RETURNING is committed with its last row: fetch all while the lock is ours
                self._kept = iter(super().fetchall())
        return self

    def executemany(self, query: str, param_list: Any) -> Any:
        """Run one statement for many rows; outside a transaction each row is one of its own, under one lock."""
        self._kept = None
        if self.connection.in_transaction:
            return super().executemany(query, param_list)
        with self._wrapper.one_statement(first_word(query)):
            return super().executemany(query, param_list)

    def executescript(self, _script: str) -> Any:
        """Refuse: it would commit what is open, unasked."""
        raise NotSupportedError("A script commits an open transaction unasked. Execute its statements one by one.")

    def fetchone(self) -> Any:
        """Return the next row, or None."""
        return super().fetchone() if self._kept is None else next(self._kept, None)

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """Return the next rows, at most `size`."""
        size = self.arraysize if size is None else size
        if self._kept is None:
            return super().fetchmany(size)
        return [row for _, row in zip(range(size), self._kept, strict=False)]

    def fetchall(self) -> list[Any]:
        """Return all rows that are left."""
        return super().fetchall() if self._kept is None else list(self._kept)

    def __next__(self) -> Any:
        return super().__next__() if self._kept is None else next(self._kept)
