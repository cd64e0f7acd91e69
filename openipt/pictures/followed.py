"""Followed: one measure over dates, gaps left open, with what was expected behind it where that may be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from openipt.pictures import svg
from openipt.pictures.curve import draw_runs, runs
from openipt.pictures.key import Sample, legend, stroke
from openipt.pictures.lane import cut_off_line
from openipt.pictures.lettering import shorten
from openipt.pictures.once import once
from openipt.pictures.picture import Picture, Table
from openipt.pictures.scale import TimeScale, ValueScale, time_ticks, value_ticks
from openipt.pictures.svg import Node, clean, number
from openipt.pictures.timeline_values import Score
from openipt.pictures.words import ENGLISH, Words

NARROW = 520.0
_LEAST = 280.0
_LEFT = 46.0
_RIGHT = 44.0


@dataclass(frozen=True)
class Stretch:
    """What was expected on a day: the middle, and the range it should mostly lie in."""

    on: date
    middle: float
    low: float
    high: float

    def said(self, middle: str, span: str) -> str:
        """Both in words."""
        low, high = number(round(self.low, 1)), number(round(self.high, 1))
        return clean(f"{middle}: {number(round(self.middle, 1))}; {span}: {low} – {high}")


@dataclass(frozen=True)
class Marker:
    """A day to point at, with a word for it."""

    on: date
    text: str


@dataclass(frozen=True)
class _Frame:
    """Where days and values lie."""

    x: TimeScale
    y: ValueScale
    axis: float


@once
def followed(
    title: str,
    scores: Sequence[Score],
    *,
    finding: str = "",
    measure: str = "PHQ-9",
    low: float = 0,
    high: float = 27,
    cut_off: float | None = None,
    expected: Sequence[Stretch] = (),
    expected_words: tuple[str, str] = ("", ""),
    markers: Sequence[Marker] = (),
    sessions: Sequence[date] = (),
    width: float = 640,
    id_prefix: str = "followed",
    words: Words = ENGLISH,
) -> Picture:
    """Draw scores over dates. A score without a value breaks the line.

    Args:
        title: What the picture is.
        scores: In order.
        finding: One line above the drawing.
        measure: Its name.
        low: The lowest score there can be; widened where a score lies below.
        high: The highest.
        cut_off: Where the clinical range begins.
        expected: The expected course, drawn behind the scores. Empty where nobody may see one.
        expected_words: What the middle and the range of the expected course are called.
        markers: Days to point at.
        sessions: Days of sessions: small ticks on the axis.
        width: In pixels.
        id_prefix: For the ids inside, when several pictures share a page.
        words: The language.
    """
    ordered = sorted(scores, key=lambda score: score.on)
    width = max(width, _LEAST)
    frame = _frame(ordered, expected, [*sessions, *(one.on for one in markers)], low, high, width)
    parts: list[Node] = [svg.text(6, 20, shorten(clean(finding), width - 12), "strong")] if finding else []
    parts += _behind(expected, frame) + _grid(frame, cut_off, width, words)
    parts += _markers(markers, frame)
    parts += _sessions(sessions, frame)
    parts += _line(ordered, frame)
    items = _legend(ordered, clean(measure), cut_off, expected, expected_words, markers, words)
    items += [(_tick, words.session_legend)] if sessions else []
    under = legend(items, 6.0, frame.axis + 30, width - 6.0)
    values = ", ".join(_said(score, words) for score in ordered) or words.none
    told = words.sparkline.format(measure=clean(measure), values=values)
    drawn = svg.drawing(width, under.bottom + 4, title, told, id_prefix, [*parts, *under.parts])
    rows = [*_rows(ordered, words), *((one.on, 1, clean(one.text)) for one in markers)]
    rows += [(day, 1, words.session_legend) for day in sessions]
    rows += [(one.on, 2, one.said(*expected_words)) for one in expected]
    said = tuple((words.day(on), text) for on, _, text in sorted(rows))
    return Picture(drawn, clean(title), told, Table(clean(title), (words.when, clean(measure)), said))


def _frame(
    scores: Sequence[Score],
    expected: Sequence[Stretch],
    others: Sequence[date],
    low: float,
    high: float,
    width: float,
) -> _Frame:
    axis = 32.0 + (170.0 if width < NARROW else 210.0)
    days = [score.on for score in scores] + [stretch.on for stretch in expected] + list(others)
    values = [score.value for score in scores if score.value is not None]
    first, last = (min(days), max(days)) if days else (date(2000, 1, 1), date(2000, 1, 2))
    return _Frame(
        TimeScale(first, last, _LEFT, width - _RIGHT),
        ValueScale(min([low, *values]), max([high, *values]), axis - 8, 44.0),
        axis,
    )


def _behind(expected: Sequence[Stretch], frame: _Frame) -> list[Node]:
    if len(expected) < 2:
        return []
    upper = [(frame.x.x(one.on), frame.y.y(one.high)) for one in expected]
    lower = [(frame.x.x(one.on), frame.y.y(one.low)) for one in reversed(expected)]
    middle = [(frame.x.x(one.on), frame.y.y(one.middle)) for one in expected]
    return [
        svg.path([*upper, *lower], "f-band", closed=True),
        svg.path(middle, "c-edge f-none", stroke_width=1.5, stroke_dasharray="6 4"),
    ]


def _grid(frame: _Frame, cut_off: float | None, width: float, words: Words) -> list[Node]:
    parts: list[Node] = []
    right = width - _RIGHT
    for value in value_ticks(frame.y.low, frame.y.high):
        y = frame.y.y(value)
        parts.append(svg.line(_LEFT, y, right, y, "c-line", stroke_width=1))
        parts.append(svg.text(_LEFT - 8, y + 5, number(value), anchor="end"))
    if cut_off is not None:
        parts.append(cut_off_line(frame.y.y(cut_off), _LEFT, right))
    parts.append(svg.line(_LEFT, frame.axis, right, frame.axis, "c-edge", stroke_width=1.5))
    for tick in time_ticks(frame.x, words):
        parts.append(svg.line(tick.at, frame.axis, tick.at, frame.axis + 6, "c-edge", stroke_width=1))
        parts.append(svg.text(tick.at, frame.axis + 22, tick.label, "t-clear", "middle"))
    return parts


def _markers(markers: Sequence[Marker], frame: _Frame) -> list[Node]:
    """A line down from each day; where their words differ, with the number that its words have in the legend."""
    told = _told(markers)
    parts: list[Node] = []
    for one in markers:
        x = frame.x.x(one.on)
        parts.append(svg.line(x, 38, x, frame.axis, "c-note", stroke_width=1.5, stroke_dasharray="1 4"))
        if len(told) > 1:
            parts.append(svg.text(x, 34, str(told.index(clean(one.text)) + 1), anchor="middle"))
    return parts


def _told(markers: Sequence[Marker]) -> list[str]:
    return list(dict.fromkeys(clean(one.text) for one in sorted(markers, key=lambda one: one.on)))


def _sessions(days: Sequence[date], frame: _Frame) -> list[Node]:
    places = [frame.x.x(day) for day in days]
    return [svg.line(x, frame.axis - 7, x, frame.axis, "c-accent", stroke_width=2) for x in places]


def _line(scores: Sequence[Score], frame: _Frame) -> list[Node]:
    points = [(frame.x.x(score.on), None if score.value is None else frame.y.y(score.value)) for score in scores]
    values = [score.value for score in scores if score.value is not None]
    return draw_runs(runs(points), number(round(values[-1], 2)) if values else "")


def _legend(
    scores: Sequence[Score],
    measure: str,
    cut_off: float | None,
    expected: Sequence[Stretch],
    expected_words: tuple[str, str],
    markers: Sequence[Marker],
    words: Words,
) -> list[tuple[Sample, str]]:
    items = [(stroke("c-accent", 3), words.score_legend.format(measure=measure))]
    if cut_off is not None:
        items.append((stroke("c-edge", 1.5, "2 4"), words.cut_off.format(value=number(cut_off))))
    if any(score.value is None for score in scores):
        items.append((stroke("c-accent", 3, "8 6"), words.gap_legend))
    if expected:
        items.append((stroke("c-edge", 1.5, "6 4"), expected_words[0]))
        items.append((_swatch, expected_words[1]))
    told = _told(markers)
    numbered = [f"{n}. {text}" for n, text in enumerate(told, 1)] if len(told) > 1 else told
    return [*items, *((stroke("c-note", 1.5, "1 4"), text) for text in numbered)]


def _tick(x: float, y: float) -> Node:
    return svg.line(x + 11, y - 4, x + 11, y + 4, "c-accent", stroke_width=2)


def _swatch(x: float, y: float) -> Node:
    return svg.node("rect", x=x, y=y - 6, width=22, height=12, class_="f-band")


def _rows(scores: Sequence[Score], words: Words) -> list[tuple[date, int, str]]:
    return [(score.on, 0, _said(score, words)) for score in scores]


def _said(score: Score, words: Words) -> str:
    return words.no_answers if score.value is None else number(round(score.value, 2))
