"""Score many sheets at once: columns of answers in, columns of results out, the same as `score` row for row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openipt.therapy.forms.definition import Form

Array = Any  # a numpy array; numpy itself is loaded when columns are scored, and not before


@dataclass(frozen=True, slots=True)
class Columns:
    """The results of many sheets, an array each. 1 is true, 0 false, -1 not known; NaN is no score.

    A row with an impossible answer is not `valid`: it has no score, nothing is known of it, nothing is missing.
    """

    form: str
    version: str
    valid: Array  # bool
    status: Array  # int8: the place in `statuses`
    scores: Mapping[str, Array]  # float64
    exact: Mapping[str, Array]  # float64, unrounded
    band: Array  # int8: the place in `bands`, -1 for none
    bands: tuple[str, ...]
    cutoffs: Mapping[str, Array]  # int8
    algorithms: Mapping[str, Array]  # int8; with named outcomes the place in `outcomes`, -1 for none
    outcomes: Mapping[str, tuple[str, ...]]
    findings: Mapping[str, Array]  # int8
    missing: Array  # int16: how many answers are missing
    prorated: Array  # bool

    statuses = ("unscored", "scored", "prorated")

    def __len__(self) -> int:
        """Return how many sheets there are."""
        return len(self.valid)


def score_columns(form: Form, columns: Mapping[str, Any]) -> Columns:
    """Check and score many sheets, a column for each item; an item without a column is blank in every row.

    Args:
        form: The definition they were filled in on.
        columns: Item id -> its answers, as an array or a list. A blank is -1 among whole numbers (unless -1 is an
            answer of the item), NaN among floats, None among objects. Among floats 3.0 is 3; `yes_no` is also 1 and 0.

    Raises:
        ValueError: A column of no item, or columns of several lengths.
    """
    from openipt.therapy.forms.columns_block import scored_columns

    return scored_columns(form, columns)
