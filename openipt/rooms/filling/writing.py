"""Write answers as the fields of a page: the other way round from `reading`, for drafts, new versions and tests."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any

from openipt.rooms.filling.said import DAY, MONTH, OTHER, STRENGTH, TIME, WORD, YEAR, offered
from openipt.rooms.filling.typed import Pairs
from openipt.therapy.forms import Form
from openipt.therapy.forms.items import ChoiceItem, ChoicesItem, DateItem, FeelingsItem, GroupItem, NoteItem
from openipt.therapy.vocabulary import label

_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2}))?\Z")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?\Z")


def pairs_of(form: Form, answers: Mapping[str, Any], people: Collection[str] = ()) -> Pairs:
    """Return the fields that stand for answers.

    Args:
        form: The form.
        answers: Its answers; blanks stand for no field. What the form does not ask is left out: see `left_over`.
        people: The people of the circle, by their ids; anybody else stands in own words.
    """
    return list(_items(form, form.items, answers, "", frozenset(people)))


def left_over(form: Form, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the answers of an older version that have no place on this one."""
    asked = {item.id for item in form.items}
    return tuple(name for name in answers if name not in asked)


def _items(
    form: Form, items: Any, answers: Mapping[str, Any], way: str, people: frozenset[str]
) -> Iterator[tuple[str, str]]:
    for item in items:
        value = answers.get(item.id) if isinstance(answers, Mapping) else None
        if value is not None and not isinstance(item, NoteItem):
            yield from _item(form, item, value, f"{way}{item.id}", people)


def _item(form: Form, item: Any, value: Any, name: str, people: frozenset[str]) -> Iterator[tuple[str, str]]:
    if isinstance(item, GroupItem):
        yield from _group(form, item, value, name, people)
    elif isinstance(item, FeelingsItem):
        yield from _feelings(value, name)
    elif isinstance(item, ChoicesItem):
        yield from _several(value, name, {str(one) for one in offered(form, item).values()})
    elif item.kind == "people":
        yield from _several(value, name, people)
    elif isinstance(item, ChoiceItem) and item.rows_of:
        yield (name, str(value - item.count_from)) if isinstance(value, int) else (f"{name}.{OTHER}", str(value))
    elif isinstance(item, ChoiceItem):
        yield (
            (f"{name}.{OTHER}", str(value))
            if item.other and str(value) not in offered(form, item)
            else (name, str(value))
        )
    elif item.kind == "person":
        yield (name, value) if value in people else (f"{name}.{OTHER}", str(value))
    elif isinstance(item, DateItem) and item.precision != "day":
        yield from _date(str(value), name)
    elif item.kind == "scale":
        yield name, f"{value:g}" if isinstance(value, (int, float)) else str(value)
    elif item.kind == "moment":
        yield from _moment(str(value), name)
    else:
        yield name, text_of(value)


def _group(form: Form, item: GroupItem, value: Any, name: str, people: frozenset[str]) -> Iterator[tuple[str, str]]:
    if item.repeat is None:
        yield from _items(form, item.items, value, f"{name}.", people)
        return
    for number, row in enumerate(_listed(value)):
        yield f"{name}.{number}", ""
        yield from _items(form, item.items, row, f"{name}.{number}.", people)


def _feelings(value: Any, name: str) -> Iterator[tuple[str, str]]:
    for number, one in enumerate(_listed(value)):
        felt = one if isinstance(one, Mapping) else {"emotion": one}
        yield f"{name}.{number}.{WORD}", label("feelings", str(felt.get("emotion") or ""))
        if felt.get("intensity") is not None:
            yield f"{name}.{number}.{STRENGTH}", text_of(felt["intensity"])


def _listed(value: Any) -> list[Any]:
    """Return a list; what an older version kept as one answer, as a list of one."""
    return value if isinstance(value, list) else [value]


def _several(value: Any, name: str, known: Collection[str]) -> Iterator[tuple[str, str]]:
    own = []
    for one in _listed(value):
        if str(one) in known:
            yield name, str(one)
        else:
            own.append(str(one))
    if own:
        yield f"{name}.{OTHER}", "\n".join(own)


def _date(text: str, name: str) -> Iterator[tuple[str, str]]:
    said = _DATE.match(text)
    if said is None:
        yield name, text
        return
    yield from ((f"{name}.{part}", one) for part, one in zip((YEAR, MONTH, DAY), said.groups(), strict=True) if one)


def _moment(text: str, name: str) -> Iterator[tuple[str, str]]:
    said = _MOMENT.match(text)
    if said is None:  # with seconds or a zone: kept in one field, as it stands
        yield name, text
        return
    yield f"{name}.{DAY}", said[1]
    if said[2]:
        yield f"{name}.{TIME}", said[2]


def text_of(value: Any) -> str:
    """Return one value as it is typed."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    return str(value)
