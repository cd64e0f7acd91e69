"""Ring: how many sessions are done, which one is now, how many are left."""

from __future__ import annotations

from functools import lru_cache
from math import cos, radians, sin

from openipt.pictures import svg
from openipt.pictures.once import once
from openipt.pictures.picture import Picture, Table
from openipt.pictures.svg import Node, clean
from openipt.pictures.words import ENGLISH, Words

_LEAST = 96.0
_MOST_SEGMENTS = 40  # more could not be told apart; then the ring fills as one line


@once
def ring(
    title: str,
    done: int,
    total: int,
    *,
    now: int | None = None,
    size: float = 112,
    id_prefix: str = "ring",
    words: Words = ENGLISH,
) -> Picture:
    """Segments for sessions done and left, an open dot for the one now; sessions beyond the plan in words."""
    done, total = max(done, 0), max(total, 0)
    size = max(size, _LEAST)
    shown = done if now is None else now
    parts = list(_segments(done, total, now, size))
    middle = size / 2
    parts.append(svg.text(middle, middle + 4, str(shown), "t-big", "middle"))
    parts.append(svg.text(middle, middle + 22, _below(shown, total, words), anchor="middle"))
    rows = (
        (words.done, str(done)),
        (words.now, words.none if now is None else str(now)),
        (words.left, str(max(total - done - (1 if now is not None and now > done else 0), 0))),
        (words.planned, str(total) if total else words.no_plan),
    )
    description = words.counter.format(done=done, now=rows[1][1], total=rows[3][1])
    drawn = svg.drawing(size, size, title, description, id_prefix, parts)
    return Picture(drawn, clean(title), description, Table(clean(title), (words.session, words.count), rows))


def _below(shown: int, total: int, words: Words) -> str:
    if not total:
        return words.no_plan
    if shown > total:
        return words.beyond.format(extra=shown - total, total=total)
    return words.of_total.format(total=total)


@lru_cache(maxsize=1024)  # a caseload draws the same few rings again and again
def _segments(done: int, total: int, now: int | None, size: float) -> tuple[Node, ...]:
    radius = size / 2 - 7
    if total == 0:
        return (svg.circle(size / 2, size / 2, radius, "c-edge f-none", stroke_width=2.2),)
    count = min(total, _MOST_SEGMENTS)
    filled = min(done, total) * count // total
    gap = min(2.4, 90 / count)
    arcs = [
        _arc(360 * index / count + gap / 2, 360 * (index + 1) / count - gap / 2, radius, size) for index in range(count)
    ]
    parts: list[Node] = []
    for steps, class_, width in ((arcs[:filled], "c-accent f-none", 8.0), (arcs[filled:], "c-edge f-none", 2.2)):
        if steps:
            parts.append(svg.node("path", d="".join(steps), class_=class_, stroke_width=width))
    if now is not None and done < now <= total:
        x, y = _point(360 * (now - 0.5) / total, radius, size)
        parts.append(svg.circle(x, y, 5.5, "f-paper c-accent", stroke_width=2.5))
    return tuple(parts)


def _point(angle: float, radius: float, size: float) -> tuple[float, float]:
    return size / 2 + radius * sin(radians(angle)), size / 2 - radius * cos(radians(angle))


def _arc(start: float, end: float, radius: float, size: float) -> str:
    # A single segment is nearly the whole ring; its long way round has to be said.
    long = 1 if end - start > 180 else 0
    (x1, y1), (x2, y2) = _point(start, radius, size), _point(end, radius, size)
    return f"M{x1:.2f} {y1:.2f}A{radius:.2f} {radius:.2f} 0 {long} 1 {x2:.2f} {y2:.2f}"
