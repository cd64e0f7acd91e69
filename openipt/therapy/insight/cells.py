"""What a cell of a diary table may hold, one function a column; each raises CellError with what was expected."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from math import isfinite
from typing import Any

from openipt.therapy.insight.kinds import known

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?( ?(Z|[+-]\d{2}:?\d{2}))?)?\Z", re.ASCII)
_NUMBER = re.compile(r"[-+]?\d{1,6}([.]\d{1,9})?\Z", re.ASCII)
_BETWEEN = re.compile(r"[\s,;|]+")
_YES = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
FIRST_YEAR, LAST_YEAR = 1900, 2200
_AT = "a local day and time, YYYY-MM-DDTHH:MM, or a day, YYYY-MM-DD"
_MOOD = "a number from 0 to 10"
_VALENCE = "a whole number from -3 to 3"


class CellError(ValueError):
    """A cell that cannot be taken."""

    def __init__(self, column: str, wrong: str, expected: str) -> None:
        self.column, self.wrong, self.expected = column, wrong, expected
        super().__init__(f"{column}: {wrong}; expected {expected}")


def text_of(cell: Any) -> str | None:
    """Return a name, without what stands around it; None where the cell is blank."""
    text = "" if _blank(cell) else str(cell).strip()
    return text or None


def moment_of(cell: Any) -> tuple[datetime, timedelta | None]:
    """Return the local wall time of a moment, and its distance from UTC where one was given."""
    if _blank(cell):
        raise CellError("at", "is blank", _AT)
    read = _read_moment(cell)
    if not FIRST_YEAR <= read.year <= LAST_YEAR:
        raise CellError("at", f"the year {read.year} cannot be", f"{FIRST_YEAR} to {LAST_YEAR}")
    return read.replace(tzinfo=None, fold=0), read.utcoffset()


def _read_moment(cell: Any) -> datetime:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)
    text = str(cell).strip()
    if not _MOMENT.match(text):
        raise CellError("at", f"{_shown(text)} is no date that is the same everywhere", _AT)
    try:
        return datetime.fromisoformat(text.replace(" +", "+").replace(" -", "-").replace(" Z", "Z"))
    except ValueError:
        raise CellError("at", f"{_shown(text)} is on no calendar or clock", _AT) from None


def mood_of(cell: Any) -> float | None:
    """Return a mood; None where the cell is blank (another row of the same entry may have it)."""
    if _blank(cell):
        return None
    mood = _number(cell)
    if mood is None or not 0 <= mood <= 10:
        raise CellError("mood", _shown(cell), _MOOD)
    return mood


def valence_of(cell: Any, person: str | None) -> int:
    """Return how contact was; it is needed where somebody was there."""
    if _blank(cell):
        if person is not None:
            raise CellError("valence", "is blank", _VALENCE)
        return 0
    valence = _number(cell)
    if valence is None or valence != int(valence) or not -3 <= valence <= 3:
        raise CellError("valence", _shown(cell), _VALENCE)
    return int(valence)


def kinds_of(cell: Any) -> frozenset[str]:
    """Return the kinds of a contact, between blanks, commas, semicolons or bars."""
    if _blank(cell):
        return frozenset()
    several = isinstance(cell, Iterable) and not isinstance(cell, str)
    named = frozenset(str(one).strip() for one in cell) if several else frozenset(_BETWEEN.split(str(cell).strip()))
    named -= {""}
    if strange := sorted(named - known()):
        raise CellError("kinds", ", ".join(map(_shown, strange)), f"kinds among {', '.join(sorted(known()))}")
    return named


def skill_of(cell: Any) -> bool | None:
    """Return whether a skill was used: true or false, yes or no, 1 or 0; None where the cell is blank."""
    if _blank(cell):
        return None
    text = str(int(cell)) if isinstance(cell, float) and cell in (0.0, 1.0) else str(cell).strip()
    if text.casefold() not in _YES:
        raise CellError("skill", _shown(cell), "true or false")
    return _YES[text.casefold()]


def _number(cell: Any) -> float | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, str):
        return float(cell) if _NUMBER.match(cell := cell.strip()) else None
    try:
        value = float(cell)
    except (TypeError, ValueError, OverflowError):
        return None
    return value if isfinite(value) else None


def _blank(cell: Any) -> bool:
    """Blank is nothing, an empty text, or what tables of numbers write for nothing (NaN is not equal to itself)."""
    return (
        cell is None
        or (isinstance(cell, str) and not cell.strip())
        or (isinstance(cell, (float, datetime)) and cell != cell)
    )


def _shown(cell: Any) -> str:
    text = str(cell)
    return repr(text if len(text) <= 40 else f"{text[:40]}...")
