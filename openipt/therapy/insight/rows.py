"""From rows of a table to diaries: one row an interaction; rows with the same client and moment are one entry.

Columns: client, at, mood, person, valence, kinds, skill. A row without a person is an entry without contact. Nothing is
guessed: what cannot be read is named by its row, and then either nothing is taken or (lenient) all the other rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from openipt.therapy.insight.cells import CellError, kinds_of, moment_of, mood_of, skill_of, text_of, valence_of
from openipt.therapy.insight.entries import DiaryEntry, Interaction

NEEDED = ("client", "at", "mood", "person", "valence")
COLUMNS = (*NEEDED, "kinds", "skill")
_SUMMER_TIME = timedelta(hours=1)  # how far the zone of one place moves within a year


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A cell that cannot be taken: row as a spreadsheet counts (the header is row 1), column, what was expected."""

    row: int
    column: str
    wrong: str
    expected: str

    def __str__(self) -> str:
        return f"row {self.row}, column {self.column}: {self.wrong}; expected {self.expected}"


@dataclass(frozen=True, slots=True)
class Diaries:
    """What was read: a diary for each client in the order they came up, and every problem in the order of rows."""

    clients: Mapping[str, tuple[DiaryEntry, ...]]
    problems: tuple[RowProblem, ...] = ()
    rows: int = 0


class RowsError(ValueError):
    """A table that was refused. `problems` names each row that cannot be taken."""

    def __init__(self, problems: Sequence[RowProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True, slots=True)
class _Row:
    row: int
    client: str
    at: datetime
    zone: timedelta | None
    mood: float | None
    interaction: Interaction | None


def read_rows(rows: Iterable[Mapping[str, Any]], first_row: int = 2) -> Diaries:
    """Read rows of a table into diaries; what cannot be read is among the problems, everything else is taken.

    Args:
        rows: Column name -> cell, as text or as a value (moment, number, list). Kinds and skill may be absent; empty
            rows are passed over.
        first_row: The number of the first row, for the problems.

    Raises:
        RowsError: A column that is needed is in no row at all.
    """
    seen: set[str] = set()
    problems: list[RowProblem] = []
    taken: dict[str, dict[datetime, list[_Row]]] = {}
    zones: dict[str, tuple[timedelta | None, int]] = {}
    number = first_row - 1
    for number, cells in enumerate(rows, first_row):
        seen.update(cells)
        if all(text_of(cell) is None for cell in cells.values()):
            continue
        try:
            row = _read(number, cells)
            _same_zone(row, zones)
        except CellError as error:
            problems.append(RowProblem(number, error.column, error.wrong, error.expected))
            continue
        taken.setdefault(row.client, {}).setdefault(row.at, []).append(row)
    prove_columns(seen, number >= first_row)
    clients = {client: _diary(moments, problems) for client, moments in taken.items()}
    problems.sort(key=lambda problem: (problem.row, problem.column))
    kept = {client: entries for client, entries in clients.items() if entries}
    return Diaries(kept, tuple(problems), number - first_row + 1)


def prove_columns(names: Collection[str], asked: bool = True) -> None:
    """Raise RowsError where a column that every diary needs is not among the names."""
    absent = [name for name in NEEDED if name not in names] if asked else []
    if absent:
        expected = f"the columns {', '.join(NEEDED)} (and kinds, skill where they were asked)"
        raise RowsError([RowProblem(1, name, "is absent", expected) for name in absent])


def _read(number: int, cells: Mapping[str, Any]) -> _Row:
    at, zone = moment_of(cells.get("at"))
    person = text_of(cells.get("person"))
    kinds, skill = kinds_of(cells.get("kinds")), skill_of(cells.get("skill"))
    valence = valence_of(cells.get("valence"), person)
    client = text_of(cells.get("client"))
    if client is None:
        raise CellError("client", "is blank", "whose entry it is")
    interaction = Interaction(person, valence, kinds, skill) if person is not None or kinds else None
    return _Row(number, client, at, zone, mood_of(cells.get("mood")), interaction)


def _same_zone(row: _Row, zones: dict[str, tuple[timedelta | None, int]]) -> None:
    """A diary is kept in local time: all of a client's rows without a zone, or all with that of one place."""
    zone, first = zones.setdefault(row.client, (row.zone, row.row))
    same_place = zone is not None and row.zone is not None and abs(zone - row.zone) <= _SUMMER_TIME
    if zone != row.zone and not same_place:
        wrong = f"has {_spell(row.zone)}, while row {first} of this client has {_spell(zone)}"
        raise CellError("at", wrong, "one zone for a client; best is local time without any")


def _diary(moments: Mapping[datetime, list[_Row]], problems: list[RowProblem]) -> tuple[DiaryEntry, ...]:
    found: list[DiaryEntry] = []
    for at, rows in moments.items():
        first = next((row for row in rows if row.mood is not None), None)
        if first is None or first.mood is None:
            problems += [RowProblem(row.row, "mood", "is blank", "a number from 0 to 10") for row in rows]
            continue
        good: list[Interaction] = []
        for row in rows:
            if row.mood is not None and row.mood != first.mood:
                wrong = f"{row.mood:g}, while row {first.row} of the same client and moment has {first.mood:g}"
                problems.append(RowProblem(row.row, "mood", wrong, "one mood for one entry"))
            elif row.interaction is not None:
                good.append(row.interaction)
        found.append(DiaryEntry(at, first.mood, tuple(good)))
    return tuple(sorted(found, key=lambda entry: entry.at))


def _spell(zone: timedelta | None) -> str:
    if zone is None:
        return "no zone"
    minutes = round(zone.total_seconds() / 60)
    return f"the zone {'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
