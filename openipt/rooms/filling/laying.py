"""Lay a form out for filling in: its questions as fields, with what was typed, however wrong, in its place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from openipt.rooms.filling.asking import Page, field_for
from openipt.rooms.filling.conditions import conditions_of, told
from openipt.rooms.filling.fields import Field, Row
from openipt.rooms.filling.reading import row_of
from openipt.rooms.filling.typed import Typed, pairs_below
from openipt.therapy.forms.items import GroupItem, NoteItem
from openipt.therapy.forms.layout import MOST_COLUMNS

MOST_FIRST_ROWS = 7  # rows that an empty sheet opens with, at most


@dataclass(frozen=True, slots=True)
class Spot:
    """Where on the sheet we are: in which rows, and what names mean here."""

    name: str = ""  # of fields, with a dot at its end
    way: str = ""  # the same without the numbers of rows
    around: tuple[Mapping[str, Any], ...] = ()
    known: tuple[tuple[str, Mapping[str, Any]], ...] = ()  # (name before, items), innermost first

    def field_of(self, name: str) -> tuple[str, Any] | None:
        """Return the name of the field that a name in a condition means, and its item."""
        first, *rest = name.split(".")
        for before, items in self.known:
            if first in items:
                item, full = items[first], f"{before}{first}"
                for part in rest:
                    inside = {one.id: one for one in item.items} if isinstance(item, GroupItem) else {}
                    if part not in inside:
                        return None
                    item, full = inside[part], f"{full}.{part}"
                return full, item
        return None

    def into(self, item: GroupItem, name: str, row: Mapping[str, Any]) -> Spot:
        """Return the spot inside a group, or inside one of its rows."""
        inside = {one.id: one for one in item.items}
        known = ((f"{name}.", inside), *self.known)
        return Spot(f"{name}.", f"{self.way}{item.id}.", (*self.around, row), known)


def fields_of(page: Page) -> tuple[Field, ...]:
    """Return the fields of a sheet, in the order they are asked."""
    spot = Spot(known=(("", {item.id: item for item in page.form.items}),))
    made = _fields(page, page.form.items, page.typed, spot)
    return tuple(_together(made)) if page.form.kind == "questionnaire" else tuple(made)


def _fields(page: Page, items: Sequence[Any], typed: Typed, spot: Spot) -> list[Field]:
    asked = [item for item in items if page.staff or not item.staff_only]
    made: list[Field] = []
    for later, run in groupby(asked, key=lambda item: item.later and page.form.kind == "worksheet"):
        fields = [_field(page, item, typed.at(item.id), spot) for item in run]
        made += [_folded(fields)] if later else fields
    return made


def _folded(fields: list[Field]) -> Field:
    """Fold what is asked on demand; what holds an answer, or something wrong, stands open."""
    named = fields[0].way == "heading" and len(fields) > 1
    inside = fields[1:] if named else fields
    words = fields[0].asked if named or len(fields) == 1 else f"{fields[0].asked} And more"
    return Field(
        "more", fields[0].name, f"{fields[0].id}-more", words, fields=tuple(inside), open=any(map(holds, inside))
    )


def holds(one: Field) -> bool:
    """Whether a field, or one inside it, holds something typed or something wrong."""
    here = one.typed or one.other or one.day or one.month or one.year or one.time or one.wrong
    rows = any(row.word or row.strength or any(map(holds, row.fields)) for row in one.rows)
    return bool(here or rows or any(option.marked for option in one.options) or any(map(holds, one.fields)))


def _field(page: Page, item: Any, typed: Typed, spot: Spot) -> Field:
    name = f"{spot.name}{item.id}"
    asked = item.label or item.topic or item.id
    when = told(item.show_when, spot.field_of) if item.show_when else None
    common: dict[str, Any] = {
        "name": name,
        "id": id_of(name),
        "asked": asked,
        "help": item.help,
        "example": item.example,
        "picture": item.picture,
        "sound": page.sounds.get(f"{spot.way}{item.id}", ""),
        "required": item.required,
        "private": item.private,
        "applies": conditions_of(page.form).holds(f"{spot.way}{item.id}", page.read.answers, spot.around),
        "when": json.dumps(when) if when else None,
    }
    if isinstance(item, NoteItem):
        return Field("heading" if item.heading else "note", **common)
    if isinstance(item, GroupItem):
        return _group(page, item, typed, spot, common)
    common["wrong"] = tuple(_wrong(page, name))
    return field_for(page, item, typed, common)


def _wrong(page: Page, name: str) -> Iterator[str]:
    for place, words in page.wrong.items():
        if place == name or place.startswith(f"{name}."):
            yield from words


def id_of(name: str) -> str:
    """Return the id of a field on the page."""
    return "f-" + name.replace(".", "-")


# ---- groups ----


def _group(page: Page, item: GroupItem, typed: Typed, spot: Spot, common: dict[str, Any]) -> Field:
    name = common["name"]
    common["wrong"] = tuple(page.wrong.get(name, ()))
    if item.repeat is None:
        row = row_of(page.form, item, typed)
        fields = _fields(page, item.items, typed, spot.into(item, name, {**row, "row": 1}))
        return Field("part", fields=tuple(fields), **common)
    rows = typed.rows() or [(str(n), Typed()) for n in range(min(max(item.repeat.least, 1), MOST_FIRST_ROWS))]
    shown, beyond = rows[: item.repeat.most], rows[item.repeat.most :]
    made = [_row(page, item, row, spot, name, key, number) for number, (key, row) in enumerate(shown, 1)]
    texts = tuple(text for key, row in beyond for _, text in pairs_below(row, key) if text.strip())
    can_add = len(rows) < item.repeat.most
    return Field("rows", rows=tuple(made), row_name=item.row or "row", can_add=can_add, beyond=texts, **common)


def _row(page: Page, item: GroupItem, typed: Typed, spot: Spot, name: str, key: str, number: int) -> Row:
    said = {**row_of(page.form, item, typed), "row": number}
    fields = _fields(page, item.items, typed, spot.into(item, f"{name}.{key}", said))
    return Row(f"{name}.{key}", number, tuple(fields), fresh=f"{name}.{key}" == page.fresh)


# ---- questions that share their answers stand together, as they do on paper ----


def _together(fields: list[Field]) -> Iterator[Field]:
    for words, run in groupby(fields, key=_shared):
        together = tuple(run)
        if words and len(together) > 1:
            first = together[0]
            yield Field("table", first.name, f"{first.id}-table", "", columns=words, fields=together)
        else:
            yield from together


def _shared(one: Field) -> tuple[str, ...]:
    plain = one.way == "choose" and one.other is None and 2 < len(one.options) <= MOST_COLUMNS
    return tuple(option.words for option in one.options) if plain else ()
