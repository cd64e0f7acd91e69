"""Write rows that are only ever added: the statement is written once a table, afterwards only the values are put in.

No signal is sent and nothing is written twice: whoever needs `save` of a model calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import AutoField, Model


def insert(rows: Sequence[Model]) -> None:
    """Insert new rows of one table. A key that the database counts is set on the row.

    Raises:
        IntegrityError: a key is taken, or a guard of the table says no.
    """
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    written = _written(type(rows[0]), connection)
    values = [[_value(field, row, connection) for field in written.fields] for row in rows]
    with connection.cursor() as cursor:
        if written.counted is None:
            cursor.executemany(written.insert, values) if len(rows) > 1 else cursor.execute(written.insert, values[0])
        else:
            for row, one in zip(rows, values, strict=True):
                cursor.execute(written.insert, one)
                setattr(row, written.counted, cursor.fetchone()[0])
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def overwrite(row: Model) -> bool:
    """Write a row over the one with its key; return whether there was one. For caches: what is true is only added."""
    connection = connections[DEFAULT_DB_ALIAS]
    written = _written(type(row), connection)
    values = [_value(field, row, connection) for field in (*written.fields[1:], written.fields[0])]
    with connection.cursor() as cursor:
        cursor.execute(written.update, values)
        return bool(cursor.rowcount)


@dataclass(frozen=True, slots=True)
class _Written:
    """The statements of one table. Of the fields the key comes first, unless the database counts it."""

    fields: tuple[Any, ...]
    counted: str | None
    insert: str
    update: str


def _value(field: Any, row: Model, connection: Any) -> Any:
    return field.get_db_prep_save(field.pre_save(row, True), connection)


def _written(table: type[Model], connection: Any) -> _Written:
    known = _known.get((connection.vendor, table))
    if known is None:
        known = _known[connection.vendor, table] = _write(table, connection.ops.quote_name)
    return known


def _write(table: type[Model], quote: Callable[[str], str]) -> _Written:
    key = table._meta.pk
    counted = key.attname if isinstance(key, AutoField) else None
    others = [field for field in table._meta.concrete_fields if field is not key]
    fields = others if counted else [key, *others]
    name, columns = quote(table._meta.db_table), [quote(str(field.column)) for field in fields]
    by = quote(str(key.column))
    returned = f" RETURNING {by}" if counted else ""
    return _Written(
        tuple(fields),
        counted,
        f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))}){returned}",  # noqa: S608
        f"UPDATE {name} SET {', '.join(f'{one} = %s' for one in columns[1:])} WHERE {by} = %s",  # noqa: S608
    )


_known: dict[tuple[str, type[Model]], _Written] = {}
