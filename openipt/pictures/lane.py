"""The lower lane of a timeline: told from memory and measured, over one axis of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openipt.pictures import svg
from openipt.pictures.curve import draw_runs, runs
from openipt.pictures.key import Sample, stroke
from openipt.pictures.scale import TimeScale, ValueScale, time_ticks, value_ticks
from openipt.pictures.svg import Node, number
from openipt.pictures.timeline_values import Score, Told
from openipt.pictures.words import Words

_TALL = 190.0
_LOW = 150.0
_STRIP = 44.0  # the lane of what was told from memory
_APART = 24.0  # between it and what was measured


@dataclass(frozen=True)
class Lane:
    """The measure and the scale of what was told."""

    measure: str
    low: float
    high: float
    cut_off: float | None
    told_low: float
    told_high: float


@dataclass(frozen=True)
class Body:
    """The lane as drawn: where its axis lies and where its words end."""

    parts: tuple[Node, ...]
    axis: float
    bottom: float


def draw_lane(
    lane: Lane,
    told: Sequence[Told],
    scores: Sequence[Score],
    scale: TimeScale,
    top: float,
    narrow: bool,
    broken: bool,
    words: Words,
) -> Body:
    """Lines, cut-off, ticks and the axis, with a break mark when something lies before it."""
    points = [point for point in told if point.on >= scale.start]
    strip = _STRIP + _APART if points else 0.0
    under = top + 16 + strip
    axis = under + (_LOW if narrow else _TALL)
    values = [score.value for score in scores if score.value is not None]
    y = ValueScale(min([lane.low, *values]), max([lane.high, *values]), axis - 8, under)
    parts: list[Node] = []
    for value in value_ticks(y.low, y.high):
        parts.append(svg.line(scale.left, y.y(value), scale.right, y.y(value), "c-line", stroke_width=1))
        parts.append(svg.text(scale.left - 8, y.y(value) + 5, number(value), anchor="end"))
    if lane.cut_off is not None:
        parts.append(cut_off_line(y.y(lane.cut_off), scale.left, scale.right))
    parts.extend(_told(lane, points, scale, top + 16))
    measured = [(scale.x(score.on), None if score.value is None else y.y(score.value)) for score in scores]
    parts.extend(draw_runs(runs(measured), number(values[-1]) if values else ""))
    parts.extend(_axis(scores, scale, axis, broken, words))
    return Body(tuple(parts), axis, axis + 30)


def _told(lane: Lane, told: Sequence[Told], scale: TimeScale, top: float) -> list[Node]:
    """What was told from memory, in a lane and on a scale of its own: a 7 of 10 never stands beside a score."""
    if not told:
        return []
    y = ValueScale(lane.told_low, lane.told_high, top + _STRIP, top)
    parts: list[Node] = []
    for value in (lane.told_low, lane.told_high):
        parts.append(svg.line(scale.left, y.y(value), scale.right, y.y(value), "c-line", stroke_width=1))
        parts.append(svg.text(scale.left - 8, y.y(value) + 5, number(value), anchor="end"))
    places = [(scale.x(point.on), y.y(point.severity)) for point in told]
    if len(places) > 1:
        parts.append(svg.path(places, "c-edge f-none", stroke_width=1.5, stroke_dasharray="5 4"))
    parts.extend(svg.circle(x, at, 3, "f-edge") for x, at in places)
    return parts


def cut_off_line(y: float, left: float, right: float) -> Node:
    """The dotted line of a cut-off."""
    return svg.line(left, y, right, y, "c-edge", stroke_width=1.5, stroke_dasharray="2 4")


def _axis(scores: Sequence[Score], scale: TimeScale, axis: float, broken: bool, words: Words) -> list[Node]:
    parts = [svg.line(scale.left, axis, scale.right, axis, "c-edge", stroke_width=1.5)]
    sessions = [scale.x(score.on) for score in scores]
    parts.extend(svg.line(x, axis - 5, x, axis, "c-edge", stroke_width=1) for x in sessions)
    for tick in time_ticks(scale, words):
        parts.append(svg.line(tick.at, axis, tick.at, axis + 6, "c-edge", stroke_width=1))
        parts.append(svg.text(tick.at, axis + 22, tick.label, "t-clear", "middle"))
    if broken:
        x = scale.left - 16
        parts.append(svg.line(x - 12, axis, scale.left, axis, "c-edge", stroke_width=1.5))
        parts.append(svg.path([(x - 2, axis + 7), (x + 4, axis - 7), (x + 10, axis - 7), (x + 4, axis + 7)], "f-paper"))
        parts.extend(svg.line(x + n, axis + 7, x + n + 6, axis - 7, "c-edge", stroke_width=1.5) for n in (-2, 4))
    return parts


def lane_legend(lane: Lane, told: Sequence[Told], scores: Sequence[Score], words: Words) -> list[tuple[Sample, str]]:
    """What the lines mean; only those that are there."""
    items: list[tuple[Sample, str]] = []
    if scores:
        items.append((stroke("c-accent", 3), words.score_legend.format(measure=lane.measure)))
    if told:
        low, high = number(lane.told_low), number(lane.told_high)
        items.append((stroke("c-edge", 1.5, "5 4"), words.told_legend.format(low=low, high=high)))
    if lane.cut_off is not None:
        items.append((stroke("c-edge", 1.5, "2 4"), words.cut_off.format(value=number(lane.cut_off))))
    if any(score.value is None for score in scores):
        items.append((stroke("c-accent", 3, "8 6"), words.gap_legend))
    return items
