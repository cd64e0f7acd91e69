"""Builds weakened on purpose, each in one way. A check that does not catch its saboteur proves nothing.

| Saboteur | Caught by |
|---|---|
| `synchronous_normal`, `synchronous_off` | `power`; `kills` cannot see them |
| `deferred_without_lock` | `editors`: "database is locked" |
| `triggers_removed` | `probes` |
| the audit event after the commit (`after_commit`, `plain.write_and_audit_later`) | `kills` and `power` |
| the last one to save wins (`plain.edit_blindly`) | `editors`: silent overwrites |
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from openipt.site.sqlite.base import DatabaseWrapper


def synchronous_normal() -> None:
    """Acknowledge before the disk has it."""
    DatabaseWrapper.PRAGMAS = {**DatabaseWrapper.PRAGMAS, "synchronous": "NORMAL"}


def synchronous_off() -> None:
    """Leave it to the system when anything reaches the disk."""
    DatabaseWrapper.PRAGMAS = {**DatabaseWrapper.PRAGMAS, "synchronous": "OFF"}


def without_lock() -> None:
    """SQLite's own waiting, its own checkpoints, and no queue: what the lock is measured against."""
    DatabaseWrapper.PRAGMAS = {**DatabaseWrapper.PRAGMAS, "wal_autocheckpoint": 1000}
    DatabaseWrapper._take_lock = lambda _self: None  # type: ignore[method-assign]


def deferred_without_lock() -> None:
    """Transactions as Django begins them by default: read first, ask for the right to write later."""
    without_lock()
    DatabaseWrapper.TRANSACTION = "DEFERRED"


def triggers_removed(tables: Sequence[str]) -> None:
    """Take away what keeps tables append-only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
        for name, table in cursor.fetchall():
            if table in tables:
                cursor.execute(f'DROP TRIGGER "{name}"')


def after_commit(module: str, name: str) -> None:
    """Put off what a function of a module does until the transaction is committed."""
    holder = importlib.import_module(module)
    honest = getattr(holder, name)

    def late(*arguments: Any, **named: Any) -> None:
        transaction.on_commit(lambda: honest(*arguments, **named))

    setattr(holder, name, late)
