"""What a complete sheet has: required items and the rows of groups, wherever they stand, named by their path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from openipt.therapy.forms.items import GroupItem
from openipt.therapy.forms.meaning import Answers, Lines, Meaning, Scope, bound

_BLANK: tuple[Any, ...] = (None, "", [], {})


class Wanted(NamedTuple):
    """An item that a complete sheet may need something of: itself, rows of it, or something inside it."""

    id: str
    required: bool
    shown: Meaning | None
    repeats: bool
    least: int
    inside: tuple[Wanted, ...]


def wanted_of(items: Iterable[Any], scope: Scope, scored: frozenset[str] = frozenset(), way: str = "") -> list[Wanted]:
    """Find what is needed; scored items are named by their scores. Binding proves every `show_when` on the way."""
    found: list[Wanted] = []
    for item in items:
        place = f"{way}{item.id}"
        shown = bound(item.show_when, place, scope) if item.show_when else None
        inside: list[Wanted] = []
        repeat = None
        if isinstance(item, GroupItem):
            inside = wanted_of(item.items, scope.inside(item.id), way=f"{place}.")
            repeat = item.repeat
        needed = item.required and item.id not in scored
        if needed or inside or (repeat and repeat.least):
            least = repeat.least if repeat else 0
            found.append(Wanted(item.id, needed, shown, repeat is not None, least, tuple(inside)))
    return found


def blank_of(wanted: Sequence[Wanted], a: Answers, v: Mapping[str, Any]) -> Iterator[str]:
    """Name what is needed, was shown, and is blank: `who`, `lines[0].said`, or `lines[2]` for an absent row."""
    return _blank(wanted, a, v, a, (), "")


def _blank(
    wanted: Sequence[Wanted], a: Answers, v: Mapping[str, Any], here: Mapping[str, Any], around: Lines, way: str
) -> Iterator[str]:
    for one in wanted:
        if one.shown is not None and one.shown(a, v, around) is not True:
            continue
        path, value = f"{way}{one.id}", here.get(one.id)
        if one.required and value in _BLANK:
            yield path
        elif one.repeats:
            rows = value or ()
            for place, row in enumerate(rows):
                yield from _blank(one.inside, a, v, row, (*around, {**row, "row": place + 1}), f"{path}[{place}].")
            yield from (f"{path}[{place}]" for place in range(len(rows), one.least))
        elif one.inside:
            row = value or {}
            yield from _blank(one.inside, a, v, row, (*around, {**row, "row": 1}), f"{path}.")
