"""`openipt.insight`: rows of a table or a record in, insights out. What notebooks and the command line call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, overload

from openipt.therapy.insight.hiding import hidden_people
from openipt.therapy.insight.looking import look
from openipt.therapy.insight.of_record import diary_entries
from openipt.therapy.insight.prior import DEFAULT, Belief
from openipt.therapy.insight.result import Insight
from openipt.therapy.insight.rows import RowsError, read_rows
from openipt.therapy.record import Record


@overload
def insight(diary: Record, *, belief: Belief = DEFAULT, lenient: bool = False) -> Insight:
    """Look at the diary of a record."""


@overload
def insight(
    diary: Iterable[Mapping[str, Any]], *, belief: Belief = DEFAULT, lenient: bool = False
) -> tuple[Insight, ...]:
    """Look at the diaries of a table."""


def insight(
    diary: Record | Iterable[Mapping[str, Any]], *, belief: Belief = DEFAULT, lenient: bool = False
) -> Insight | tuple[Insight, ...]:
    """Look at what goes together in diaries.

    Args:
        diary: A record; or rows with the columns client, at, mood, person, valence (and kinds, skill): one row an
            interaction, as `csv.DictReader` or a data frame's `to_dict("records")` give them. Local time.
        belief: What a clinic learned from earlier clients (`clinic_prior`), or the defaults.
        lenient: Leave out rows that cannot be read, instead of refusing the table.

    Returns:
        Of a record its insight; of rows one insight a client, in the order they came up.

    Raises:
        RowsError: Rows that cannot be read, each named; or a column that is absent.
    """
    if isinstance(diary, Record):
        return look(diary_entries(diary), client=diary.client, belief=belief, hidden=hidden_people(diary))
    read = read_rows(diary)
    if read.problems and not lenient:
        raise RowsError(read.problems)
    return tuple(look(entries, client=client, belief=belief) for client, entries in read.clients.items())
