"""Tries to change what must not change, and tells what it was allowed to do.

Each attempt is made in a transaction of its own that is rolled back: it may be run on a real record.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import DatabaseError, connections, transaction


class _Undo(Exception):  # noqa: N818
    """Rolls an attempt back."""


def unguarded(tables: Sequence[str], using: str = "default") -> list[str]:
    """Return which of UPDATE, DELETE, REPLACE and TRUNCATE each table allows, as "table: UPDATE".

    Args:
        tables: Tables that must be append-only. An empty table is named too: it proves nothing.
        using: The store they lie in.
    """
    found = []
    for table in tables:
        with connections[using].cursor() as cursor:
            key, columns = _key_and_columns(cursor, using, table)
            cursor.execute(f'SELECT * FROM "{table}" LIMIT 1')  # noqa: S608
            if cursor.fetchone() is None:
                found.append(f"{table}: holds nothing to try it on")
                continue
        attempts = _attempts(connections[using].vendor, table, key, columns)
        found += [f"{table}: {what}" for what, statement in attempts.items() if _allowed(statement, using)]
    return found


def _key_and_columns(cursor: object, using: str, table: str) -> tuple[str, list[str]]:
    look = connections[using].introspection
    columns = [column.name for column in look.get_table_description(cursor, table)]
    return look.get_primary_key_column(cursor, table) or columns[0], columns


def _attempts(vendor: str, table: str, key: str, columns: list[str]) -> dict[str, str]:
    one = f'(SELECT "{key}" FROM "{table}" LIMIT 1)'  # noqa: S608
    attempts = {
        "UPDATE": f'UPDATE "{table}" SET "{columns[-1]}" = "{columns[-1]}" WHERE "{key}" = {one}',  # noqa: S608
        "DELETE": f'DELETE FROM "{table}" WHERE "{key}" = {one}',  # noqa: S608
    }
    if vendor == "sqlite":
        attempts["REPLACE"] = f'INSERT OR REPLACE INTO "{table}" SELECT * FROM "{table}" WHERE "{key}" = {one}'  # noqa: S608
    else:
        attempts["TRUNCATE"] = f'TRUNCATE "{table}" CASCADE'
    return attempts


def _allowed(statement: str, using: str) -> bool:
    try:
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            cursor.execute(statement)
            raise _Undo
    except _Undo:
        return True
    except DatabaseError:
        return False
