"""The meaning of an expression: a closure over a sheet, three-valued. None means: not known yet."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from openipt.therapy.forms.expressions import Call, Misread, Name, Operation, Rows, Tree, Value, parse

Answers = Mapping[str, Any]
Lines = tuple[Mapping[str, Any], ...]  # the rows that surround an expression, outermost first
Meaning = Callable[[Answers, Mapping[str, Any], Lines], Any]
Range = Callable[[Answers], tuple[float, float] | None]

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COUNT: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda a, b: a / b if b else None,
}


class Scope:
    """What names an expression may use: items by group, and the computed values (scores, algorithms)."""

    def __init__(
        self,
        items: Mapping[str, Any],
        computed: Mapping[str, Range | None],
        rows: tuple[Mapping[str, Any], ...] = (),
    ) -> None:
        self.items = items  # name -> None for a plain item, a mapping of its own items for a group
        self.computed = computed  # name -> how far the value can still go, where it is a score
        self.rows = rows

    def inside(self, group: str) -> Scope:
        """Return the scope of one row of a group; raise Misread where there is no such group."""
        for names in (*reversed(self.rows), self.items):
            if isinstance(names.get(group), Mapping):
                return Scope(self.items, self.computed, (*self.rows, names[group]))
        raise Misread(f"{group!r} is no group of this form; expected one of {self._groups()}")

    def depth(self, name: str) -> int:
        """Return where a name lives: the number of the surrounding row (innermost highest), or -1 for the sheet."""
        for level in range(len(self.rows) - 1, -1, -1):
            if name in self.rows[level]:
                return level
        if name in self.items:
            return -1
        known = sorted({*self.items, *self.computed, *(key for row in self.rows for key in row)})
        raise Misread(f"the name {name!r} is not known here; expected one of {', '.join(known)}")

    def _groups(self) -> str:
        return ", ".join(sorted(key for key, value in self.items.items() if isinstance(value, Mapping))) or "no groups"


def understand(text: str, scope: Scope) -> Meaning:
    """Parse an expression and bind its names; raise Misread where a name is unknown."""
    return _mean(parse(text), scope)


def _mean(tree: Tree, scope: Scope) -> Meaning:
    if isinstance(tree, Value):
        value = tree.value
        return lambda a, v, r: value
    if isinstance(tree, Name):
        return _name(tree.name, scope)
    if isinstance(tree, Operation):
        return _operation(tree, scope)
    if isinstance(tree, Call):
        return _call(tree, scope)
    return _rows(tree, scope)


def _name(name: str, scope: Scope) -> Meaning:
    if name == "row" and scope.rows:
        return lambda a, v, r: r[-1]["row"]
    if name in scope.computed:
        return lambda a, v, r: v.get(name)
    if "." in name:
        first, *way = name.split(".")
        start = _name(first, scope)
        return lambda a, v, r: _walk(start(a, v, r), way)
    level = scope.depth(name)
    if level < 0:
        return lambda a, v, r: a.get(name)
    return lambda a, v, r: r[level].get(name)


def _walk(value: Any, way: list[str]) -> Any:
    for part in way:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _operation(tree: Operation, scope: Scope) -> Meaning:
    sign = tree.sign
    if sign == "not":
        inner = _mean(tree.parts[0], scope)
        return lambda a, v, r: None if (known := inner(a, v, r)) is None else not known
    left, right = (_mean(part, scope) for part in tree.parts)
    if sign == "and":
        return _both(left, right)
    if sign == "or":
        return _either(left, right)
    if sign in _COUNT:
        count = _COUNT[sign]
        return lambda a, v, r: None if (x := left(a, v, r)) is None or (y := right(a, v, r)) is None else count(x, y)
    if sign == "has":
        return lambda a, v, r: None if (x := left(a, v, r)) is None else right(a, v, r) in x
    if sign == "in":
        return lambda a, v, r: None if (x := left(a, v, r)) is None else x in right(a, v, r)
    compare = _COMPARE[sign]
    first, second = tree.parts
    if isinstance(first, Name) and isinstance(second, Value) and scope.computed.get(first.name) is not None:
        return _certain(first.name, compare, second.value, scope.computed[first.name])
    if isinstance(first, Name) and isinstance(second, Value) and not scope.rows and "." not in first.name:
        return _plain(first.name, compare, second.value, scope)
    return lambda a, v, r: _compared(compare, left(a, v, r), right(a, v, r))


def _plain(name: str, compare: Callable[[Any, Any], bool], value: Any, scope: Scope) -> Meaning:
    """Compare an item of the sheet with a constant: by far the commonest case, so it has its own short way."""
    if name in scope.computed:
        return lambda a, v, r: None if (x := v.get(name)) is None else compare(x, value)
    scope.depth(name)
    return lambda a, v, r: None if (x := a.get(name)) is None else _compared(compare, x, value)


def _certain(name: str, compare: Callable[[Any, Any], bool], value: Any, reach: Range | None) -> Meaning:
    """Compare a score with a constant; while the score is unknown, say so only if every completion would agree."""

    def meaning(a: Answers, v: Mapping[str, Any], r: Lines) -> bool | None:
        score = v.get(name)
        if score is not None:
            return compare(score, value)
        ends = reach(a) if reach else None
        if ends is None:
            return None
        least, most = ends
        if compare is operator.eq or compare is operator.ne:
            if least <= value <= most and least != most:
                return None
            return compare(least, value)
        low, high = compare(least, value), compare(most, value)
        return low if low == high else None

    return meaning


def _compared(compare: Callable[[Any, Any], bool], x: Any, y: Any) -> bool | None:
    if x is None or y is None:
        return None
    if compare not in (operator.eq, operator.ne) and isinstance(x, str) != isinstance(y, str):
        return None  # "does not apply" is neither above nor below a number
    return compare(x, y)


def _both(left: Meaning, right: Meaning) -> Meaning:
    def meaning(a: Answers, v: Mapping[str, Any], r: Lines) -> bool | None:
        x = left(a, v, r)
        if x is False:
            return False
        y = right(a, v, r)
        if y is False:
            return False
        return None if x is None or y is None else bool(x and y)

    return meaning


def _either(left: Meaning, right: Meaning) -> Meaning:
    def meaning(a: Answers, v: Mapping[str, Any], r: Lines) -> bool | None:
        x = left(a, v, r)
        if x is True:
            return True
        y = right(a, v, r)
        if y is True:
            return True
        return None if x is None or y is None else bool(x or y)

    return meaning


def _call(tree: Call, scope: Scope) -> Meaning:
    parts = [_mean(part, scope) for part in tree.parts]
    first = parts[0]
    if tree.name == "missing":
        return lambda a, v, r: _blank(first(a, v, r))
    if tree.name == "answered":
        return lambda a, v, r: not _blank(first(a, v, r))
    if tree.name == "length":
        return lambda a, v, r: None if (x := first(a, v, r)) is None else len(x)
    second = parts[1]
    if tree.name == "days":
        return lambda a, v, r: _days(first(a, v, r), second(a, v, r))
    return lambda a, v, r: None if (x := first(a, v, r)) is None else any(w in x.casefold() for w in second(a, v, r))


def _blank(value: Any) -> bool:
    return value is None or value == "" or value == [] or value == {}


def _days(start: Any, end: Any) -> int | None:
    """Days between two full dates; None while either is unknown or known only to the month."""
    try:
        return (date.fromisoformat(str(end)[:10]) - date.fromisoformat(str(start)[:10])).days
    except ValueError:
        return None


def _rows(tree: Rows, scope: Scope) -> Meaning:
    inner = scope.inside(tree.group)
    group = _name(tree.group, scope)
    where = _mean(tree.where, inner) if tree.where else None
    body = _mean(tree.body, inner) if tree.body else None
    finish = _FINISH[tree.name]

    def meaning(a: Answers, v: Mapping[str, Any], r: Lines) -> Any:
        rows = group(a, v, r)
        if rows is None:
            return None  # not filled in yet: neither none nor all
        rows = (rows,) if isinstance(rows, Mapping) else rows
        found = []
        for number, row in enumerate(rows, 1):
            around = (*r, {**row, "row": number})
            if where is None or where(a, v, around):
                found.append(body(a, v, around) if body else True)
        return finish(found)

    return meaning


def _of_known(make: Callable[[list[Any]], Any]) -> Callable[[list[Any]], Any]:
    """Apply `make` to what is known; None where nothing is."""
    return lambda found: make(known) if (known := [value for value in found if value is not None]) else None


_FINISH: dict[str, Callable[[list[Any]], Any]] = {
    "count": len,
    "sum": _of_known(sum),
    "mean": _of_known(lambda known: sum(known) / len(known)),
    "least": _of_known(min),
    "most": _of_known(max),
    "list": lambda found: [value for value in found if not _blank(value)],
    "any": lambda found: True if True in found else None if None in found else False,
    "all": lambda found: False if False in found else None if None in found else True,
    "doubles": lambda found: len(found) - len({repr(value) for value in found}),
}
