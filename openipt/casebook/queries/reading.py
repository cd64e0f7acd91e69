"""Read many rows quickly: the ORM writes the question, and the rows come as the database gives them.

Making a UUID and parsing a moment for each of a hundred rows cost more than everything the therapy asks of them. Here
an id stays text and a moment is read by the standard library.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models import QuerySet


def rows(asked: QuerySet[Any], *columns: str) -> Iterator[tuple[Any, ...]]:
    """Yield the columns of a queryset as the driver gives them; `bare_id` and `moment` read ids and moments."""
    return driven(asked.values_list(*columns))


def driven(asked: QuerySet[Any, Any]) -> Iterator[tuple[Any, ...]]:
    """Yield what a `values_list` finds, as the driver gives it."""
    connection = connections[asked.db]
    sql, params = asked.query.get_compiler(connection=connection).as_sql()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        yield from cursor.fetchall()


def bare_id(value: Any) -> str:
    """Return an id as 32 hex digits."""
    return value if isinstance(value, str) else value.hex


@lru_cache(maxsize=4096)
def as_uuid(value: Any) -> UUID:
    """Return an id as a UUID. Making one costs more than asking for it, and the same clients come again and again."""
    return UUID(value) if isinstance(value, str) else value


def full_id(value: Any) -> str:
    """Return an id as it is written: with its dashes."""
    if not isinstance(value, str):
        return str(value)
    return f"{value[:8]}-{value[8:12]}-{value[12:16]}-{value[16:20]}-{value[20:]}"


@lru_cache(maxsize=2048)
def moment(value: Any, zone: tzinfo) -> datetime:
    """Return a stored moment as a clock in a zone showed it."""
    # SQLite keeps moments as text, in UTC and without saying so; its driver makes moments of whole columns, and leaves
    # what was reckoned as text.
    at: datetime = datetime.fromisoformat(value) if isinstance(value, str) else value
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return at if zone is UTC else at.astimezone(zone)


def day(value: date | str) -> date:
    """Return a stored day."""
    return value if isinstance(value, date) else date.fromisoformat(value)
