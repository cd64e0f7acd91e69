"""Sudden gains between two sessions, after Tang and DeRubeis (1999). A marker, never a verdict: often chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, variance

SHARE = 0.25  # of the score before the gain
AROUND = 3  # sessions looked at on each side
LEAST = 2  # scores a side needs before its spread can be told
# Two-sided 5 % of Student's t by degrees of freedom: three scores a side give 4, two a side give 2.
_T_95 = {2: 4.302653, 3: 3.182446, 4: 2.776445}


@dataclass(frozen=True, slots=True)
class Gain:
    """A sudden gain after a session, or that nobody can tell: a score is missing around it."""

    after: int  # place in the series of the last session before it, counted from 0
    size: float | None  # points, positive is better; None where it is not known whether there was one

    @property
    def known(self) -> bool:
        """Whether it is sure that this was a sudden gain."""
        return self.size is not None


def sudden_gains(
    scores: Sequence[float | None],
    points: float = 6,
    share: float = SHARE,
    higher_is_worse: bool = True,
) -> tuple[Gain, ...]:
    """Find the sudden gains of a course, and the places where nobody can tell.

    A gain is large in points, large beside the score before it, and holds: the mean of up to three sessions before
    differs from the mean of up to three after by a two-sided t-test at 5 %. Two scores a side are the least.

    Args:
        scores: One a session in order; None where a session has no score.
        points: The least size (PHQ-9: 6).
        share: The least size as a share of the score before. Where a higher score is better this asks for a rise of
            that share.
        higher_is_worse: False where a rise is for the better.

    Returns:
        Sure gains with their size, and unknown ones with size None. What is certainly none is left out.
    """
    found = []
    for place in range(len(scores) - 1):
        verdict = _verdict(scores, place, points, share, 1 if higher_is_worse else -1)
        if verdict != "no":
            before, after = scores[place], scores[place + 1]
            sure = verdict == "yes" and before is not None and after is not None
            size = abs(before - after) if sure and before is not None and after is not None else None
            found.append(Gain(place, size))
    return tuple(found)


def _verdict(scores: Sequence[float | None], place: int, points: float, share: float, sign: int) -> str:
    before, after = scores[place], scores[place + 1]
    if before is None or after is None:
        return "unknown"
    size = sign * (before - after)
    if size < points or size < share * abs(before):
        return "no"
    pre = scores[max(0, place - AROUND + 1) : place + 1]
    post = scores[place + 1 : place + 1 + AROUND]
    return _holds(pre, post, sign)


def _holds(pre: Sequence[float | None], post: Sequence[float | None], sign: int) -> str:
    known_pre = [score for score in pre if score is not None]
    known_post = [score for score in post if score is not None]
    if min(len(known_pre), len(known_post)) < LEAST:
        return "unknown"
    freedom = len(known_pre) + len(known_post) - 2
    squares = (len(known_pre) - 1) * variance(known_pre) + (len(known_post) - 1) * variance(known_post)
    spread = sqrt(squares / freedom * (1 / len(known_pre) + 1 / len(known_post)))
    if sign * (fmean(known_pre) - fmean(known_post)) > _T_95[freedom] * spread:
        return "yes"
    whole = len(known_pre) == len(pre) and len(known_post) == len(post)
    return "no" if whole else "unknown"  # the session without a score could have decided it
