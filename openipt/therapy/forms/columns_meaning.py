"""Expressions over columns: three-valued arrays of 1 (true), 0 (false) and -1 (not known yet).

It says of every row what `meaning` says of one sheet. What it has no array for raises UnevenError, and the form is then
scored row by row. This module loads numpy; only `columns.score_columns` imports it, and only when it is called.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import Any

import numpy as np  # type: ignore[import-not-found, unused-ignore]

from openipt.therapy.forms.columns_answers import Answered, Array, Codes, Numbers, UnevenError
from openipt.therapy.forms.expressions import Call, Name, Operation, Tree, Value, parse

_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_TURNED = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

Ends = tuple[Array, Array, int]  # the least and the most a score can still be, in parts of a point


@dataclass(slots=True)
class Made:
    """One score of every row. `unknown` is -1 where there is none; the masks are None where no row is concerned."""

    value: Array
    exact: Array
    unknown: Array | None = None
    made_up: Array | None = None  # bool: blanks were made up for
    in_part: Array | None = None  # bool: part of it did not apply
    reach: Callable[[], Ends] | None = None  # how far the scores of rows with blanks can still go
    ends: Ends | None = None  # that reach, once it was asked for


@dataclass(slots=True)
class Sheets:
    """A block of rows: the answers, and what has been made of them so far."""

    n: int
    answers: Mapping[str, Answered]
    made: dict[str, Made] = field(default_factory=dict)
    rules: dict[str, Array] = field(default_factory=dict)


Truths = Callable[[Sheets], Array]


@dataclass(frozen=True, slots=True)
class Names:
    """What the names of a form stand for."""

    items: frozenset[str]
    scores: frozenset[str]
    rules: Mapping[str, tuple[str, ...]]  # algorithms, each with its named outcomes (none: three-valued)
    yes_no: frozenset[str]
    bare: bool = False  # before anything is scored: skips

    def computed(self, name: str) -> bool:
        """Whether a name is a score or a rule."""
        return name in self.scores or name in self.rules


def truths_of(text: str, names: Names) -> Truths:
    """Compile a condition; raise UnevenError where it has no array."""
    return _compiled(parse(text), names)


def _compiled(tree: Tree, names: Names) -> Truths:
    if isinstance(tree, Value) and isinstance(tree.value, bool):
        known = int(tree.value)
        return lambda s: np.full(s.n, known, "int8")
    if isinstance(tree, Name):
        return _bare(tree.name, names)
    if isinstance(tree, Call):
        return _blank(tree, names)
    if isinstance(tree, Operation):
        if tree.sign == "not":
            inner = _compiled(tree.parts[0], names)
            return lambda s: negated(inner(s))
        if tree.sign in ("and", "or"):
            join = both if tree.sign == "and" else either
            left, right = (_compiled(part, names) for part in tree.parts)
            return lambda s: join(left(s), right(s))
        if tree.sign in _COMPARE or tree.sign == "in":
            return _comparison(tree, names)
    raise UnevenError(f"{type(tree).__name__} in a condition")


def negated(x: Array) -> Array:
    """Not, three-valued."""
    return (1 - x) | (x >> 7)


def both(x: Array, y: Array) -> Array:
    """And, three-valued: false beats unknown."""
    return (x | y) & -((x != 0) & (y != 0)).view("int8")


def either(x: Array, y: Array) -> Array:
    """Or, three-valued: true beats unknown."""
    true = ((x == 1) | (y == 1)).view("int8")
    return ((x | y) & (true - 1)) | true


def with_unknown(truth: Array, unknown: Array | None) -> Array:
    """Return a truth of 1 and 0 with -1 wherever it is not known."""
    found = truth.view("int8")
    return found if unknown is None else found | unknown


def _bare(name: str, names: Names) -> Truths:
    if name in names.rules and not names.rules[name] and not names.bare:
        return lambda s: s.rules[name]
    if name in names.yes_no and not names.computed(name):
        return lambda s: _compare_answers(s.answers[name], "=", True)
    raise UnevenError(f"{name} is no condition by itself")


def _blank(tree: Call, names: Names) -> Truths:
    part = tree.parts[0]
    if tree.name not in ("missing", "answered") or not isinstance(part, Name) or part.name not in names.items:
        raise UnevenError(f"{tree.name}() in a condition")
    name, wanted = part.name, tree.name == "missing"
    if names.computed(name):
        raise UnevenError(f"{tree.name}() of a score")
    return lambda s: (
        is_blank(s.answers[name], s.n).view("int8") if wanted else (~is_blank(s.answers[name], s.n)).view("int8")
    )


def is_blank(answers: Answered, n: int) -> Array:
    """Return which rows hold nothing: no answer, or an empty text."""
    if isinstance(answers, Codes):
        return answers.look_up(lambda one: one is None or one == "", "bool")
    return np.zeros(n, bool) if answers.blank is None else answers.blank.astype(bool)


def _comparison(tree: Operation, names: Names) -> Truths:
    first, second = tree.parts
    sign = tree.sign
    if isinstance(first, Value) and isinstance(second, Name) and sign != "in":
        first, second, sign = second, first, _TURNED[sign]
    if not isinstance(first, Name) or not isinstance(second, Value):
        raise UnevenError("a comparison of two answers")
    name, value = first.name, second.value
    if names.computed(name) and names.bare:
        raise UnevenError("a condition on a score before it is made")
    if name in names.scores:
        if sign == "in" or isinstance(value, (str, tuple)):
            raise UnevenError("a score in a list")
        return lambda s: score_compared(s.made[name], sign, value)
    if name in names.rules:
        outcomes = names.rules[name]
        if not outcomes:
            raise UnevenError("a rule beside a value")
        table = [*outcomes, None]
        return lambda s: _coded(Codes(s.rules[name], table), sign, value)
    if name not in names.items:
        raise UnevenError(f"{name} lies inside a group")
    return lambda s: _compare_answers(s.answers[name], sign, value)


def _compare_answers(answers: Answered, sign: str, value: Any) -> Array:
    if isinstance(answers, Codes):
        return _coded(answers, sign, value)
    if sign == "in":
        return _one_of(answers, value)
    if isinstance(value, (str, tuple)):  # a number is never a text, and neither above nor below one
        known = {"=": 0, "!=": 1}.get(sign, -1)
        return with_unknown(np.full(len(answers.values), known, "int8"), answers.blank)
    return with_unknown(_COMPARE[sign](answers.values, value), answers.blank)


def _one_of(answers: Numbers, value: Any) -> Array:
    if not isinstance(value, tuple):
        return np.full(len(answers.values), -1, "int8")
    numbers = [one for one in value if not isinstance(one, str)]
    return with_unknown(np.isin(answers.values, numbers), answers.blank)


def _coded(answers: Codes, sign: str, value: Any) -> Array:
    def test(one: Any) -> int:
        if one is None:
            return -1
        try:
            return int(one in value if sign == "in" else _COMPARE[sign](one, value))
        except TypeError:
            return -1

    return answers.look_up(test)


def score_compared(made: Made, sign: str, value: float) -> Array:
    """Compare a score with a number; where it is unknown, say so only if every completion would agree."""
    found = with_unknown(_COMPARE[sign](made.value, value), made.unknown)
    if made.unknown is None or made.reach is None:
        return found
    if made.ends is None:
        made.ends = made.reach()
    least, most, share = made.ends
    low = in_parts(least, share, sign, value)
    if sign in ("=", "!="):
        undecided = in_parts(least, share, "<=", value) & in_parts(most, share, ">=", value) & (least != most)
    else:
        undecided = low != in_parts(most, share, sign, value)
    by_reach = low.view("int8") | -(undecided.view("int8"))
    return (found & ~made.unknown) | (by_reach & made.unknown)


def in_parts(parts: Array, share: int, sign: str, value: float) -> Array:
    """Compare parts of a point with a number of points, exactly."""
    limit = Fraction(value) * share
    if sign in ("=", "!=") and limit.denominator != 1:
        return np.full(len(parts), sign == "!=")
    # Between two whole numbers of parts, the one below says the same of "at most", the one above of "at least".
    turned = {"<": "<=", ">": ">="}.get(sign, sign) if limit.denominator != 1 else sign
    return _COMPARE[turned](parts, ceil(limit) if turned in (">=", ">") else floor(limit))
