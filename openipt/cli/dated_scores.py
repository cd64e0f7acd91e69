"""Read a table of dated scores: one row a score, and every row that cannot be taken named with its reason."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from math import isfinite
from typing import TYPE_CHECKING, Any

from openipt.cli.dated_cells import CellError, in_range, moment, number

if TYPE_CHECKING:
    from openipt.therapy.forms import Form

CLIENT, AT, SCORE = "client", "at", "score"
_ONE_ZONE = timedelta(hours=1)  # between the summer and the winter time of one place


class SheetError(ValueError):
    """A table that cannot be read at all; says what is wrong and what was expected."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row that was understood. Rows count as in a spreadsheet: the first row holds the names."""

    row: int
    at: date | datetime
    score: float | None  # None where the questionnaire gave no score


@dataclass(frozen=True, slots=True)
class Left:
    """One row that cannot be taken, and why."""

    row: int
    why: str

    def __str__(self) -> str:
        return f"row {self.row}: {self.why}"


@dataclass(slots=True)
class Sheet:
    """What a table holds: rows by client in the order clients first appear, what was left out, what to say of it."""

    clients: dict[str, list[Row]] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def scores(self) -> dict[str, list[tuple[date | datetime, float | None]]]:
        """Return client -> dated scores."""
        return {name: [(row.at, row.score) for row in rows] for name, rows in self.clients.items()}


def read_scores(stream: Any, form: Form, advance: Callable[[int], object] = lambda _: None) -> Sheet:
    """Read a table with the columns client, at, and score or one column an item of the form.

    Commas, semicolons or tabs stand between cells. A blank score is a day without a usable one.

    Args:
        stream: Bytes in UTF-8.
        form: The measure.
        advance: Told how many rows were read.

    Raises:
        SheetError: No CSV in UTF-8, or without the columns it needs.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    try:
        head = text.readline()
        mark = _separator(head)
        header = next(csv.reader([head], delimiter=mark, strict=True), [])
        columns = _Columns(form, header, mark)
        sheet = Sheet(notes=columns.notes)
        for number_, cells in enumerate(csv.reader(text, delimiter=mark, strict=True), 2):
            if any(cell.strip() for cell in cells):
                _take(sheet, columns, number_, cells)
            advance(1)
    except UnicodeDecodeError as error:
        raise SheetError(f"is not UTF-8 at byte {error.start + 1} of a block; expected CSV in UTF-8") from error
    except csv.Error as error:
        raise SheetError(f"is no CSV ({error}); expected one score a row") from error
    finally:
        text.detach()  # the stream stays its owner's to close
    _one_zone(sheet)
    sheet.left.sort(key=lambda one: one.row)
    return sheet


def _separator(head: str) -> str:
    return max(",;\t", key=head.count)


def _take(sheet: Sheet, columns: _Columns, row: int, cells: list[str]) -> None:
    try:
        client, at, score = columns.read(cells)
    except CellError as error:
        sheet.left.append(Left(row, str(error)))
    else:
        sheet.clients.setdefault(client, []).append(Row(row, at, score))


class _Columns:
    """Which column is what, and how the cells of a row become a client, a time and a score."""

    def __init__(self, form: Form, header: list[str], mark: str) -> None:
        names = [name.strip() for name in header]
        lower = [name.casefold() for name in names]
        self.form, self.width, self.decimal_comma = form, len(header), mark == ";"
        self.items = {item.id: item for item in form.items}
        needed = (CLIENT, AT)
        if absent := [name for name in needed if name not in lower]:
            raise SheetError(
                f"has no column {', '.join(map(repr, absent))} in its first row; expected {self._wanted()}"
            )
        self.asked = [(place, name) for place, name in enumerate(names) if name in self.items and SCORE not in lower]
        if SCORE not in lower and not self.asked:
            raise SheetError(f"has no scores in its first row; expected {self._wanted()}")
        twice = [name for name, n in Counter(lower).items() if n > 1 and name in (CLIENT, AT, SCORE, *self.items)]
        if twice:
            raise SheetError(f"has the column {twice[0]!r} twice; expected each column once")
        self.client, self.at = lower.index(CLIENT), lower.index(AT)
        self.score = lower.index(SCORE) if SCORE in lower else None
        self.notes = list(self._notes(names, mark))

    def _wanted(self) -> str:
        return f"the columns client, at, score; or client, at and one column an item ({', '.join(self.items)})"

    def _notes(self, names: list[str], mark: str) -> Iterator[str]:
        if mark != ",":
            yield f"Cells are separated by {'semicolons' if mark == ';' else 'tabs'}; read as such."
        beside = [name for name in names if name in self.items and self.score is not None and name != SCORE]
        if beside:
            yield f"Scores are taken from the column 'score'; {', '.join(beside)} were not read."
        read = {name for _, name in self.asked}
        blank = [item.id for item in self.form.items if self.asked and item.scored and item.id not in read]
        if blank:
            yield f"No column for {', '.join(blank)}: blank in every row."

    def read(self, cells: list[str]) -> tuple[str, date | datetime, float | None]:
        """Return what a row says; raise CellError naming the column."""
        if len(cells) != self.width:
            raise CellError(f"{len(cells)} cells; expected {self.width}, as in the first row")
        client = cells[self.client].strip()
        if not client:
            raise CellError("column client: blank; expected who it is about")
        at = moment(cells[self.at])
        return client, at, self._score(cells)

    def _score(self, cells: list[str]) -> float | None:
        if self.score is None:
            return self._scored(cells)
        value = number(cells[self.score], SCORE, self.decimal_comma)
        return None if value is None else in_range(self.form, value)

    def _scored(self, cells: list[str]) -> float | None:
        from openipt.cli.tables import answer_in
        from openipt.therapy.forms import score
        from openipt.therapy.words import render

        answers = {name: answer_in(self.items[name], cells[place].strip()) for place, name in self.asked}
        result = score(self.form, {name: value for name, value in answers.items() if value is not None})
        if not result.valid:
            trouble = result.errors[0]
            raise CellError(f"column {trouble.item}: {render(trouble.problem)}")
        value = result.scores.get(self.form.primary or "")
        return None if value is None or not isfinite(value) else float(value)


def _one_zone(sheet: Sheet) -> None:
    """Keep the times of one zone a client: a day is the client's own, and two clocks would give it two dates.

    Summer and winter time of one place lie an hour apart, and are one zone.
    """
    kinds = Counter(_zoned(row.at) for rows in sheet.clients.values() for row in rows)
    with_zone = kinds[True] > kinds[False]
    for rows in sheet.clients.values():
        mixed = [row for row in rows if kinds[True] and kinds[False] and _zoned(row.at) is (not with_zone)]
        wanted = "a zone, as in the other rows" if with_zone else "none, as in the other rows"
        _leave(sheet, rows, mixed, "column at: {at} mixes times with and without a zone; expected " + wanted)
        offsets = Counter(offset for row in rows if (offset := _offset(row.at)) is not None)
        if offsets:
            usual = offsets.most_common(1)[0][0]
            far = [row for row in rows if (own := _offset(row.at)) is not None and abs(own - usual) > _ONE_ZONE]
            _leave(
                sheet, rows, far, f"column at: {{at}} is of another zone; expected {_spelled(usual)}, as in most rows"
            )
    for name in [name for name, rows in sheet.clients.items() if not rows]:
        del sheet.clients[name]


def _leave(sheet: Sheet, rows: list[Row], gone: list[Row], why: str) -> None:
    sheet.left += [Left(row.row, why.format(at=row.at.isoformat())) for row in gone]
    numbers = {row.row for row in gone}
    rows[:] = [row for row in rows if row.row not in numbers]


def _zoned(at: date | datetime) -> bool | None:
    """Whether a time has a zone; None for a plain date, which belongs to every zone."""
    return at.tzinfo is not None if isinstance(at, datetime) else None


def _offset(at: date | datetime) -> timedelta | None:
    return at.utcoffset() if isinstance(at, datetime) else None


def _spelled(offset: timedelta) -> str:
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
