"""A question that is asked again and again: the ORM writes it once, afterwards only the values are put in.

Django builds and compiles a query anew each time it is asked, which costs five times what the database needs to answer
a small one. Saving one sheet asks a dozen of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable, get_related_populators

_LONG_AGO = datetime(1066, 10, 14, tzinfo=UTC)  # no moment of a record


@dataclass(frozen=True, slots=True)
class _Written:
    """A question as one engine takes it, and which values belong where."""

    sql: str
    params: tuple[Any, ...]
    places: tuple[tuple[int, str], ...]  # position among the params, name of the value
    reader: Callable[[Any, list[tuple[Any, ...]]], list[Any]]


class Question:
    """One question with named values, each a UUID, a moment or a text.

    Args:
        write: Makes the queryset from the values. It is called once an engine, with stand-ins for them, so it may
            not look at a value or decide by it.
        using: Tells the alias of the store that is asked; the record's if not given.
    """

    def __init__(
        self, write: Callable[..., QuerySet[Any, Any]], *, using: Callable[[], str] = lambda: DEFAULT_DB_ALIAS
    ) -> None:
        self._write, self._using = write, using
        self._written: dict[str, _Written] = {}

    def ask(self, **values: UUID | datetime | str) -> list[Any]:
        """Return what is found: tuples as the driver gives them for `values_list`, else rows with what they select.

        Raises:
            ValueError: a value does not reach the database as it is (inside a function, say): ask the ORM then.
        """
        connection = connections[self._using()]
        known = self._written.get(connection.vendor)
        if known is None:
            known = self._written[connection.vendor] = _compiled(self._write, connection, values)
        if not known.sql:
            return []
        params = list(known.params)
        for place, name in known.places:
            params[place] = for_driver(values[name], connection)
        with connection.cursor() as cursor:
            cursor.execute(known.sql, params)
            found = cursor.fetchall()
        return known.reader(connection, found) if found else []

    def first(self, **values: UUID | datetime | str) -> Any:
        """Return the first of what is found, or None."""
        found = self.ask(**values)
        return found[0] if found else None


def for_driver(value: Any, connection: Any) -> Any:
    """Return a value as the driver of a connection takes it."""
    if isinstance(value, UUID):
        return value if connection.features.has_native_uuid_field else value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value


def _stand_in(name: str, n: int, value: Any) -> Any:
    """Return a value of the same kind that no record holds, and that differs from the other stand-ins."""
    if isinstance(value, UUID):
        return uuid5(NAMESPACE_OID, f"openipt {name}")
    if isinstance(value, datetime):
        return _LONG_AGO + timedelta(seconds=n)
    return f"<{name.capitalize()}>"  # in both cases: a question that changes the case is noticed


def _compiled(write: Callable[..., QuerySet[Any, Any]], connection: Any, values: dict[str, Any]) -> _Written:
    stand_ins = {name: _stand_in(name, n, value) for n, (name, value) in enumerate(values.items())}
    asked = write(**stand_ins)
    compiler = asked.query.get_compiler(connection=connection)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:  # "one of none": the answer is known without asking
        return _Written("", (), (), _as_they_come)
    shown = {for_driver(value, connection): name for name, value in stand_ins.items()}
    places = tuple((n, shown[one]) for n, one in enumerate(params) if one in shown)
    lost = stand_ins.keys() - {name for _, name in places}
    if lost:
        raise ValueError(f"{', '.join(sorted(lost))} cannot be put into a written question; ask the ORM instead")
    reader = (
        _rows_of(asked.model, compiler, connection.alias) if asked._iterable_class is ModelIterable else _as_they_come
    )
    return _Written(sql, tuple(params), places, reader)


def _as_they_come(_connection: Any, found: list[tuple[Any, ...]]) -> list[Any]:
    return found


def _rows_of(model: type[Model], compiler: Any, alias: str) -> Callable[[Any, list[tuple[Any, ...]]], list[Any]]:
    """Return what makes rows of a model, with those that were selected along, out of what the driver gives."""
    fields = compiler.klass_info["select_fields"]
    first, last = fields[0], fields[-1] + 1
    names = [compiler.select[place][0].target.attname for place in fields]
    along = get_related_populators(  # type: ignore[call-arg]  # as Django 5.2 has it; the stubs are of a later one
        compiler.klass_info, compiler.select, alias
    )
    expressions = [column[0] for column in compiler.select]

    convert: list[tuple[int, list[Any], Any]] | None = None

    def read(connection: Any, found: list[tuple[Any, ...]]) -> list[Any]:
        nonlocal convert  # they follow from the engine, and a question is written once for each
        if convert is None:
            convert = _converters(connection, expressions)
        made = []
        for plain in found:
            row = list(plain)
            for place, steps, expression in convert:
                for step in steps:
                    row[place] = step(row[place], expression, connection)
            one = model.from_db(alias, names, row[first:last])
            for populator in along:
                populator.populate(row, one)
            made.append(one)
        return made

    return read


def _converters(connection: Any, expressions: list[Any]) -> list[tuple[int, list[Any], Any]]:
    known = []
    for place, expression in enumerate(expressions):
        steps = connection.ops.get_db_converters(expression) + expression.get_db_converters(connection)
        if steps:
            known.append((place, steps, expression))
    return known
