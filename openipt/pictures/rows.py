"""The rows of a timeline that carry words: events above, medication and phases under the axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openipt.pictures import svg
from openipt.pictures.lettering import NAME, SMALL, text_width
from openipt.pictures.scale import TimeScale
from openipt.pictures.stems import PITCH, Placed, Room, baseline, place
from openipt.pictures.svg import Node, clean
from openipt.pictures.timeline_values import Event, Medication, Phase
from openipt.pictures.words import Words

_LEVELS = 7
_MARK_ROW = 30.0


@dataclass(frozen=True)
class Row:
    """What was drawn, where it ends, what goes to the key, and where stems start."""

    parts: tuple[Node, ...]
    bottom: float
    entries: tuple[tuple[str, str], ...] = ()
    heads: tuple[tuple[float, float], ...] = ()

    def stems(self, axis: float) -> tuple[Node, ...]:
        """Stems down to the axis; strong above the scores, faint through them."""
        faint = [svg.line(x, self.bottom, x, axis, "c-line", stroke_width=1) for x, _ in self.heads]
        strong = [svg.line(x, y, x, self.bottom, "c-edge", stroke_width=1) for x, y in self.heads]
        return (*faint, *strong)


def draw_events(
    events: Sequence[Event], scale: TimeScale, left: float, right: float, narrow: bool, words: Words
) -> Row:
    """Events as words on stems; where there is no room, as numbers."""
    places = [scale.x(event.on) for event in events]
    names = [event.named(words) for event in events]
    placed = place(places, names, Room(left, right, 0 if narrow else _LEVELS))
    foot = 8.0 + (max((label.level for label in placed.labels), default=-1) + 1) * PITCH
    bottom = foot + (_MARK_ROW if placed.marks else 4.0)
    parts: list[Node] = []
    heads: list[tuple[float, float]] = []
    for label in placed.labels:
        y = foot + baseline(label.level)
        heads.append((label.x, y - 5))
        parts.append(svg.circle(label.x, y - 5, 5, "f-paper c-accent", stroke_width=2.5))
        parts.append(svg.text(label.at, y, label.words, "t-name", label.anchor))
    entries: list[tuple[str, str]] = []
    for mark in placed.marks:
        heads.extend((places[index], bottom - 4) for index in mark.indexes)
        parts.extend(_mark(mark.numbers, mark.x, mark.half, foot, [places[index] for index in mark.indexes]))
        first = int(mark.numbers.split("–")[0])
        listed = ((str(first + step), events[index]) for step, index in enumerate(mark.indexes))
        entries.extend((number, f"{event.said(words)}: {event.named(words)}") for number, event in listed)
    return Row(tuple(parts), bottom, tuple(entries), tuple(heads))


def _mark(numbers: str, x: float, half: float, foot: float, places: Sequence[float]) -> list[Node]:
    """A number in a rounded frame; a run of numbers stands over the bar that joins its stems."""
    y = foot + 13
    box = svg.node("rect", x=x - half, y=y - 11, width=half * 2, height=22, rx=11, class_="f-paper c-accent")
    bar = svg.line(min(*places, x), y + 13, max(*places, x), y + 13, "c-edge", stroke_width=1.5)
    return [bar, box, svg.text(x, y + 5, numbers, "t-accent", "middle")]


def draw_medication(
    flags: Sequence[Medication], scale: TimeScale, axis: float, top: float, right: float, narrow: bool, words: Words
) -> Row:
    """Flags on the axis; their words in rows under it, or in the key."""
    places = [scale.x(flag.on) for flag in flags]
    names = [clean(flag.text) or words.no_text for flag in flags]
    placed = place(places, names, Room(6.0, right, 0 if narrow else 3, off=6.0))
    parts: list[Node] = []
    for x in places:
        parts.append(svg.line(x, axis, x, axis - 20, "c-ink", stroke_width=2))
        pennant = [(x, axis - 20), (x + 10, axis - 16), (x, axis - 12)]
        parts.append(svg.path(pennant, "f-ink", closed=True))
    for label in placed.labels:
        y = _under(top, label.level)
        parts.insert(0, svg.line(label.x, axis, label.x, y + 3, "c-edge", stroke_width=1))
        parts.append(svg.text(label.at, y, label.words, "t-name", label.anchor))
    listed = sorted(index for mark in placed.marks for index in mark.indexes)
    entries = tuple((words.day(flags[index].on), names[index]) for index in listed)
    return Row(tuple(parts), _foot(placed, top), entries)


def draw_phases(phases: Sequence[Phase], scale: TimeScale, top: float, right: float, words: Words) -> Row:
    """Phases as a thin band with their names under it."""
    names = [clean(phase.name) or words.no_name for phase in phases]
    starts = [scale.x(phase.start) for phase in phases]
    places = [min(x, max(right - text_width(name, NAME), 6.0)) for x, name in zip(starts, names, strict=True)]
    order = sorted(range(len(phases)), key=lambda index: places[index])
    placed = place(
        [places[index] for index in order],
        [names[index] for index in order],
        Room(6.0, right, 3, off=0.0, sides=("start",)),
    )
    band = top + 10
    parts: list[Node] = []
    for number, phase in enumerate(phases):
        left, end = scale.x(phase.start), scale.x(phase.end)
        class_ = "c-accent" if number % 2 else "c-edge"
        parts.append(svg.line(left, band, max(end - 2, left + 3), band, class_, stroke_width=4))
    for label in placed.labels:
        y = _under(band + 6, label.level)
        if label.level:
            parts.insert(0, svg.line(label.x, band, label.x, y - SMALL, "c-edge", stroke_width=1))
        parts.append(svg.text(label.at, y, label.words, "t-name", label.anchor))
    left_over = sorted(order[index] for mark in placed.marks for index in mark.indexes)
    entries = tuple((names[index], phases[index].said(words)) for index in left_over)
    return Row(tuple(parts), _foot(placed, band + 6) if phases else top, entries)


def _under(top: float, level: int) -> float:
    """Baseline of a level counted down from the top of the row."""
    return top + 14 + level * PITCH


def _foot(placed: Placed, top: float) -> float:
    levels = max((label.level for label in placed.labels), default=-1) + 1
    return top + levels * PITCH
