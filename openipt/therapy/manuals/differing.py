"""What differs between two manuals, or two versions of one: what keeps people safe first, in plain lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openipt.therapy.manuals.definition import Manual

FIRST = ("safety", "gates", "forbid")
_NAMES = ("id", "task", "of", "finding")  # what an entry of a list is called by, whichever it has
_MARGIN = 90


def differences(before: Manual, after: Manual) -> list[tuple[str, list[str]]]:
    """Return the parts that differ, each with its lines; safety, gates and what is forbidden come first."""
    old, new = before.model_dump(mode="json"), after.model_dump(mode="json")
    parts = [*FIRST, *(key for key in old if key not in FIRST)]
    found = [(key, list(_lines(old[key], new[key], ""))) for key in parts]
    return [(key, lines) for key, lines in found if lines]


def _lines(old: Any, new: Any, way: str) -> Iterator[str]:
    if old == new:
        return
    if _named(old) and _named(new) and (old or new):
        yield from _entries(_by_name(old), _by_name(new), way)
    elif isinstance(old, dict) and isinstance(new, dict):
        yield from _entries(old, new, way)
    elif isinstance(old, list) and isinstance(new, list) and set(map(repr, old)) != set(map(repr, new)):
        before = f"{way}: " if way else ""
        yield from (f"{before}added {_short(one)}" for one in new if one not in old)
        yield from (f"{before}removed {_short(one)}" for one in old if one not in new)
    else:
        # In full: shortened, two long sentences could look the same.
        yield f"changed{' ' + way if way else ''}: {_plain(old)} -> {_plain(new)}"


def _entries(old: dict[str, Any], new: dict[str, Any], way: str) -> Iterator[str]:
    for name in [*old, *(name for name in new if name not in old)]:
        place = f"{way}.{name}" if way else name
        if name not in old:
            yield f"added {place}: {_short(new[name])}"
        elif name not in new:
            yield f"removed {place}: {_short(old[name])}"
        else:
            yield from _lines(old[name], new[name], place)
    if list(old) != list(new) and set(old) == set(new):
        yield f"changed{' ' + way if way else ''}: another order, {', '.join(new)}"


def _named(values: Any) -> bool:
    return isinstance(values, list) and all(isinstance(one, dict) and _name(one) for one in values)


def _by_name(values: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in values:
        name, number = _name(one), 2
        while name in found:  # a task may be offered twice
            name, number = f"{_name(one)} ({number})", number + 1
        found[name] = one
    return found


def _name(one: dict[str, Any]) -> str:
    return next((str(one[key]) for key in _NAMES if one.get(key)), "")


def _short(value: Any) -> str:
    if isinstance(value, dict):
        said = [f"{key} {_plain(one)}" for key, one in value.items() if one not in (None, [], {}, "", False)]
        text = "; ".join(said)
    else:
        text = _plain(value)
    return text if len(text) <= _MARGIN else text[: _MARGIN - 3] + "..."


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_plain, value)) or "nothing"
    return "nothing" if value is None or value == {} else str(value)
