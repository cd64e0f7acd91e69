"""Read a table of diary rows: CSV in UTF-8, commas, semicolons or tabs between the cells, names in the first row."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from openipt.therapy.insight.rows import COLUMNS, Diaries, RowProblem, RowsError, prove_columns, read_rows


class TableError(ValueError):
    """A table that cannot be read at all; says what is wrong and what was expected."""


def read_table(stream: Any, advance: Callable[[int], object] = lambda _: None) -> Diaries:
    """Read a table into diaries; rows that cannot be taken are among its problems.

    Args:
        stream: Bytes.
        advance: Told how many rows were read.

    Raises:
        TableError: No CSV in UTF-8, or a column is absent or stands there twice.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    uneven: list[RowProblem] = []
    try:
        head = text.readline()
        mark = max(",;\t", key=head.count)
        names = [name.strip().casefold() for name in next(csv.reader([head], delimiter=mark, strict=True), [])]
        _prove(names)
        body = csv.reader(text, delimiter=mark, strict=True)
        read = read_rows(_cells(body, names, mark == ";", uneven, advance))
    except UnicodeDecodeError as error:
        raise TableError(f"is not UTF-8 at byte {error.start + 1} of a block; expected CSV in UTF-8") from error
    except csv.Error as error:
        raise TableError(f"is no CSV ({error}); expected one interaction a row") from error
    finally:
        text.detach()  # the stream stays its owner's to close
    problems = sorted((*read.problems, *uneven), key=lambda problem: problem.row)
    return Diaries(read.clients, tuple(problems), read.rows)


def _prove(names: list[str]) -> None:
    try:
        prove_columns(names)
    except RowsError as error:
        absent = ", ".join(problem.column for problem in error.problems)
        raise TableError(f"has no column {absent} in its first row; expected {error.problems[0].expected}") from None
    if twice := [name for name, n in Counter(names).items() if n > 1 and name in COLUMNS]:
        raise TableError(f"has the column {twice[0]!r} twice; expected each column once")


def _cells(
    body: Iterator[list[str]],
    names: list[str],
    decimal_comma: bool,
    uneven: list[RowProblem],
    advance: Callable[[int], object],
) -> Iterator[dict[str, Any]]:
    """Yield rows by column name; one of another length is noted and goes on empty, so that all keep their numbers."""
    for number, cells in enumerate(body, 2):
        advance(1)
        row = dict(zip(names, cells, strict=False))
        if decimal_comma:
            row["mood"] = row.get("mood", "").replace(",", ".")
        if len(cells) != len(names):
            if any(cell.strip() for cell in cells):
                expected = f"{len(names)} cells, as in the first row"
                uneven.append(RowProblem(number, names[0], f"the row has {len(cells)} cells", expected))
            row = dict.fromkeys(names, "")
        yield row
