"""What stands below a picture: the meaning of its lines, and a list for what found no place in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from openipt.pictures import svg
from openipt.pictures.lettering import text_width, wrap
from openipt.pictures.svg import Node

ROW = 22.0
_LINE = 18.0
_SAMPLE = 30.0
_BETWEEN = 22.0

Sample = Callable[[float, float], Node | tuple[Node, ...]]


@dataclass(frozen=True)
class Section:
    """A short list under its own heading; each entry has a mark (a number, or nothing) and words."""

    heading: str
    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Drawn:
    """Parts and where they end."""

    parts: tuple[Node, ...]
    bottom: float


def legend(items: Sequence[tuple[Sample, str]], left: float, top: float, right: float) -> Drawn:
    """Samples of lines and dots with their words, in as many rows as needed."""
    parts: list[Node] = []
    x, y = left, top + 14
    for sample, words in items:
        lines = wrap(words, right - left - _SAMPLE)
        wide = _SAMPLE + max(map(text_width, lines), default=0.0)
        if x > left and x + wide > right:
            x, y = left, y + ROW
        drawn = sample(x, y - 5)
        parts.extend(drawn if isinstance(drawn, tuple) else (drawn,))
        parts.extend(svg.text(x + _SAMPLE, y + row * _LINE, words) for row, words in enumerate(lines))
        y += (len(lines) - 1) * _LINE
        x += wide + _BETWEEN
    return Drawn(tuple(parts), y + 8 if items else top)


def sections(lists: Sequence[Section], left: float, top: float, right: float) -> Drawn:
    """The lists below each other, entries over at most two lines."""
    parts: list[Node] = []
    y = top
    for section in lists:
        if not section.entries:
            continue
        y += ROW + 4
        parts.append(svg.text(left, y, wrap(section.heading, right - left, 15.5, 1)[0], "strong"))
        indent = left + max(text_width(mark) for mark, _ in section.entries)
        indent += 10 if indent > left else 0
        for mark, words in section.entries:
            y += ROW
            if mark:
                parts.append(svg.text(left, y, mark, "strong"))
            lines = wrap(words, right - indent)
            parts.extend(svg.text(indent, y + row * _LINE, words) for row, words in enumerate(lines))
            y += max(len(lines) - 1, 0) * _LINE
    return Drawn(tuple(parts), y + 8 if parts else top)


def stroke(class_: str, width: float, dashes: str = "") -> Sample:
    """A sample of a line."""

    def draw(x: float, y: float) -> Node:
        more: dict[str, svg.Value] = {"stroke_width": width}
        if dashes:
            more["stroke_dasharray"] = dashes
        return svg.line(x, y, x + 22, y, class_, **more)

    return draw


def dot(class_: str, radius: float, width: float, dashes: str = "") -> Sample:
    """A sample of a dot."""

    def draw(x: float, y: float) -> Node:
        more: dict[str, svg.Value] = {"stroke_width": width}
        if dashes:
            more["stroke_dasharray"] = dashes
        return svg.circle(x + 11, y, radius, class_, **more)

    return draw
