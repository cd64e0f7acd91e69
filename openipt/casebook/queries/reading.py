"""Read many rows quickly: the ORM writes the question, and the rows come as the database gives them.

Making a UUID and parsing a moment for each of a hundred rows cost more than everything the therapy asks of them. Here
an id stays text and a moment is read by the standard library.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any

from django.db import connections
from django.db.models import QuerySet


def rows(asked: QuerySet[Any], *columns: str) -> Iterator[tuple[Any, ...]]:
    """Yield the columns of a queryset as the driver gives them; `bare_id` and `moment` read ids and moments."""
    query = asked.values_list(*columns).query
    connection = connections[asked.db]
    sql, params = query.get_compiler(connection=connection).as_sql()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        yield from cursor.fetchall()


def bare_id(value: Any) -> str:
    """Return an id as 32 hex digits."""
    return value if isinstance(value, str) else value.hex


def full_id(value: Any) -> str:
    """Return an id as it is written: with its dashes."""
    if not isinstance(value, str):
        return str(value)
    return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"


def moment(value: Any, zone: tzinfo) -> datetime:
    """Return a stored moment as a clock in a zone showed it."""
    if isinstance(value, str):  # SQLite keeps moments as text, in UTC and without saying so
        value = datetime.fromisoformat(f"{value}+00:00")
    at: datetime = value
    return at if zone is UTC else at.astimezone(zone)
