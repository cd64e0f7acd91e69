"""Read what was typed as answers. What cannot be read is named and kept; nothing here ever raises."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from openipt.rooms.filling.kinds import PARTS, READERS
from openipt.rooms.filling.said import OTHER, STRENGTH, WORD, Read, Wrong, feeling_of, number_of, shortened, words
from openipt.rooms.filling.typed import Typed, is_row, pairs_below
from openipt.therapy.forms import Form
from openipt.therapy.forms.items import FeelingsItem, GroupItem, NoteItem


def read(form: Form, root: Typed) -> Read:
    """Read a whole sheet. Blank fields and blank rows are left out: a blank is no answer, and never zero."""
    found = Read({})
    by_id = {item.id: item for item in form.items if not isinstance(item, NoteItem)}
    _stray(root, by_id, "", found)
    # Groups first: an item may point to a row of one, and rows left blank do not count.
    order = sorted(by_id.values(), key=lambda item: not isinstance(item, GroupItem))
    below = root.below
    given = {item.id: _item(form, item, below[item.id], item.id, item.id, found) for item in order if item.id in below}
    found.answers = {name: given[name] for name in by_id if given.get(name) is not None}
    return found


def row_of(form: Form, item: GroupItem, typed: Typed) -> dict[str, Any]:
    """Return the answers of one row of a group, or of a group without rows, as far as they can be read."""
    return _row(form, item, typed, "", "", Read({})) or {}


def _stray(place: Typed, known: Iterable[str], name: str, found: Read) -> None:
    """Note fields that stand where nothing is asked."""
    for part, below in place.below.items():
        if part not in known:
            found.strange += [pair for pair in pairs_below(below, f"{name}{part}") if pair[1].strip()]


def _item(form: Form, item: Any, typed: Typed, name: str, place: str, found: Read) -> Any:
    found.places[place] = name
    if isinstance(item, GroupItem):
        return (_rows if item.repeat else _row)(form, item, typed, name, place, found)
    if isinstance(item, FeelingsItem):
        return _feelings(item, typed, name, found)
    _stray(typed, PARTS.get(item.kind, (OTHER,)), f"{name}.", found)
    return READERS[item.kind](form, item, typed, name, found)


def _row(form: Form, item: GroupItem, typed: Typed, name: str, place: str, found: Read) -> dict[str, Any] | None:
    asked = {child.id: child for child in item.items if not isinstance(child, NoteItem)}
    if typed.one().strip():
        found.strange.append((name, typed.one()))
    _stray(typed, asked, f"{name}.", found)
    given = {
        key: value
        for key, child in asked.items()
        if key in typed.below
        and (value := _item(form, child, typed.below[key], f"{name}.{key}", f"{place}.{key}", found)) is not None
    }
    return given or None


def _rows(form: Form, item: GroupItem, typed: Typed, name: str, place: str, found: Read) -> list[Any] | None:
    if typed.one().strip():
        found.strange.append((name, typed.one()))
    _stray(typed, [key for key in typed.below if is_row(key)], f"{name}.", found)
    rows: list[dict[str, Any]] = []
    kept: list[str] = []
    for key, row in typed.rows():
        given = _row(form, item, row, f"{name}.{key}", f"{place}[{len(rows)}]", found)
        if given is not None:
            found.places[f"{place}[{len(rows)}]"] = f"{name}.{key}"
            rows.append(given)
            kept.append(key)
    found.kept[name] = kept
    return rows or None


def _feelings(item: FeelingsItem, typed: Typed, name: str, found: Read) -> list[dict[str, Any]] | None:
    _stray(typed, [key for key in typed.below if is_row(key)], f"{name}.", found)
    felt = []
    for key, row in typed.rows():
        _stray(row, (WORD, STRENGTH), f"{name}.{key}.", found)
        word, strength = words(row.at(WORD), f"{name}.{key}.{WORD}", found), row.one(STRENGTH).strip()
        if word:
            felt.append({"emotion": feeling_of(word)})
            if strength:
                felt[-1]["intensity"] = _strength(item, strength, f"{name}.{key}.{STRENGTH}", found)
        elif strength:
            found.wrong.append(Wrong(f"{name}.{key}.{WORD}", "There is a number and no feeling beside it."))
    return felt or None


def _strength(item: FeelingsItem, text: str, name: str, found: Read) -> Any:
    number = number_of(text)
    if not item.strength or not isinstance(number, (int, float)) or not 0 <= number <= 10:
        found.wrong.append(Wrong(name, f"A strength goes from 0 to 10; you wrote “{shortened(text)}”."))
    return number
