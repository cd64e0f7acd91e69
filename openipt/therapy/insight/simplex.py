"""The downhill simplex of Nelder and Mead (1965): the least value of a function of a few numbers, without slopes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Point = tuple[float, ...]


def least(
    of: Callable[[Point], float], start: Sequence[float], steps: Sequence[float], most: int, close: float = 1e-4
) -> tuple[Point, float]:
    """Return the best point found and its value, after at most `most` evaluations.

    It ends earlier when the values of all corners lie within `close`. Same input, same output.
    """
    seen = 0

    def value(point: Point) -> tuple[float, Point]:
        nonlocal seen
        seen += 1
        return of(point), point

    first = tuple(float(x) for x in start)
    corners = [value(first)] + [value(_moved(first, place, step)) for place, step in enumerate(steps)]
    while seen < most:
        corners.sort()
        if corners[-1][0] - corners[0][0] <= close:
            break
        centre = _mean([point for _, point in corners[:-1]])
        worst = corners[-1]
        tried = value(_along(centre, worst[1], -1.0))
        if tried[0] < corners[0][0] and seen < most:
            corners[-1] = min(tried, value(_along(centre, worst[1], -2.0)))
        elif tried[0] < corners[-2][0]:
            corners[-1] = tried
        elif seen < most:
            inner = value(_along(centre, worst[1], -0.5 if tried[0] < worst[0] else 0.5))
            if inner[0] < min(tried[0], worst[0]):
                corners[-1] = inner
            elif seen + len(corners) - 1 <= most:
                corners[1:] = [value(_along(corners[0][1], point, 0.5)) for _, point in corners[1:]]
            else:
                break
    best = min(corners)
    return best[1], best[0]


def _moved(point: Point, place: int, step: float) -> Point:
    return tuple(x + step if n == place else x for n, x in enumerate(point))


def _mean(points: Sequence[Point]) -> Point:
    return tuple(sum(axis) / len(points) for axis in zip(*points, strict=True))


def _along(centre: Point, away: Point, share: float) -> Point:
    """Return the point at a share of the way from a centre to a corner; below 0 it lies on the far side."""
    return tuple(c + share * (x - c) for c, x in zip(centre, away, strict=True))
