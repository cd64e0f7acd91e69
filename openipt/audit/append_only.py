"""Make tables append-only: the database itself refuses to change or remove a row, whoever asks.

In a migration, after the operation that makes the table:

    operations = [..., append_only("casebook_entry", "casebook_score")]

On SQLite a later migration that alters such a table makes the table anew and loses its guards, and a new unique key is
not known to them. Such a migration ends with `append_only(...)` again; `verify` names a table whose guards are gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, router, transaction
from django.db.migrations.operations.base import Operation

from openipt.audit import guards


class AppendOnly(Operation):
    """Put guards on tables, or take them away again."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, tables: tuple[str, ...]) -> None:
        self.tables = tables

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """Say how it is written in a migration."""
        return (type(self).__name__, (self.tables,), {})

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Change nothing about the models."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:  # noqa: ARG002
        """Make the guards."""
        self._run(app_label, schema_editor, guards.dropping, guards.making)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:  # noqa: ARG002
        """Drop the guards."""
        self._run(app_label, schema_editor, guards.dropping)

    def describe(self) -> str:
        """Say what it does."""
        return f"Make append-only: {', '.join(self.tables)}"

    def _run(self, app_label: str, schema_editor: Any, *steps: Any) -> None:
        if not router.allow_migrate(schema_editor.connection.alias, app_label):
            return
        if schema_editor.collect_sql:  # the keys of the tables are asked of the database, where they are not yet
            schema_editor.collected_sql.append(f"-- {self.describe()}")
            return
        for table in self.tables:
            for step in steps:
                for statement in step(schema_editor.connection, table):
                    schema_editor.execute(statement, params=None)


def append_only(*tables: str) -> AppendOnly:
    """Return the operation of a migration that makes tables append-only.

    Refused from then on: UPDATE; DELETE; TRUNCATE; and on SQLite every INSERT of a row whose primary or unique key is
    there already, because INSERT OR REPLACE would remove the row in its way (so `ignore_conflicts` does not work).
    """
    return AppendOnly(tables)


def append_only_tables(using: str = DEFAULT_DB_ALIAS) -> frozenset[str]:
    """Ask the database which tables have all their guards, unchanged and switched on."""
    return guards.guarded(connections[using])


def make(*tables: str, using: str = DEFAULT_DB_ALIAS) -> None:
    """Make the guards of tables, also where some are there already."""
    drop(*tables, using=using)
    _execute(using, guards.making, tables)


def drop(*tables: str, using: str = DEFAULT_DB_ALIAS) -> None:
    """Drop the guards of tables. For tests, which have to empty a database; nothing in the program calls it."""
    _execute(using, guards.dropping, tables)


@contextmanager
def lifted(*tables: str, using: str = DEFAULT_DB_ALIAS) -> Iterator[frozenset[str]]:
    """Lift guards for what stands inside and make them again; without names, all that the database has. For tests."""
    chosen = frozenset(tables) or append_only_tables(using)
    drop(*chosen, using=using)
    try:
        yield chosen
    finally:
        make(*chosen, using=using)


def _execute(using: str, statements: Any, tables: tuple[str, ...]) -> None:
    connection = connections[using]
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for table in tables:
            for statement in statements(connection, table):
                cursor.execute(statement)
