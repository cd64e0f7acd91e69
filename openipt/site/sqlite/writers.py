"""Transactions that take the fair lock: before they begin, until they are committed, rolled back or closed."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from django.db.backends.sqlite3 import base
from django.db.backends.utils import debug_transaction
from django.db.transaction import TransactionManagementError
from django.db.utils import NotSupportedError, OperationalError

from openipt.site.sqlite import checkpoints, order
from openipt.site.sqlite.fairlock import FairLock

_BY_HAND = frozenset({"BEGIN", "SAVEPOINT"})


class WritesInTurn(base.DatabaseWrapper):
    """A connection whose writes stand in the queue. Reads outside a transaction never do."""

    TRANSACTION = "IMMEDIATE"
    PATIENCE = 20.0  # seconds a writer waits for its turn
    # Bytes of log after which a commit moves it into the database. All who write wait meanwhile: with 4 MB one save in
    # forty did it and one in five waited for it, with 32 MB it is one in forty that waits.
    WAL_LIMIT = 32 * 2**20
    writers: FairLock | None = None  # None: in memory, where nobody else can write
    _stays = False  # whether `writing()` keeps the lock beyond the end of a transaction

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the lock for what stands inside; where this connection holds it already, just go on.

        Raises:
            OperationalError: Where another writer did not finish within `PATIENCE` seconds. Nothing was written.
        """
        if self.writers is None or self.writers.held_by(self):
            yield
            return
        self._take_lock()
        self._stays = True
        try:
            yield
        finally:
            self._stays = False
            self._give_back()

    def _take_lock(self) -> None:
        if self.writers is None or self.writers.held_by(self):
            return
        order.refuse_wrong_order(self)
        if not self.writers.acquire(self, self.PATIENCE):
            raise OperationalError(
                f"The database {self.alias!r} is locked: another writer did not finish within {self.PATIENCE:g} "
                "seconds. Nothing was written. Try again; if it stays so, look for a process that hangs."
            )

    def _give_back(self) -> None:
        if self.writers and not self._stays and not (self.connection and self.connection.in_transaction):
            self.writers.release(self)

    def _start_transaction_under_autocommit(self) -> None:
        self._take_lock()
        begin = f"BEGIN {self.TRANSACTION}"
        try:
            with debug_transaction(self, begin), self.wrap_database_errors:
                self.connection.execute(begin)
        except BaseException:
            self._give_back()
            raise

    def _set_autocommit(self, autocommit: bool) -> None:
        if not autocommit:
            raise NotSupportedError("Autocommit stays on: begin a transaction with transaction.atomic().")
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # unknown to the stubs

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        if self.writers and self.writers.held_by(self):
            checkpoints.after_commit(self, self.writers)
            self._give_back()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._give_back()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            if self.writers:
                self.writers.release(self)

    @contextlib.contextmanager
    def one_statement(self, word: str) -> Iterator[None]:
        """Hold the lock around one writing statement that stands in no transaction; `word` is its first word.

        Raises:
            TransactionManagementError: Where it would begin a transaction (nobody would know when to give the lock
                back), or stands in an `atomic()` whose transaction SQLite has already rolled back.
        """
        if self.in_atomic_block:
            raise TransactionManagementError(
                "SQLite has rolled this transaction back, as it does when the disk is full or fails. "
                "Nothing of it was written, and nothing more is: leave the atomic block."
            )
        if word in _BY_HAND:
            raise TransactionManagementError(f"A transaction begun with {word}. Begin it with transaction.atomic().")
        with self.writing():
            yield
            if self.writers:
                checkpoints.after_commit(self, self.writers)

    def checkpoint(self) -> bool:
        """Move the whole log into the database file and empty it; return whether that was possible now.

        It is not while somebody reads an older state; what could be moved has been moved all the same.

        Raises:
            TransactionManagementError: Inside a transaction.
        """
        if self.in_atomic_block:
            raise TransactionManagementError("A checkpoint inside a transaction. Make it after the transaction.")
        self.ensure_connection()
        if self.writers is None:
            return True
        with self.writing(), self.wrap_database_errors:
            return checkpoints.empty_log(self.connection)
