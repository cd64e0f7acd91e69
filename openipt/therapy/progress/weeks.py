"""From irregular days to the weeks a model counts in."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

PLANNED_WEEK = 14  # of the planned end, where nothing else was agreed (INSIGHT 2.2)


def week_of(day: int) -> int:
    """Return the week of a day since the first score: the nearest one; only the first score itself is week 0."""
    return 0 if day <= 0 else max(1, floor(day / 7 + 0.5))


def by_week(days: Sequence[int], scores: Sequence[float]) -> dict[int, float]:
    """Return week -> score. Of several scores in a week the last one stands, as of several on a day."""
    return {week_of(day): score for day, score in zip(days, scores, strict=True)}
