"""Ranges: a short bar a name on one common axis with a word at each end. In the order given, never sorted by size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from openipt.pictures import svg
from openipt.pictures.lettering import NAME, shorten, text_width
from openipt.pictures.picture import Picture, Table
from openipt.pictures.scale import ValueScale, value_ticks
from openipt.pictures.svg import Node, clean, number
from openipt.pictures.words import ENGLISH, Words

_LEAST = 280.0
_ROW = 46.0
_LEAST_SPAN = 1.0
_SIGN = 16.0  # room that half a value beside zero takes


@dataclass(frozen=True)
class Range:
    """A name, its status in words, and its middle and limits; None where nothing can be drawn."""

    name: str
    status: str = ""
    middle: float | None = None
    low: float | None = None
    high: float | None = None
    strong: bool = False  # drawn in the accent, with a full dot
    cells: tuple[str, ...] = field(default=())  # what its row of the table says, after the name


def ranges(
    title: str,
    rows: Sequence[Range],
    *,
    ends: tuple[str, str] = ("", ""),
    zero: str = "0",
    head: Sequence[str] = (),
    description: str = "",
    width: float = 640,
    id_prefix: str = "ranges",
    words: Words = ENGLISH,
) -> Picture:
    """Draw ranges around zero on one axis.

    Args:
        title: The finding, in words.
        rows: In the order they are to stand.
        ends: What lies at the lower and at the higher end of the axis.
        zero: What no difference is called.
        head: The columns of the table.
        description: What the picture shows, for who cannot see it.
        width: In pixels.
        id_prefix: For the ids inside, when several pictures share a page.
        words: The language.
    """
    width = max(width, _LEAST)
    most = _most(rows)
    scale = ValueScale(-most, most, 28.0, width - 28.0)  # lies down: its bottom is the left end
    top = 12.0
    foot = top + _ROW * max(len(rows), 1)
    parts = [svg.line(scale.y(0), top, scale.y(0), foot, "c-edge", stroke_width=1, stroke_dasharray="2 4")]
    for place, row in enumerate(rows):
        parts += _row(row, top + place * _ROW, scale, width, words)
    below, bottom = _axis(scale, foot, width, ends, zero)
    drawn = svg.drawing(width, bottom, title, description, id_prefix, [*parts, *below])
    table = tuple((clean(row.name) or words.no_name, *row.cells) for row in rows)
    return Picture(drawn, clean(title), clean(description), Table(clean(title), tuple(head), table))


def _most(rows: Sequence[Range]) -> float:
    """How far the axis goes to both sides: a whole number that holds every range."""
    reach = [abs(value) for row in rows for value in (row.low, row.high) if value is not None]
    return float(-(-max([_LEAST_SPAN, *reach]) // 1))


def _row(row: Range, top: float, scale: ValueScale, width: float, words: Words) -> list[Node]:
    """Name and status over the bar."""
    status = shorten(row.status, width / 2 - 12)
    room = width - 24 - text_width(status)
    name = shorten(clean(row.name) or words.no_name, room, NAME)
    parts = [svg.text(6, top + 16, name, "t-name")]
    parts.append(svg.text(width - 6, top + 16, status, "t-accent" if row.strong else "t-clear", "end"))
    if row.middle is None or row.low is None or row.high is None:
        return parts
    y = top + 31
    look = "c-accent" if row.strong else "c-edge"
    ends = (scale.y(row.low), y, scale.y(row.high), y)
    parts.append(svg.line(*ends, look, stroke_width=6 if row.strong else 4, stroke_linecap="round"))
    dot = "f-accent c-accent" if row.strong else "f-paper c-edge"
    parts.append(svg.circle(scale.y(row.middle), y, 5.5, dot, stroke_width=2))
    return parts


def _axis(scale: ValueScale, top: float, width: float, ends: tuple[str, str], zero: str) -> tuple[list[Node], float]:
    """The axis with its values; under it the words for its ends, on two lines where one is too short."""
    parts = [svg.line(scale.bottom, top, scale.top, top, "c-edge", stroke_width=1.5)]
    ticks = sorted({*value_ticks(scale.low, scale.high, 7), 0.0})
    apart = min(scale.y(after) - scale.y(before) for before, after in pairwise(ticks))
    middle = zero if text_width(zero) / 2 + _SIGN < apart else "0"
    for value in ticks:
        x = scale.y(value)
        parts.append(svg.line(x, top, x, top + 6, "c-edge", stroke_width=1))
        sign = "+" if value > 0 else ""
        parts.append(svg.text(x, top + 22, middle if value == 0 else f"{sign}{number(value)}", anchor="middle"))
    low, high = (clean(end) for end in ends)
    y = top + 44
    parts.append(svg.text(6, y, shorten(f"← {low}", width - 12)))
    if text_width(f"← {low}") + text_width(f"{high} →") + 24 > width:
        y += 22
    parts.append(svg.text(width - 6, y, shorten(f"{high} →", width - 12), anchor="end"))
    return parts, y + 12
