"""The cells of a table of dated scores: a day or a moment, a number, a score that can be."""

from __future__ import annotations

import re
from datetime import date, datetime
from math import isfinite
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openipt.therapy.forms import Form

FIRST_YEAR, LAST_YEAR = 1900, 2200
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?\Z", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,9})?\Z", re.ASCII)
_EXPECTED = "YYYY-MM-DD, or YYYY-MM-DDTHH:MM with or without a zone (+01:00)"
_CLOSE = 1e-6


class CellError(ValueError):
    """A cell that cannot be taken; says which column, what is wrong and what was expected."""


def moment(cell: str) -> date | datetime:
    """Read a day or a moment; only spellings that mean one thing everywhere are taken."""
    text = cell.strip()
    if not text:
        raise CellError(f"column at: blank; expected {_EXPECTED}")
    if not (_DAY.match(text) or _MOMENT.match(text)):
        raise CellError(f"column at: {_short(text)} is no date that is the same everywhere; expected {_EXPECTED}")
    try:
        found = date.fromisoformat(text) if _DAY.match(text) else datetime.fromisoformat(text)
    except ValueError:
        raise CellError(f"column at: {_short(text)} is on no calendar or clock; expected {_EXPECTED}") from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise CellError(f"column at: the year {found.year} cannot be; expected {FIRST_YEAR} to {LAST_YEAR}")
    return found


def number(cell: str, column: str, decimal_comma: bool = False) -> float | None:
    """Read a plain number; None from a blank cell."""
    text = cell.strip()
    if not text:
        return None
    if decimal_comma:
        text = text.replace(",", ".")
    if not _NUMBER.match(text):
        raise CellError(f"column {column}: {_short(cell)} is no number; expected a score, or blank where there is none")
    value = float(text)
    return value if isfinite(value) else None


def in_range(form: Form, value: float) -> float:
    """Return a score that the measure can have; raise CellError for one that it cannot."""
    from openipt.therapy.progress.measure import step_of

    score = form.score_named()
    if score is None:
        return value
    low, high = score.range
    cannot = f"column score: {value:g} cannot be a score of {form.name}; expected"
    cannot = f"column score: {value:g} cannot be a score of {form.name}; expected"
    if not low <= value <= high:
        raise CellError(f"{cannot} {low:g} to {high:g}")
    step = step_of(form) if score.method == "sum" and not score.transform else 0.0
    if step and abs(value / step - round(value / step)) > _CLOSE:
        raise CellError(f"{cannot} steps of {step:g}")
    return value


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else text[:37] + "...")
