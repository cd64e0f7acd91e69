"""The work behind `score_columns`: a form made ready once, then block after block of rows that fit a cache.

This module loads numpy; only `columns.score_columns` imports it, and only when it is called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np  # type: ignore[import-not-found, unused-ignore]

from openipt.therapy.forms.checking import unknown
from openipt.therapy.forms.columns_answers import (
    Array,
    Codes,
    Numbers,
    Reader,
    UnevenError,
    is_even,
    readers_of,
    smallest,
)
from openipt.therapy.forms.columns_meaning import (
    Names,
    Sheets,
    Truths,
    is_blank,
    truths_of,
    with_unknown,
)
from openipt.therapy.forms.columns_result import Columns
from openipt.therapy.forms.columns_rows import reject, row_by_row
from openipt.therapy.forms.columns_scales import method_over
from openipt.therapy.forms.definition import Algorithm, Form
from openipt.therapy.forms.scales import meets
from openipt.therapy.forms.scoring import Engine, engine_of
from openipt.therapy.words import render

BLOCK = 1 << 16  # rows; a block of answers and of what is made of them stays within the cache
_READY: dict[int, tuple[Form, Block | None]] = {}


def scored_columns(form: Form, columns: Mapping[str, Any]) -> Columns:
    """Do the work of `score_columns`."""
    engine = engine_of(form)
    given, n = _arrays(engine, columns)
    found = _empty(form, n)
    block = block_of(form, engine)
    readers = readers_of(form, engine.checkers)
    for start in range(0, n, BLOCK):
        rows = slice(start, min(n, start + BLOCK))
        part = {name: column[rows] for name, column in given.items()}
        if block is None:
            row_by_row(engine, readers, part, found, rows)
        else:
            block.fill(part, found, rows)
    return found


def _arrays(engine: Engine, columns: Mapping[str, Any]) -> tuple[dict[str, Array], int]:
    given: dict[str, Array] = {}
    for name, column in columns.items():
        if name not in engine.checkers:
            raise ValueError(render(unknown(name, engine.checkers)))
        given[name] = _array(column)
    lengths = {len(column) for column in given.values()}
    if len(lengths) > 1:
        raise ValueError(f"columns of {sorted(lengths)} rows; expected columns of one length")
    return given, lengths.pop() if lengths else 0


def _array(column: Any) -> Array:
    """Return a column as an array. A list stays what it is: mixed kinds are never made alike."""
    if isinstance(column, np.ndarray):
        if column.ndim != 1:
            raise ValueError(f"a column of {column.ndim} dimensions; expected one")
        return column
    if hasattr(column, "__array__"):
        return np.asarray(column)
    values = list(column)
    found = np.empty(len(values), object)
    found[:] = values
    return found


def _empty(form: Form, n: int) -> Columns:
    return Columns(
        form=form.id,
        version=form.version,
        valid=np.ones(n, bool),
        status=np.zeros(n, "int8"),
        scores={one.id: np.empty(n) for one in form.scores},
        exact={one.id: np.empty(n) for one in form.scores},
        band=np.full(n, -1, "int8"),
        bands=tuple(one.id for one in form.bands.set) if form.bands else (),
        cutoffs={one.id: np.empty(n, "int8") for one in form.cutoffs},
        algorithms={one.id: np.empty(n, "int8") for one in form.algorithms},
        outcomes={one.id: tuple(way.id for way in one.outcomes) for one in form.algorithms if one.outcomes},
        findings={one.id: np.empty(n, "int8") for one in form.findings},
        missing=np.zeros(n, "int16"),
        prorated=np.zeros(n, bool),
    )


def block_of(form: Form, engine: Engine) -> Block | None:
    """Return the prepared block of a form; None for a form that has to be scored row by row."""
    ready = _READY.get(id(form))
    if ready is None or ready[0] is not form:
        try:
            ready = (form, Block(form, engine))
        except UnevenError:
            ready = (form, None)
        _READY[id(form)] = ready
    return ready[1]


class Block:
    """A form made ready for blocks of rows."""

    def __init__(self, form: Form, engine: Engine) -> None:
        self.form = form
        self.engine = engine
        self.readers = readers_of(form, engine.checkers)
        if uneven := [name for name, reader in self.readers.items() if not is_even(reader)]:
            raise UnevenError(f"{uneven[0]} takes more than one answer a row")
        if any(not self.readers[item].whole for skip in form.skip for item in skip.items):
            raise UnevenError("an answer that is no whole number is skipped")
        rules = {one.id: tuple(way.id for way in one.outcomes) for one in form.algorithms}
        yes_no = frozenset(item.id for item in form.items if item.kind == "yes_no")
        scores = frozenset(one.id for one in form.scores)
        names = Names(frozenset(self.readers), scores, rules, yes_no)
        first = Names(names.items, scores, rules, yes_no, bare=True)
        self.skips = [(truths_of(one.when, first), one) for one in form.skip]
        self.methods = [(one.id, method_over(form, one)) for one in form.scores]
        self.algorithms = [(one.id, _rule(one, names)) for one in form.algorithms]
        self.findings = [(one.id, truths_of(one.when, names)) for one in form.findings]
        self.exact = {one.id for one in form.scores if one.is_exact}
        self.wanted = [
            (item.id, truths_of(item.show_when, names) if item.show_when else None)
            for item in form.items
            if item.required and item.id in self.readers and item.id not in engine.asked
        ]

    def fill(self, columns: Mapping[str, Array], found: Columns, rows: slice) -> None:
        """Score one block of rows into its place."""
        sheets, wrong = self.read(columns, rows.stop - rows.start)
        for name, method in self.methods:
            made = sheets.made[name] = method(sheets)
            for place, value in ((found.scores[name][rows], made.value), (found.exact[name][rows], made.exact)):
                place[:] = value
                if made.unknown is not None:  # all bits set is a NaN; setting them is faster than choosing
                    bits = place.view("int64")
                    np.bitwise_or(bits, made.unknown, out=bits)
        for name, truths in self.algorithms:
            found.algorithms[name][rows] = sheets.rules[name] = truths(sheets)
        for name, truths in self.findings:
            found.findings[name][rows] = truths(sheets)
        for one in self.form.cutoffs:
            made = sheets.made[one.scale]
            value = made.exact if one.scale in self.exact else made.value
            found.cutoffs[one.id][rows] = with_unknown(meets(one)(value), made.unknown)
        self._band(sheets, found, rows)
        self._missing(sheets, found, rows)
        if wrong is not None:
            reject(found, rows, wrong)
            self.hear(columns, found, np.flatnonzero(wrong), rows.start)

    def hear(self, columns: Mapping[str, Array], found: Columns, bad: Array, start: int) -> None:
        """Say the findings of rows that cannot be taken, from their other answers: no score is made up."""
        sheets, _ = self.read({name: column[bad] for name, column in columns.items()}, len(bad))
        for name, method in self.methods:
            made = method(sheets)
            if made.made_up is not None:
                masks = (made.unknown, -(made.made_up.view("int8")))
                made.unknown = np.bitwise_or.reduce([mask for mask in masks if mask is not None])
            sheets.made[name] = made
        for name, truths in self.algorithms:
            sheets.rules[name] = truths(sheets)
        for name, truths in self.findings:
            found.findings[name][bad + start] = truths(sheets)

    def read(self, columns: Mapping[str, Array], n: int) -> tuple[Sheets, Array | None]:
        """Read the columns, then fill the blanks that an earlier answer made needless."""
        answers: dict[str, Any] = {}
        slips: dict[str, Array] = {}
        for name, reader in self.readers.items():
            if name not in columns:
                answers[name] = _all_blank(reader, n)
                continue
            answers[name], mistakes = reader.read(columns[name])
            if mistakes is not None:
                slips[name] = mistakes
        sheets = Sheets(n, answers)
        filled = dict(answers)
        for truths, skip in self.skips:
            needless = truths(sheets) == 1
            for item in skip.items:
                unsaid = needless & ~slips[item] if item in slips else needless
                filled[item] = _filled(filled[item], unsaid, skip.score_as)
        return Sheets(n, filled), np.logical_or.reduce(list(slips.values())) if slips else None

    def _band(self, sheets: Sheets, found: Columns, rows: slice) -> None:
        bands = self.form.bands
        if not bands:
            return
        made = sheets.made[bands.scale]
        is_exact = bands.scale in self.exact
        value = made.exact if is_exact and bands.continuous else made.value
        limits = [(one.min, one.max) if is_exact else (int(one.min), int(one.max)) for one in bands.set]
        place: Array
        if bands.continuous:
            place = _steps(value, [one.min for one in bands.set])
        elif value.dtype.kind == "i" and all(low[1] + 1 == high[0] for low, high in pairwise(limits)):
            place = _steps(value, [low for low, _ in limits])
            place[value > limits[-1][1]] = -1
        else:
            place = np.full(sheets.n, -1, "int8")
            for n, (low, high) in enumerate(limits):
                inside = (value >= low) & (value <= high)
                place[inside if is_exact else inside & (value == np.floor(value))] = n
        for mask in (made.unknown, *(sheets.made[name].in_part for name in self.engine.judged)):
            if mask is not None:
                place |= mask if mask.dtype == "int8" else -(mask.view("int8"))
        found.band[rows] = place

    def _missing(self, sheets: Sheets, found: Columns, rows: slice) -> None:
        missing = _count_blanks(self.engine, sheets)
        for name, shown in self.wanted:
            empty = is_blank(sheets.answers[name], sheets.n)
            missing = missing + (empty if shown is None else empty & (shown(sheets) == 1)).astype("int16")
        found.missing[rows] = missing
        masks = [one for name in self.engine.primary if (one := sheets.made[name].made_up) is not None]
        made_up = masks[0] if masks else None
        for mask in masks[1:]:
            made_up = made_up | mask
        if made_up is not None:
            found.prorated[rows] = made_up & (found.missing[rows] > 0)
        if self.form.primary:
            unscored = sheets.made[self.form.primary].unknown
            status = np.int8(1) if made_up is None else 1 + made_up.view("int8")
            found.status[rows] = status if unscored is None else status * (unscored == 0)


def _steps(value: Array, starts: list[float]) -> Array:
    """Return the last of some rising limits that each value reaches, -1 for none."""
    place = np.full(len(value), -1, "int8")
    for start in starts:
        place += (value >= start).view("int8")
    return place


def _count_blanks(engine: Engine, sheets: Sheets) -> Any:
    total: Any = 0
    masks = {name: sheets.answers[name].blank for name in engine.asked}
    enough: dict[str, Array] = {}
    for pair in engine.either:
        blank = [sheets.answers[name].blank for name in pair]
        given = True if any(one is None for one in blank) else ~np.logical_and.reduce([one != 0 for one in blank])
        for name in pair:
            enough[name] = given | enough.get(name, np.False_)
    for name, mask in masks.items():
        if mask is not None:
            total = total - (mask * ~np.asarray(enough[name], bool) if name in enough else mask).astype("int16")
    return total


def _all_blank(reader: Reader, n: int) -> Any:
    if not reader.numeric:
        return Codes(np.zeros(n, "int8"), [None])
    kind = smallest(reader.low, reader.high) if reader.low is not None and reader.high is not None else "int64"
    steps = None if reader.whole else np.zeros(n, "int32")
    return Numbers(np.zeros(n, kind), np.full(n, -1, "int8"), steps)


def _filled(answers: Any, needless: Array, value: int) -> Any:
    if isinstance(answers, Codes):
        codes = np.where(needless & (answers.blank != 0), len(answers.table), answers.codes)
        return Codes(codes, [*answers.table, value])
    if answers.blank is None:
        return answers
    where = needless & (answers.blank != 0)
    kept = np.where(where, np.int8(0), answers.blank)
    values = np.where(where, answers.values.dtype.type(value), answers.values)
    return Numbers(values, kept if kept.any() else None)


def _rule(one: Algorithm, names: Names) -> Truths:
    """Return a rule as three-valued truth, or as the place of the first of its outcomes that is true."""
    if one.when:
        return truths_of(one.when, names)
    ways: list[Callable[[Sheets], Array] | None] = [
        truths_of(way.when, names) if way.when else None for way in one.outcomes
    ]

    def place(s: Sheets) -> Array:
        found = np.full(s.n, -1, "int8")
        for number, holds in reversed(list(enumerate(ways))):
            found[slice(None) if holds is None else holds(s) == 1] = number
        return found

    return place
