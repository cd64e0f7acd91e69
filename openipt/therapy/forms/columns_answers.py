"""Columns of answers made ready: each item's answers as numbers or codes, its blanks as a mask, its mistakes named.

This module loads numpy; only `columns.score_columns` imports it, and only when it is called.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np  # type: ignore[import-not-found, unused-ignore]

from openipt.therapy.forms.checking import Checker
from openipt.therapy.forms.definition import Form
from openipt.therapy.forms.items import ChoiceItem, NoteItem, NumberItem, PlainItem, ScaleItem
from openipt.therapy.forms.scales import points

Array = Any  # a numpy array; numpy's own types would make its stubs a need of everyone who reads this

_CODED = ("text", "long_text", "time", "moment", "person", "phone", "date", "choice")
_SMALL = ("int8", "int16", "int32", "int64")


class UnevenError(ValueError):
    """A form that has to be scored row by row; says which part of it."""


@dataclass(slots=True)
class Numbers:
    """Answers that are numbers. `values` is 0 where `blank` is set; `steps` counts the steps of a fractional scale."""

    values: Array
    blank: Array | None  # int8: -1 where blank, 0 elsewhere; None: nothing is blank
    steps: Array | None = None


@dataclass(slots=True)
class Codes:
    """Answers of any kind: `table[code]` is the answer, and None stands for a blank."""

    codes: Array
    table: list[Any]

    def look_up(self, test: Callable[[Any], Any], dtype: str = "int8") -> Array:
        """Apply a function to each different answer once, and give every row its result."""
        return np.array([test(one) for one in self.table], dtype=dtype)[self.codes]

    @property
    def blank(self) -> Array | None:
        """Return -1 where nothing was answered; None where everything was."""
        return -self.look_up(lambda one: one is None)


Answered = Numbers | Codes


@dataclass(frozen=True, slots=True)
class Reader:
    """How one item's column is read. `low` and `high` bound its numbers; None: no numbers, or no bound."""

    item: Any
    check: Checker
    low: float | None
    high: float | None
    offered: frozenset[int] | None  # where the answers have gaps
    numeric: bool
    whole: bool

    @property
    def takes_minus_one(self) -> bool:
        """Whether -1 is an answer, so that it cannot stand for a blank."""
        if not self.numeric or isinstance(self.item, PlainItem):
            return False
        if self.offered is not None:
            return -1 in self.offered
        return not self.check(-1, self.item.id, {})

    def read(self, column: Array) -> tuple[Answered, Array | None]:
        """Return the answers of a column, and which rows are impossible; None: every answer is possible."""
        kind = column.dtype.kind
        if kind == "b" and isinstance(self.item, PlainItem) and self.numeric:
            return Numbers(column.view("int8"), None), None
        if self.numeric and kind in "iu":
            return self._numbers(column, None if self.takes_minus_one else column == -1)
        if self.numeric and kind == "f":
            return self._numbers(column.astype("float64", copy=False), np.isnan(column))
        return self._coded(self.raw(column))

    def raw(self, column: Array) -> list[Any]:
        """Return a column as the answers that the scalar engine takes, None for a blank."""
        kind = column.dtype.kind
        values: list[Any] = column.tolist()
        if kind in "iu":
            values = values if self.takes_minus_one else [None if one == -1 else one for one in values]
        elif kind == "f":
            fractions = self.numeric and not self.whole
            values = [None if one != one else one if fractions else _whole(one) for one in values]
        if isinstance(self.item, PlainItem) and self.numeric and kind in "iuf":
            return [bool(one) if one in (0, 1) else one for one in values]
        return values

    def _numbers(self, column: Array, blank: Array | None) -> tuple[Answered, Array | None]:
        if blank is not None and not blank.any():
            blank = None
        wrong = None if self._all_fit(column, blank) else ~self._fits(column)
        if wrong is not None and blank is not None:
            wrong &= ~blank
        if wrong is not None and not wrong.any():
            wrong = None
        away = blank if wrong is None else wrong if blank is None else blank | wrong
        mask = None if away is None else -(away.view("int8"))
        values = column if away is None else self._emptied(column, away, mask, wrong)
        steps = None
        if isinstance(self.item, ScaleItem) and not self.whole:
            steps = np.rint((values.astype("float64") - self.item.min) / self.item.step).astype("int32")
            steps = steps if mask is None else steps & ~mask
        elif self.low is not None and self.high is not None and self.whole:
            values = values.astype(smallest(self.low, self.high), copy=False)
        return Numbers(values, mask, steps), wrong

    def _emptied(self, column: Array, away: Array, mask: Array, wrong: Array | None) -> Array:
        """Return a column with 0 wherever nothing can be taken."""
        if wrong is None and column.dtype.kind == "i" and self.low is not None and self.high is not None:
            # A blank is -1 here, so all of it fits the smallest kind; masking is many times faster than choosing.
            return column.astype(smallest(min(self.low, -1), self.high), copy=False) & ~mask
        return np.where(away, column.dtype.type(0), column)

    def _all_fit(self, column: Array, blank: Array | None) -> bool:
        """Whether the least and the greatest of a column say at a glance that every answer is possible."""
        if column.dtype.kind == "f" or self.offered is not None or self.low is None or self.high is None:
            return False
        if isinstance(self.item, ScaleItem) and self.item.step != 1:
            return False
        if blank is not None and self.low != 0:
            return False
        return bool(len(column)) and column.min() >= (self.low if blank is None else -1) and column.max() <= self.high

    def _fits(self, column: Array) -> Array:
        fits = np.isfinite(column) if column.dtype.kind == "f" else np.ones(len(column), bool)
        with np.errstate(invalid="ignore", over="ignore"):
            if self.low is not None:
                fits &= column >= self.low
            if self.high is not None:
                fits &= column <= self.high
            if self.whole and column.dtype.kind == "f":
                fits &= column == np.floor(column)
            if self.offered is not None:
                fits &= np.isin(column, list(self.offered))
            elif isinstance(self.item, ScaleItem) and self.item.step != 1:
                fits &= _on_a_step(column, self.item)
        return fits

    def _coded(self, values: list[Any]) -> tuple[Answered, Array | None]:
        """Check every different answer once, as the scalar engine does."""
        codes = np.empty(len(values), "int32")
        table: list[Any] = [None]
        wrong = np.zeros(len(values), bool)
        known: dict[Any, int] = {}
        for row, value in enumerate(values):
            key = (value.__class__, value) if value.__class__ in (int, float, str, bool) else None
            code = 0 if value is None else known.get(key, -2) if key else -2
            if code == -2:
                code = -1 if self.check(value, self.item.id, {}) else len(table)
                if code > 0:
                    table.append(value)
                if key:
                    known[key] = code
            wrong[row] = code < 0
            codes[row] = max(code, 0)
        found = Codes(codes, table)
        return (self._as_numbers(found) if self.numeric else found), wrong if wrong.any() else None

    def _as_numbers(self, found: Codes) -> Answered:
        if any(isinstance(one, (str, list, dict)) for one in found.table):
            return found
        if any(isinstance(one, int) and abs(one) >= 2**53 for one in found.table):
            return found
        whole = all(one is None or isinstance(one, (int, bool)) for one in found.table)
        column = found.look_up(lambda one: 0 if one is None else one, "int64" if whole else "float64")
        blank = found.codes == 0
        steps = None
        if isinstance(self.item, ScaleItem) and not self.whole:
            steps = np.rint((column.astype("float64") - self.item.min) / self.item.step).astype("int32")
            steps[blank] = 0
        elif self.low is not None and self.high is not None and whole:
            column = column.astype(smallest(self.low, self.high))
        return Numbers(column, -(blank.view("int8")) if blank.any() else None, steps)


def readers_of(form: Form, checkers: Mapping[str, Checker]) -> dict[str, Reader]:
    """Return how each column of a form is read; items that take no single answer are read row by row."""
    return {item.id: _reader(form, item, checkers[item.id]) for item in form.items if not isinstance(item, NoteItem)}


def is_even(reader: Reader) -> bool:
    """Whether a column holds one answer a row, rather than rows of a group or lists."""
    item = reader.item
    return reader.numeric or (item.kind in _CODED and not getattr(item, "rows_of", None))


def _reader(form: Form, item: Any, check: Checker) -> Reader:
    if isinstance(item, ChoiceItem) and not item.rows_of and not item.vocabulary:
        offered = [one.value for one in (form.answers[item.choices] if isinstance(item.choices, str) else item.choices)]
        numbers = sorted(one for one in offered if isinstance(one, int))
        if len(numbers) == len(offered):
            gaps = numbers != list(range(numbers[0], numbers[-1] + 1))
            return Reader(item, check, numbers[0], numbers[-1], frozenset(numbers) if gaps else None, True, True)
    if isinstance(item, ScaleItem):
        return Reader(item, check, item.min, item.max, None, True, item.step == int(item.step))
    if isinstance(item, NumberItem):
        return Reader(item, check, item.min, item.max, None, True, item.kind == "whole")
    if item.kind == "yes_no":
        return Reader(item, check, 0, 1, None, True, True)
    return Reader(item, check, None, None, None, False, False)


def _on_a_step(column: Array, item: ScaleItem) -> Array:
    steps = (column.astype("float64") - item.min) / item.step
    near = np.rint(steps)
    # The same closeness as math.isclose(steps, round(steps), abs_tol=1e-9).
    return np.abs(steps - near) <= np.maximum(1e-9 * np.maximum(np.abs(steps), np.abs(near)), 1e-9)


def _whole(value: float) -> Any:
    """Return 3.0 of a column of floats as 3: there, a float is how a number with blanks beside it is kept."""
    return int(value) if math.isfinite(value) and value == int(value) else value


def smallest(low: float, high: float) -> str:
    """Return the smallest kind of whole number that holds everything from low to high."""
    return next(kind for kind in _SMALL if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max)


@dataclass(frozen=True, slots=True)
class Worth:
    """What the answers of one item are worth, in whole parts of a point: `share` parts make one point."""

    item: str
    least: int
    most: int
    turn: int | None  # a reversed item: its points are this less the answer
    by_step: Array | None  # a fractional scale: parts by number of step
    table: Mapping[Any, Any]
    share: int
    plain: bool  # the answers are the points

    def parts(self, answers: Answered) -> Array:
        """Return the parts of every row, 0 where blank or not applicable."""
        if isinstance(answers, Codes):
            kind = smallest(min(0, self.least), self.most)
            return answers.look_up(lambda one: 0 if one in (None, "na") else int(self.table[one] * self.share), kind)
        if self.by_step is not None:
            found = self.by_step[answers.steps]
        elif self.plain:
            return answers.values
        else:
            found = self.turn - answers.values.astype(smallest(-abs(self.most) * 2 - 2, abs(self.most) * 2 + 2))
        return found if answers.blank is None else found & ~answers.blank


def worth_of(form: Form, item_id: str, share: int) -> Worth:
    """Return what an item's answers are worth; raise UnevenError where they follow no simple rule."""
    table = points(form, item_id)
    item = next(one for one in form.items if one.id == item_id)
    least, most = (int(end(table.values()) * share) for end in (min, max))
    by_step = None
    if isinstance(item, ScaleItem) and item.step != int(item.step):
        by_step = np.array([int(one * share) for one in table.values()], smallest(min(0, least), max(most, 1)))
    elif share != 1:
        raise UnevenError(f"{item_id} is whole beside a fractional scale")
    turn = int(min(table) + max(table)) if item.reverse else None
    return Worth(item_id, least, most, turn, by_step, table, share, by_step is None and turn is None)


def share_of(form: Form, names: tuple[str, ...]) -> int:
    """Return into how many parts a point is cut, so that every answer is worth a whole number of parts."""
    values = [one for name in names for one in points(form, name).values()]
    return math.lcm(*(one.denominator for one in values if isinstance(one, Fraction)))
