"""Sparkline: the shape of the scores beside a name. Its last numbers stand in words next to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from openipt.pictures import svg
from openipt.pictures.curve import runs
from openipt.pictures.lane import cut_off_line
from openipt.pictures.once import once
from openipt.pictures.picture import Picture, Table
from openipt.pictures.scale import ValueScale
from openipt.pictures.svg import Node, clean
from openipt.pictures.words import ENGLISH, Words

_EDGE = 5.0
_KEPT = 512  # a caseload shows fifty at once; each takes 3 kB


@partial(once, kept=_KEPT)
def sparkline(
    title: str,
    values: Sequence[float | None],
    *,
    measure: str = "PHQ-9",
    low: float = 0,
    high: float = 27,
    cut_off: float | None = None,
    width: float = 112,
    height: float = 36,
    id_prefix: str = "sparkline",
    words: Words = ENGLISH,
) -> Picture:
    """A small line with its last dot and a dotted cut-off; None leaves a gap."""
    known = [value for value in values if value is not None]
    y = ValueScale(min([low, *known]), max([high, *known]), height - _EDGE, _EDGE)
    step = (width - 2 * _EDGE) / max(len(values) - 1, 1)
    points = [(_EDGE + index * step, None if value is None else y.y(value)) for index, value in enumerate(values)]
    parts = [] if cut_off is None else [cut_off_line(y.y(cut_off), 0, width)]
    parts += _draw(points)
    rows = tuple((str(index + 1), _said(value, words)) for index, value in enumerate(values))
    description = words.sparkline.format(measure=clean(measure), values=", ".join(row[1] for row in rows) or words.none)
    drawn = svg.drawing(width, height, title, description, id_prefix, parts)
    table = Table(clean(title), (words.order, clean(measure)), rows)
    return Picture(drawn, clean(title), description, table)


def _draw(points: Sequence[tuple[float, float | None]]) -> list[Node]:
    stretches = runs(points)
    parts = [
        svg.path(stretch, "c-accent f-none", stroke_width=2, stroke_linejoin="round")
        for stretch in stretches
        if len(stretch) > 1
    ]
    parts += [svg.circle(*stretch[0], 1.6, "f-accent") for stretch in stretches if len(stretch) == 1]
    if stretches:
        parts.append(svg.circle(*stretches[-1][-1], 3.4, "f-accent"))
    return parts


def _said(value: float | None, words: Words) -> str:
    return words.no_answers if value is None else svg.number(value)
