"""Read one question, for each kind of item. What cannot be read is passed on as it is, or named in words."""

# ruff: noqa: ARG001 - readers of all kinds share one signature, whether or not they need all of it
from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from openipt.rooms.filling.said import (
    DAY,
    MONTH,
    OTHER,
    TIME,
    YEAR,
    Read,
    Wrong,
    clean,
    clock_of,
    number_of,
    offered,
    shortened,
    whole_of,
    words,
)
from openipt.rooms.filling.typed import Typed
from openipt.therapy.forms import Form
from openipt.therapy.forms.items import ChoiceItem, ChoicesItem, DateItem, MomentItem, NumberItem, ScaleItem

_DIGITS = re.compile(r"[0-9]{1,4}\Z")


def _choice(form: Form, item: ChoiceItem, typed: Typed, name: str, found: Read) -> Any:
    chosen, own = typed.one(), words(typed.at(OTHER), f"{name}.{OTHER}", found)
    if own and chosen:
        both = f"Two answers stand here: the one that is marked, and “{shortened(own)}”. Take one of them back."
        found.wrong.append(Wrong(name, both))
        return None
    if own or not chosen:
        return own or None
    if item.rows_of:
        return _row_number(item, chosen, name, found)
    return offered(form, item).get(chosen, chosen)


def _row_number(item: ChoiceItem, chosen: str, name: str, found: Read) -> int | None:
    kept = found.kept.get(item.rows_of or "", [])
    if chosen in kept:
        return kept.index(chosen) + item.count_from
    found.wrong.append(Wrong(name, "What this points to is blank or was taken away. Choose again."))
    return None


def _choices(form: Form, item: ChoicesItem, typed: Typed, name: str, found: Read) -> list[Any] | None:
    known = offered(form, item)
    marked = [known.get(text, text) for text in typed.said if text]
    return [*marked, *_own_lines(typed, name, found)] or None


def _person(form: Form, item: Any, typed: Typed, name: str, found: Read) -> str | None:
    chosen, own = words(typed, name, found), words(typed.at(OTHER), f"{name}.{OTHER}", found)
    if own and chosen:
        both = f"Two people stand here: the one that is marked, and “{shortened(own)}”. Take one of them back."
        found.wrong.append(Wrong(name, both))
        return None
    return own or chosen or None


def _people(form: Form, item: Any, typed: Typed, name: str, found: Read) -> list[str] | None:
    marked = (clean(text, name, found).strip() for text in typed.said)
    return [*(text for text in marked if text), *_own_lines(typed, name, found)] or None


def _own_lines(typed: Typed, name: str, found: Read) -> Iterator[str]:
    own = words(typed.at(OTHER), f"{name}.{OTHER}", found)
    return (line.strip() for line in own.split("\n") if line.strip())


def _scale(form: Form, item: ScaleItem, typed: Typed, name: str, found: Read) -> Any:
    number = number_of(typed.one().strip())
    whole = isinstance(number, float) and number.is_integer() and float(item.step).is_integer()
    return int(number) if whole else number  # type: ignore[arg-type]


def _whole(form: Form, item: NumberItem, typed: Typed, name: str, found: Read) -> Any:
    return whole_of(typed.one().strip())


def _number(form: Form, item: NumberItem, typed: Typed, name: str, found: Read) -> Any:
    return number_of(typed.one().strip())


def _yes_no(form: Form, item: Any, typed: Typed, name: str, found: Read) -> Any:
    text = typed.one()
    return {"yes": True, "no": False}.get(text, text or None)


def _text(form: Form, item: Any, typed: Typed, name: str, found: Read) -> str | None:
    text = clean(typed.one(), name, found)
    return text if text.strip() else None


def _plain(form: Form, item: Any, typed: Typed, name: str, found: Read) -> str | None:
    return typed.one().strip() or None


def _time(form: Form, item: Any, typed: Typed, name: str, found: Read) -> str | None:
    return clock_of(typed.one().strip()) or None


def _date(form: Form, item: DateItem, typed: Typed, name: str, found: Read) -> str | None:
    whole = typed.one().strip()
    day, month, year = (typed.one(part).strip() for part in (DAY, MONTH, YEAR))
    if whole or not (day or month or year):
        return whole or None
    if not year or (day and not month):
        missing = "the year" if not year else "the month"
        found.wrong.append(Wrong(name, f"Please add {missing}, or leave the rest of this date out."))
        return None
    if not all(_DIGITS.match(part) for part in (day, month, year) if part):
        return "-".join(part for part in (year, month, day) if part)
    return "-".join([year.zfill(4), *(part.zfill(2) for part in (month, day) if part)])


def _moment(form: Form, item: MomentItem, typed: Typed, name: str, found: Read) -> str | None:
    whole, day, time = typed.one().strip(), typed.one(DAY).strip(), typed.one(TIME).strip()
    if whole or not (day or time):
        return whole or None
    if day and not time and item.precision == "day":
        return day
    if not day or not time:
        found.wrong.append(Wrong(name, f"Please add the {'day' if not day else 'time; about when is enough'}."))
        return None
    return f"{day}T{clock_of(time)}"


Reader = Callable[[Form, Any, Typed, str, Read], Any]
READERS: dict[str, Reader] = {
    "choice": _choice,
    "choices": _choices,
    "scale": _scale,
    "whole": _whole,
    "number": _number,
    "yes_no": _yes_no,
    "text": _text,
    "long_text": _text,
    "date": _date,
    "time": _time,
    "moment": _moment,
    "person": _person,
    "people": _people,
    "phone": _plain,
}
PARTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("scale", "whole", "number", "yes_no", "text", "long_text", "time", "phone"), ()),
    "date": (DAY, MONTH, YEAR),
    "moment": (DAY, TIME),
}
