"""Rows of columns taken one by one: the forms that have no arrays, and the rows that cannot be taken.

This module loads numpy; only `columns.score_columns` imports it, and only when it is called.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np  # type: ignore[import-not-found, unused-ignore]

from openipt.therapy.forms.columns_answers import Array, Reader
from openipt.therapy.forms.columns_result import Columns
from openipt.therapy.forms.result import Result
from openipt.therapy.forms.scoring import Engine


def reject(found: Columns, rows: slice, wrong: Array) -> None:
    """Take back every number and rule of rows with an impossible answer; what their other answers say stays."""
    found.valid[rows] = ~wrong
    for scores in (found.scores, found.exact):
        for column in scores.values():
            column[rows][wrong] = np.nan
    for truths in (found.cutoffs, found.algorithms):
        for column in truths.values():
            column[rows][wrong] = -1
    found.band[rows][wrong] = -1
    for counted in (found.status, found.missing, found.prorated):
        counted[rows][wrong] = 0


def sheets_of(readers: Mapping[str, Reader], columns: Mapping[str, Array]) -> Iterator[dict[str, Any]]:
    """Yield each row as the sheet of answers that the scalar engine takes."""
    names = list(columns)
    for values in zip(*(readers[name].raw(columns[name]) for name in names), strict=True):
        yield dict(zip(names, values, strict=True))


def row_by_row(
    engine: Engine, readers: Mapping[str, Reader], columns: Mapping[str, Array], found: Columns, rows: slice
) -> None:
    """Score one block of rows with the scalar engine into its place."""
    place = {name: n for n, name in enumerate(found.bands)}
    for row, sheet in enumerate(sheets_of(readers, columns), rows.start):
        one = engine.run(sheet, None)
        found.valid[row] = one.valid
        found.status[row] = found.statuses.index(one.status)
        for name, value in one.scores.items():
            found.scores[name][row] = np.nan if value is None else value
            exact = one.exact[name]
            found.exact[name][row] = np.nan if exact is None else exact
        found.band[row] = place.get(one.band or "", -1)
        for name, held in one.cutoffs.items():
            found.cutoffs[name][row] = -1 if held is None else held
        for name, said in one.algorithms.items():
            ways = found.outcomes.get(name)
            found.algorithms[name][row] = -1 if said is None else ways.index(str(said)) if ways else bool(said)
        _say_findings(engine, sheet, one, found, row)
        found.missing[row] = one.missing.n
        found.prorated[row] = one.missing.prorated


def _say_findings(engine: Engine, sheet: Mapping[str, Any], one: Result, found: Columns, row: int) -> None:
    """A result names the findings that are true; here the others are told apart: not so, or not known."""
    if one.valid:
        answers = engine.skipped(sheet) if engine.skips else sheet
        made = {**one.scores, **{f"{name}.exact": value for name, value in one.exact.items()}, **one.algorithms}
        said = {name: meaning(answers, made, ()) for name, meaning in engine.findings}
    else:
        said = engine.heard(sheet, list(one.errors))
    for name, held in said.items():
        found.findings[name][row] = -1 if held is None else held is True
