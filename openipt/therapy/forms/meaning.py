"""The meaning of an expression: a closure over a sheet, three-valued. None means: not known yet."""

# ruff: noqa: ARG001, ARG005 - closures of one kind share one signature, whether or not they need all of it
from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
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
_TURNED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
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
        outcomes: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self.items = items  # name -> None for a plain item, a mapping of its own items for a group
        self.computed = computed  # name -> how far the value can still go, where it is a score
        self.rows = rows
        self.outcomes = outcomes or {}  # of algorithms with named outcomes: their ids

    def inside(self, group: str) -> Scope:
        """Return the scope of one row of a group; raise Misread where there is no such group."""
        for names in (*reversed(self.rows), self.items):
            if isinstance(names.get(group), Mapping):
                return Scope(self.items, self.computed, (*self.rows, names[group]), self.outcomes)
        raise Misread(f"{group!r} is no group of this form; expected one of {self._groups()}")

    def level(self, name: str) -> int | None:
        """Return the number of the surrounding row a name belongs to (innermost highest); None where to none."""
        return next((n for n in range(len(self.rows) - 1, -1, -1) if name in self.rows[n]), None)

    def depth(self, name: str) -> int:
        """Return where a name lives: the number of the surrounding row (innermost highest), or -1 for the sheet."""
        level = self.level(name)
        if level is not None:
            return level
        if name in self.items:
            return -1
        raise self.unknown(name, {*self.items, *self.computed, *(key for row in self.rows for key in row)})

    def unknown(self, name: str, known: Iterable[str]) -> Misread:
        """Say that a name is not known, and which are."""
        return Misread(f"the name {name!r} is not known here; expected one of {', '.join(sorted(known))}")

    def _groups(self) -> str:
        return ", ".join(sorted(key for key, value in self.items.items() if isinstance(value, Mapping))) or "no groups"


def understand(text: str, scope: Scope) -> Meaning:
    """Parse an expression and bind its names; raise Misread where a name is unknown."""
    return bind(parse(text), scope)


def bound(text: str, where: str, scope: Scope) -> Meaning:
    """Parse and bind an expression; raise Misread that names where it stands."""
    try:
        return understand(text, scope)
    except Misread as problem:
        raise Misread(f"in {where!r}: {problem}", text) from problem


def bind(tree: Tree, scope: Scope) -> Meaning:
    """Bind the names of a tree that was parsed; raise Misread where a name is unknown."""
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
    if name in scope.computed and scope.level(name) is None:
        return lambda a, v, r: v.get(name)
    if "." in name:
        return _dotted(name, scope)
    level = scope.depth(name)
    if level < 0:
        return lambda a, v, r: a.get(name)
    return lambda a, v, r: r[level].get(name)


def _dotted(name: str, scope: Scope) -> Meaning:
    """Bind `group.item`: an item of a group that has no rows of its own."""
    first, *way = name.split(".")
    start = _name(first, scope)
    level = scope.level(first)
    known: Any = scope.items.get(first) if level is None else scope.rows[level][first]
    for part in way:
        if not isinstance(known, Mapping) or part not in known:
            raise scope.unknown(name, [f"{first}.{key}" for key in known] if isinstance(known, Mapping) else [first])
        known = known[part]
    return lambda a, v, r: _walk(start(a, v, r), way)


def _walk(value: Any, way: list[str]) -> Any:
    for part in way:
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _operation(tree: Operation, scope: Scope) -> Meaning:
    sign = tree.sign
    if sign == "not":
        inner = bind(tree.parts[0], scope)
        return lambda a, v, r: None if (known := inner(a, v, r)) is None else not known
    left, right = bind(tree.parts[0], scope), bind(tree.parts[1], scope)
    _prove_outcomes(tree, scope)
    if sign == "and":
        return _both(left, right)
    if sign == "or":
        return _either(left, right)
    if sign in _COUNT:
        return _of_two(_COUNT[sign], left, right)
    if sign == "has":
        return _of_two(lambda x, y: y in x, left, right)
    if sign == "in":
        return _of_two(lambda x, y: x in y, left, right)
    first, second = tree.parts
    if isinstance(first, Value) and isinstance(second, Name):
        first, second, sign, left, right = second, first, _TURNED[sign], right, left
    compare = _COMPARE[sign]
    if isinstance(first, Name) and isinstance(second, Value) and scope.level(first.name) is None:
        if scope.computed.get(first.name) is not None:
            return _certain(first.name, compare, second.value, scope.computed[first.name])
        if not scope.rows and "." not in first.name:
            return _plain(first.name, compare, second.value, scope)
    return lambda a, v, r: _compared(compare, left(a, v, r), right(a, v, r))


def _prove_outcomes(tree: Operation, scope: Scope) -> None:
    """Refuse to compare a rule with an outcome that it does not have: a slip of spelling would never speak."""
    names = [part.name for part in tree.parts if isinstance(part, Name) and part.name in scope.outcomes]
    values = [part.value for part in tree.parts if isinstance(part, Value)]
    for known in [scope.outcomes[name] for name in names]:
        for value in values[0] if values and isinstance(values[0], tuple) else values:
            if value not in known:
                raise Misread(f"{value!r} is no outcome of {names[0]!r}; expected one of {', '.join(sorted(known))}")


def _of_two(make: Callable[[Any, Any], Any], left: Meaning, right: Meaning) -> Meaning:
    """Apply `make` to two known values; what cannot be put together (a word plus a number) is not known."""

    def meaning(a: Answers, v: Mapping[str, Any], r: Lines) -> Any:
        x, y = left(a, v, r), right(a, v, r)
        if x is None or y is None:
            return None
        try:
            return make(x, y)
        except (TypeError, OverflowError):
            return None

    return meaning


def _plain(name: str, compare: Callable[[Any, Any], bool], value: Any, scope: Scope) -> Meaning:
    """Compare an item of the sheet with a constant: by far the commonest case, so it has its own short way."""
    if name in scope.computed:
        return lambda a, v, r: None if (x := v.get(name)) is None else compare(x, value)
    scope.depth(name)
    if compare in (operator.eq, operator.ne):
        return lambda a, v, r: None if (x := a.get(name)) is None else compare(x, value)
    return lambda a, v, r: (
        None
        if (x := a.get(name)) is None
        else compare(x, value)
        if x.__class__ is int
        else _compared(compare, x, value)
    )


def _certain(name: str, compare: Callable[[Any, Any], bool], value: Any, reach: Range | None) -> Meaning:
    """Compare a score with a constant; while the score is unknown, say so only if every completion would agree."""
    if isinstance(value, (str, tuple)):
        raise Misread(f"the score {name!r} beside {value!r}; expected a number")

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
    try:
        return compare(x, y)
    except TypeError:
        return None  # "does not apply" is neither above nor below a number


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
    parts = [bind(part, scope) for part in tree.parts]
    first = parts[0]
    if tree.name == "missing":
        return lambda a, v, r: is_blank(first(a, v, r))
    if tree.name == "answered":
        return lambda a, v, r: not is_blank(first(a, v, r))
    if tree.name == "length":
        return lambda a, v, r: len(x) if isinstance(x := first(a, v, r), (str, list, tuple)) else None
    second = parts[1]
    if tree.name == "days":
        return lambda a, v, r: _days(first(a, v, r), second(a, v, r))
    return _of_two(_mentions, first, second)


def _mentions(text: Any, words: Any) -> bool:
    found = text.casefold() if isinstance(text, str) else ""
    return any(word in found for word in ([words] if isinstance(words, str) else words))


def is_blank(value: Any) -> bool:
    """Whether a value says nothing: no answer, an empty text, no rows."""
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
    where = bind(tree.where, inner) if tree.where else None
    body = bind(tree.body, inner) if tree.body else None
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
    """Apply `make` to what is known; None where nothing is, or where it is of kinds that do not go together."""

    def finish(found: list[Any]) -> Any:
        known = [value for value in found if value is not None]
        try:
            return make(known) if known else None
        except (TypeError, OverflowError):
            return None

    return finish


_FINISH: dict[str, Callable[[list[Any]], Any]] = {
    "count": len,
    "sum": _of_known(sum),
    "mean": _of_known(lambda known: sum(known) / len(known)),
    "least": _of_known(min),
    "most": _of_known(max),
    "list": lambda found: [value for value in found if not is_blank(value)],
    "any": lambda found: True if True in found else None if None in found else False,
    "all": lambda found: False if False in found else None if None in found else True,
    "doubles": lambda found: len(found) - len({repr(value) for value in found}),
}
