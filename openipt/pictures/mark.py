"""The mark of OpenIPT: circles around someone, and one person among them."""

from __future__ import annotations

from openipt.pictures import svg
from openipt.pictures.picture import Picture, Table
from openipt.pictures.svg import clean

_NATURAL = 28.0


def mark(
    title: str = "OpenIPT",
    description: str = "Two circles around a dot, and a second dot on the outer circle.",
    *,
    size: float = _NATURAL,
    id_prefix: str = "mark",
) -> Picture:
    """The mark at any size. It tells nothing that a table could."""
    share = size / _NATURAL
    middle = size / 2
    parts = [
        svg.circle(middle, middle, 11.5 * share, "c-accent f-none", stroke_width=2 * share),
        svg.circle(middle, middle, 6.2 * share, "c-accent f-none", stroke_width=2 * share),
        svg.circle(middle, middle, 2.2 * share, "f-accent"),
        svg.circle(22.1 * share, 5.9 * share, 5.5 * share, "f-paper"),
        svg.circle(22.1 * share, 5.9 * share, 4.2 * share, "f-accent"),
    ]
    drawn = svg.drawing(size, size, title, description, id_prefix, parts)
    return Picture(drawn, clean(title), clean(description), Table(clean(title), (), ()))
