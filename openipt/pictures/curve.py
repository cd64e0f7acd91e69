"""A measured line: dots joined where answers follow each other, a break where there were none."""

from __future__ import annotations

from collections.abc import Sequence

from openipt.pictures import svg
from openipt.pictures.svg import Node

Point = tuple[float, float]


def runs(points: Sequence[tuple[float, float | None]]) -> tuple[tuple[Point, ...], ...]:
    """The stretches between gaps. A missing score is a gap, never a zero."""
    found: list[list[Point]] = [[]]
    for x, y in points:
        if y is None:
            found.append([])
        else:
            found[-1].append((x, y))
    return tuple(tuple(run) for run in found if run)


def draw_runs(stretches: Sequence[Sequence[Point]], last: str = "", width: float = 3.0) -> list[Node]:
    """Each stretch as a line with dots; the last dot larger, with its value beside it."""
    parts: list[Node] = []
    for stretch in stretches:
        if len(stretch) > 1:
            parts.append(svg.path(stretch, "c-accent f-none", stroke_width=width, stroke_linejoin="round"))
        parts.extend(svg.circle(x, y, 3.2, "f-accent") for x, y in stretch)
    if stretches:
        x, y = stretches[-1][-1]
        parts.append(svg.circle(x, y, 5, "f-accent"))
        if last:
            parts.append(svg.text(x + 10, y + 5, last, "t-accent"))
    return parts
