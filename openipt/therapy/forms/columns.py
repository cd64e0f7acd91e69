"""Score many sheets at once: columns of answers in, columns of results out, the same as `score` row for row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from openipt.therapy.forms.columns_result import Columns
from openipt.therapy.forms.definition import Form

__all__ = ["Columns", "score_columns"]


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
