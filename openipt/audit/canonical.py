"""One text for one row: the same whether the row was just made or read back, from SQLite or from PostgreSQL."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.backends.utils import format_number
from django.db.models import Field, Model


class NoDigestError(ValueError):
    """A row holds something that no database gives back as it is."""


Writer = Callable[[Any, Any], str]
_COMPACT = json.JSONEncoder(sort_keys=True, separators=(",", ":"))


def digest(row: Model) -> str:
    """Return the sha256, in hexadecimal, over the table's name and every column of a row that holds something.

    Empty columns are left out, and columns go by name: a column that is added later, and may be empty, leaves the
    digests of older rows as they are. A column that is added with a default changes them.

    Raises:
        TypeError: A column holds an expression of the database, or is of a kind that has no canonical form here.
        NoDigestError: A time has no zone, a number is not finite, the row has no primary key yet, or a value is not
            one of its column. The message never repeats the value.
    """
    if row.pk is None:
        raise NoDigestError(f"this row of {row._meta.db_table} has no primary key yet; save it, then take its digest")
    columns = {}
    for name, column, field, write in _columns(type(row)):
        value = getattr(row, name)
        if value is not None:
            columns[column] = _written(write, field, value)
    return sha256(_COMPACT.encode([row._meta.db_table, columns]).encode()).hexdigest()


def _written(write: Writer, field: Any, value: Any) -> str:
    try:
        return write(field, value)
    except NoDigestError:
        raise
    except (ValueError, ArithmeticError, ValidationError):  # their messages repeat the value
        kind = type(value).__name__
        raise NoDigestError(f"{field} holds a value of type {kind} that its column cannot hold") from None


@cache
def _columns(model: type[Model]) -> tuple[tuple[str, str, Any, Writer], ...]:
    return tuple(
        (field.attname, str(field.column), _stored_as(field), _writer(_stored_as(field)))
        for field in model._meta.concrete_fields
        if not field.generated
    )


def _stored_as(field: Any) -> Any:
    """A foreign key is stored as what it points to."""
    return _stored_as(field.target_field) if field.is_relation else field


def _writer(field: Field[Any, Any]) -> Writer:
    kind = field.get_internal_type()
    found = _WRITERS.get(kind) or (_whole if kind.endswith(("IntegerField", "AutoField")) else None)
    if found is None:
        raise TypeError(f"{field} is a {kind}, which has no canonical form; add one to openipt/audit/canonical.py")
    return found


def decimal_text(value: Decimal | str) -> str:
    """Write a finite number without exponent, without trailing zeros, and with one zero only."""
    text = format(Decimal(value), "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def float_text(value: float) -> str:
    """Write a number as both engines give it back, in a column of its own or inside JSON.

    PostgreSQL keeps numbers in JSON as decimals: 1e16 comes back as a whole number, -0.0 as 0. Both have one text here.
    """
    if not math.isfinite(value):
        raise NoDigestError(f"{value} is not a finite number; leave the value out where it is not known")
    return decimal_text(repr(float(value)))


def json_text(value: Any) -> str:
    """Write a JSON value with sorted keys and canonical numbers."""
    if isinstance(value, float):
        return float_text(value)
    if isinstance(value, list):
        return "[" + ",".join(map(json_text, value)) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(key)}:{json_text(value[key])}" for key in sorted(value)) + "}"
    return json.dumps(value)


def _text(field: Any, value: Any) -> str:
    if type(value) is str:  # nearly always, and what follows is ten times as long
        return value
    return str(field.get_prep_value(_plain(field, value)))


def _id(field: Any, value: Any) -> str:
    return str(value if type(value) is UUID else field.to_python(_plain(field, value)))


def _whole(field: Any, value: Any) -> str:
    return str(value if type(value) is int else int(_plain(field, value)))


def _yes_no(field: Any, value: Any) -> str:
    return "1" if field.to_python(_plain(field, value)) else "0"


def _float(field: Any, value: Any) -> str:
    return float_text(float(_plain(field, value)))


def _decimal(field: Any, value: Any) -> str:
    number = field.to_python(_plain(field, value))
    return decimal_text(str(format_number(number, field.max_digits, field.decimal_places)))


def _moment(field: Any, value: Any) -> str:
    at = value if type(value) is datetime else field.to_python(_plain(field, value))
    if at.tzinfo is None:
        raise NoDigestError(f"{field} holds a time without a zone; a time on record has one")
    return moment_text(at)


def moment_text(at: datetime) -> str:
    """Write a moment in UTC to the microsecond: `2025-10-27T09:05:00.000000+00:00`."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _day(field: Any, value: Any) -> str:
    return str(field.to_python(_plain(field, value)).isoformat())


def _time(field: Any, value: Any) -> str:
    return str(field.to_python(_plain(field, value)).isoformat(timespec="microseconds"))


def _duration(field: Any, value: Any) -> str:
    return str(field.to_python(_plain(field, value)) // timedelta(microseconds=1))


def _binary(field: Any, value: Any) -> str:
    return bytes(_plain(field, value)).hex()


def _json(field: Any, value: Any) -> str:
    # once there and back: what JSON does not know (tuples, numbers as keys) becomes what it will be when read
    return json_text(json.loads(json.dumps(_plain(field, value), cls=field.encoder)))


def _plain(field: Any, value: Any) -> Any:
    if hasattr(value, "resolve_expression"):
        raise TypeError(f"{field} holds an expression that only the database can work out; give it a value")
    return value


_WRITERS: Mapping[str, Writer] = {
    "CharField": _text,
    "TextField": _text,
    "SlugField": _text,
    "UUIDField": _id,
    "BooleanField": _yes_no,
    "FloatField": _float,
    "DecimalField": _decimal,
    "DateTimeField": _moment,
    "DateField": _day,
    "TimeField": _time,
    "DurationField": _duration,
    "BinaryField": _binary,
    "JSONField": _json,
}
