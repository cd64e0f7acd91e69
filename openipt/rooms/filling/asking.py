"""One question as a field, for each kind of item: what may be answered, and what was typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openipt.rooms.filling.fields import Field, Option, Row, Way
from openipt.rooms.filling.said import DAY, MONTH, OTHER, STRENGTH, TIME, WORD, YEAR, Read, shortened
from openipt.rooms.filling.typed import Typed, pairs_below
from openipt.therapy.forms import Form
from openipt.therapy.forms.checking import choices_of
from openipt.therapy.forms.items import ChoiceItem, ChoicesItem, DateItem, GroupItem, NumberItem, ScaleItem
from openipt.therapy.forms.layout import ACROSS

MOST_SPREAD = 12  # so many answers are spread out; more stand in a list
MOST_FEELINGS = 42  # as many as the vocabulary has
CHIP = 34  # characters: about seven short words
EVERYBODY = {"violence-check": (("all_current", "Everybody in this life now"),)}  # no person, and not nobody
_ISO = {"date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z"), "time": re.compile(r"[0-9]{2}:[0-9]{2}\Z")}


@dataclass(frozen=True, slots=True)
class Page:
    """What a sheet is laid out with."""

    form: Form
    typed: Typed
    read: Read
    people: Mapping[str, str] = field(default_factory=dict)  # of the circle: id -> what the client calls them
    wrong: Mapping[str, Sequence[str]] = field(
        default_factory=dict
    )  # name of a field -> what cannot be taken, in words
    staff: bool = True
    fresh: str | None = None  # the name of a row that was just added
    sounds: Mapping[str, str] = field(default_factory=dict)  # item -> the address of its recording


def field_for(page: Page, item: Any, typed: Typed, common: dict[str, Any]) -> Field:
    """Return the field of an item that is no group; `common` is what every kind has."""
    return _MAKERS[item.kind](page, item, typed, common)


def _choice(page: Page, item: ChoiceItem, typed: Typed, common: dict[str, Any]) -> Field:
    pairs = list(_rows_to_choose(page, item)) if item.rows_of else _pairs(page.form, item)
    options = _options(pairs, [typed.one()], common["id"])
    way: Way = "choose" if len(pairs) <= MOST_SPREAD and not item.rows_of else "pick"
    more: dict[str, Any] = {}
    if item.other or typed.one(OTHER):
        more = {"other": typed.one(OTHER), "other_asked": "Or in your own words"}
    return Field(way, options=options, chips=_short(page, options), typed=typed.one(), **more, **common)


def _pairs(form: Form, item: ChoiceItem | ChoicesItem) -> list[tuple[str, str]]:
    pairs = [(str(value), words) for value, words in choices_of(form, item)]
    return [*pairs, ("na", "Does not apply")] if isinstance(item, ChoiceItem) and item.allow_na else pairs


def _rows_to_choose(page: Page, item: ChoiceItem) -> Iterator[tuple[str, str]]:
    group = next((one for one in page.form.items if one.id == item.rows_of), None)
    named = (group.row if isinstance(group, GroupItem) else None) or "row"
    rows = page.typed.at(item.rows_of or "").rows()
    for number, (key, row) in enumerate(rows, 1):
        texts = [text for name, text in pairs_below(row, "") if name.count(".") == 1 and len(text) > 1]
        said = max(texts, key=len, default="")
        yield key, f"{named.capitalize()} {number}" + (f": {shortened(said)}" if said else "")


def _choices(page: Page, item: ChoicesItem, typed: Typed, common: dict[str, Any]) -> Field:
    options = _options(_pairs(page.form, item), typed.said, common["id"])
    more: dict[str, Any] = {}
    if item.other or typed.one(OTHER):
        more = {"other": typed.one(OTHER), "other_asked": "Something else, one on a line", "other_many": True}
    return Field("many", options=options, chips=_short(page, options), **more, **common)


def _options(pairs: Sequence[tuple[str, str]], marked: Sequence[str], where: str) -> tuple[Option, ...]:
    """Return the answers on offer; one that was marked and is not among them is offered too: nothing typed is lost."""
    known = {value for value, _ in pairs}
    strange = [(value, f"“{shortened(value)}”") for value in dict.fromkeys(marked) if value and value not in known]
    return tuple(
        Option(value, words, value in marked, f"{where}-{n}") for n, (value, words) in enumerate([*pairs, *strange])
    )


def _short(page: Page, options: Sequence[Option]) -> bool:
    return page.form.kind == "worksheet" and all(len(option.words) <= CHIP for option in options)


def _scale(page: Page, item: ScaleItem, typed: Typed, common: dict[str, Any]) -> Field:  # noqa: ARG001
    steps = [f"{item.min + n * item.step:g}" for n in range(round((item.max - item.min) / item.step) + 1)]
    options = _options([(step, step) for step in steps], [typed.one().strip()], common["id"])
    way: Way = "across" if len(steps) <= ACROSS else "pick" if len(steps) > MOST_SPREAD else "choose"
    return Field(way, options=options, low=item.low, high=item.high, typed=typed.one(), **common)


def _yes_no(page: Page, item: Any, typed: Typed, common: dict[str, Any]) -> Field:  # noqa: ARG001
    options = _options([("yes", "Yes"), ("no", "No")], [typed.one()], common["id"])
    return Field("choose", options=options, chips=True, typed=typed.one(), **common)


def _line(page: Page, item: Any, typed: Typed, common: dict[str, Any]) -> Field:  # noqa: ARG001
    text = typed.one()
    unit = item.unit if isinstance(item, NumberItem) else None
    keys = {"whole": "numeric", "number": "decimal"}.get(item.kind, "")
    kind = {"phone": "tel", "time": input_kind("time", text)}.get(item.kind, "text")
    return Field("box" if "\n" in text else "line", typed=text, kind=kind, keys=keys, unit=unit, **common)


def _box(page: Page, item: Any, typed: Typed, common: dict[str, Any]) -> Field:  # noqa: ARG001
    return Field("box", typed=typed.one(), **common)


def _date(page: Page, item: DateItem, typed: Typed, common: dict[str, Any]) -> Field:  # noqa: ARG001
    whole = typed.one()
    parts = {part: typed.one(part) for part in (DAY, MONTH, YEAR)}
    if item.precision == "day" or whole:
        said = whole or "-".join(part for part in (parts[YEAR], parts[MONTH], parts[DAY]) if part)
        return Field("day", typed=said, kind=input_kind("date", said), **common)
    return Field("date", day=parts[DAY], month=parts[MONTH], year=parts[YEAR], **common)


def _moment(page: Page, item: Any, typed: Typed, common: dict[str, Any]) -> Field:  # noqa: ARG001
    if typed.one():
        return Field("line", typed=typed.one(), **common)
    day, time = typed.one(DAY), typed.one(TIME)
    kind, keys = input_kind("date", day), input_kind("time", time)
    return Field("moment", day=day, time=time, kind=kind, keys=keys, **common)


def input_kind(kind: str, text: str) -> str:
    """Return the kind of input; a browser shows nothing of a date it cannot read, so that one stays plain text."""
    return kind if not text or _ISO[kind].match(text) else "text"


def _person(page: Page, item: Any, typed: Typed, common: dict[str, Any]) -> Field:  # noqa: ARG001
    options = _options(list(page.people.items()), [typed.one()], common["id"])
    asked = "Somebody else" if options else "A name or initials"
    return Field("person", options=options, chips=True, other=typed.one(OTHER), other_asked=asked, **common)


def _people(page: Page, item: Any, typed: Typed, common: dict[str, Any]) -> Field:  # noqa: ARG001
    pairs = [*page.people.items(), *EVERYBODY.get(page.form.id, ())]
    options = _options(pairs, typed.said, common["id"])
    asked = "Somebody else, one name on a line" if options else "Names or initials, one on a line"
    own = typed.one(OTHER)
    return Field("person", options=options, chips=True, other=own, other_asked=asked, other_many=True, **common)


def _feelings(page: Page, item: Any, typed: Typed, common: dict[str, Any]) -> Field:  # noqa: ARG001
    name = common["name"]
    rows = typed.rows()
    if not rows or not rows[-1][1].is_blank:
        rows.append((str(int(rows[-1][0]) + 1 if rows else 0), Typed()))
    made = [
        Row(f"{name}.{key}", n, (), f"{name}.{key}" == page.fresh, row.at(WORD).one(), row.one(STRENGTH))
        for n, (key, row) in enumerate(rows[:MOST_FEELINGS], 1)
    ]
    beyond = tuple(row.at(WORD).one() for _, row in rows[MOST_FEELINGS:])
    return Field("feelings", rows=tuple(made), row_name="feeling", beyond=beyond, **common)


_MAKERS: dict[str, Callable[..., Field]] = {
    "choice": _choice,
    "choices": _choices,
    "scale": _scale,
    "yes_no": _yes_no,
    "whole": _line,
    "number": _line,
    "text": _line,
    "phone": _line,
    "time": _line,
    "long_text": _box,
    "date": _date,
    "moment": _moment,
    "person": _person,
    "people": _people,
    "feelings": _feelings,
}
