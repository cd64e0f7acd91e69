"""Tables of sheets: CSV in, one column an item; the same CSV out with what was scored beside it."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from openipt.therapy.forms import Form
    from openipt.therapy.forms.columns import Columns

CHUNK = 20_000  # rows scored at once: the bar moves, and a table of any length needs little memory
ADDED = ("total", "status", "band", "flags", "missing")
_WHOLE = re.compile(r"-?[0-9]{1,15}\Z")
_FRACTION = re.compile(r"-?[0-9]{1,15}\.[0-9]{1,15}\Z")
_SEVERAL = ("group", "choices", "feelings", "people")


class TableError(ValueError):
    """A table that cannot be read at all; says what is wrong and what was expected."""


def score_table(form: Form, stream: Any, advance: Callable[[int], object], tell: Callable[[], int]) -> bool:
    """Score a table from a stream of bytes onto standard output; return whether every sheet was taken.

    Raises:
        TableError: The table has no header with items of the form, or is no CSV in UTF-8.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    rows = csv.reader(text, _Dialect, strict=True)
    try:
        header = next(rows, [])
        table = _Table(form, header)
        sys.stdout.write(table.line([*header, *table.added]))
        number, done, taken = 2, 0, True  # as a spreadsheet counts: the header is row 1
        while chunk := list(islice(rows, CHUNK)):
            taken = table.score(chunk, number) and taken
            number += len(chunk)
            advance(tell() - done)
            done = tell()
    except UnicodeDecodeError as error:
        raise TableError(f"is not UTF-8 at byte {error.start + 1} of a block; expected CSV in UTF-8") from error
    except csv.Error as error:
        raise TableError(f"is no CSV ({error}) near line {rows.line_num}; expected one sheet a row") from error
    except ModuleNotFoundError as error:
        if error.name != "numpy":
            raise
        raise TableError("needs numpy, which is not installed; expected pip install numpy") from error
    finally:
        text.detach()  # the stream stays its owner's to close
    return taken


class _Dialect(csv.excel):
    lineterminator = "\n"


class _Table:
    """What the columns of a table are, and how their cells become answers."""

    def __init__(self, form: Form, header: list[str]) -> None:
        from openipt.therapy.forms.scoring import engine_of

        self.form, self.header, self.engine = form, header, engine_of(form)
        items = {item.id: item for item in form.items if item.id in self.engine.checkers}
        self.columns = [(place, items[name]) for place, name in enumerate(header) if name in items]
        self._prove(items)
        self.known: dict[tuple[str, str], tuple[Any, str]] = {}
        self.added = [name if name not in header else f"scored_{name}" for name in ADDED]

    def _prove(self, items: dict[str, Any]) -> None:
        names = [item.id for _, item in self.columns]
        if not names and len(self.header) == 1 and ";" in self.header[0]:
            wrong = "has semicolons between its columns; expected commas"
            raise TableError(f"{wrong} (in a spreadsheet, save as CSV with commas; or: tr ';' ',' < IN.csv > OUT.csv)")
        if not names:
            raise TableError(f"has no column of {self.form.id} in its first row; expected {', '.join(items)}")
        if double := next((name for name in names if names.count(name) > 1), None):
            raise TableError(f"has the column {double!r} twice; expected each column once")
        if several := next((item.id for _, item in self.columns if item.kind in _SEVERAL), None):
            raise TableError(f"has the column {several!r}, which is no single answer; expected JSON lines")
        absent = [name for name in self.engine.asked if name not in names]
        if absent:
            _say(f"No column for {', '.join(absent)}: blank in every row.")

    def score(self, rows: list[list[str]], first: int) -> bool:
        """Score some rows and write them; return whether all could be taken."""
        from openipt.therapy.forms.columns import score_columns

        short = {n for n, row in enumerate(rows) if len(row) != len(self.header)}
        for n in sorted(short):
            _say(f"row {first + n}: {len(rows[n])} cells; expected {len(self.header)}, as in the first row.")
            rows[n] = (rows[n] + [""] * len(self.header))[: len(self.header)]
        columns: dict[str, list[Any]] = {}
        for place, item in self.columns:
            columns[item.id] = [self.answer(item, row[place], first + n) for n, row in enumerate(rows)]
        found = score_columns(self.form, columns)
        for row, added in zip(rows, self.results(found, short), strict=True):
            sys.stdout.write(self.line([*row, *added]))
        return bool(found.valid.all()) and not short

    def answer(self, item: Any, cell: str, row: int) -> Any:
        """Return the answer that a cell stands for; a cell that stands for none is named, and stays a text."""
        key = (item.id, cell)
        if key not in self.known:
            value = answer_in(item, cell)
            troubles = [] if value is None else self.engine.checkers[item.id](value, item.id, {})
            self.known[key] = (value, _reason(troubles))
        value, wrong = self.known[key]
        if wrong:
            _say(f"row {row}, column {item.id}: {wrong}.")
        return value

    def results(self, found: Columns, short: set[int]) -> Iterator[list[str]]:
        """Yield what is added to each row; a row that is not taken still names what its answers say."""
        main = found.scores[self.form.primary].tolist() if self.form.primary else [float("nan")] * len(found)
        flags = {name: held.tolist() for name, held in found.findings.items()}
        bands = (*found.bands, "")  # no band is -1, which is the last place
        rows = zip(found.valid.tolist(), main, found.status.tolist(), found.band.tolist(), found.missing.tolist(),
                   strict=True)  # fmt: skip
        for n, (valid, total, status, band, missing) in enumerate(rows):
            spoken = " ".join(name for name, held in flags.items() if held[n] == 1)
            if not valid or n in short:
                yield ["", "not taken", "", spoken, ""]
                continue
            shown = "" if total != total else f"{total:.10g}"
            yield [shown, found.statuses[status], bands[band], spoken, str(missing)]

    def line(self, cells: list[str]) -> str:
        """Write one row as CSV."""
        out = io.StringIO()
        csv.writer(out, _Dialect).writerow(cells)
        return out.getvalue()


def answer_in(item: Any, cell: str) -> Any:
    """Return the answer that a cell spells: a number where the item takes one, None from a blank."""
    if cell == "":
        return None
    if item.kind == "yes_no":
        return {"true": True, "false": False}.get(cell.casefold(), cell)
    if item.kind in ("choice", "scale", "whole", "number"):
        if _WHOLE.match(cell):
            return int(cell)
        if _FRACTION.match(cell) and item.kind != "choice":
            return float(cell)
    return cell


def _reason(troubles: list[Any]) -> str:
    from openipt.therapy.words import render

    return render(troubles[0].problem) if troubles else ""


def _say(text: str) -> None:
    from openipt.cli.ending import printable

    typer.echo(printable(text), err=True)
