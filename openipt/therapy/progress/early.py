"""Early response: how much better a month after the start. Ours is 20 %; a manual may set its own."""

from __future__ import annotations

from collections.abc import Sequence

from openipt.therapy.progress.change import fall_pct

FIRST_DAY, LAST_DAY = 21, 35
HOPED_PCT = 20.0


def early_response(
    days: Sequence[int],
    scores: Sequence[float],
    hoped_pct: float = HOPED_PCT,
    higher_is_worse: bool = True,
) -> bool | None:
    """Say whether a course was better by so many percent at day 21 to 35; None where nothing was measured then.

    Args:
        days: Days since the first score, in order; the first is 0.
        scores: The scores of these days. Of several in the window the one nearest to its middle counts.
        hoped_pct: The change for the better that is hoped for, in percent of the first score.
        higher_is_worse: False where a rise is for the better.
    """
    inside = [(day, score) for day, score in zip(days, scores, strict=True) if FIRST_DAY <= day <= LAST_DAY]
    if not inside or not scores:
        return None
    middle = (FIRST_DAY + LAST_DAY) / 2
    fall = fall_pct(scores[0], min(inside, key=lambda one: abs(one[0] - middle))[1])
    if fall is None:
        return None
    return (fall if higher_is_worse else -fall) >= hoped_pct
