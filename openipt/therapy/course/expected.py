"""Which expected course of a service counts on a day: the one that had been learned by then."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from openipt.therapy.forms import open_form
from openipt.therapy.record import ExpectedCourse, Record
from openipt.therapy.shelf import Refused

if TYPE_CHECKING:
    from openipt.therapy.progress import Expectation


def in_force(record: Record, form: str, today: date) -> Expectation | None:
    """Return what is expected of courses in this measure on a day; None where nothing was learned by then."""
    known = [one for one in record.expected if one.form == form and one.since <= today]
    return _opened(known[-1]) if known and known[-1].courses else None


@lru_cache(maxsize=64)
def _opened(one: ExpectedCourse) -> Expectation | None:
    """Open an estimate once for a process; None where its measure is no longer on the shelf as it was."""
    from openipt.therapy.progress.expectation import Expectation
    from openipt.therapy.progress.reference import from_data

    try:
        return Expectation(from_data(open_form(one.form), one.kept))
    except (Refused, ValueError):
        return None
