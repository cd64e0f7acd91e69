"""Words over places on a line: first on several levels, then as numbers that a key explains."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from openipt.pictures.lettering import NAME, Box, clear, shorten, text_box, text_width

PITCH = 26.0
MARK = 11.0
_GAP = 3.0
_STEM = 1.0


@dataclass(frozen=True)
class Label:
    """Words that found a place: beside the head of their stem."""

    index: int
    x: float
    level: int
    words: str
    anchor: str
    at: float
    box: Box


@dataclass(frozen=True)
class Mark:
    """One number, or a run of them, for words that found no place."""

    indexes: tuple[int, ...]
    numbers: str
    x: float

    @property
    def half(self) -> float:
        """Half the ground the mark takes."""
        return max(MARK, text_width(self.numbers) / 2 + 5)


@dataclass(frozen=True)
class Room:
    """The ground for labels: its edges, how many levels, the longest words, how far off the stem they stand."""

    left: float
    right: float
    levels: int
    longest: float = 230.0
    off: float = 10.0
    sides: tuple[str, ...] = ("start", "end")


@dataclass(frozen=True)
class Placed:
    """What became labels and what became marks."""

    labels: tuple[Label, ...]
    marks: tuple[Mark, ...]


def baseline(level: int) -> float:
    """Height of a level's baseline above the foot of the stems (negative is up). Under an axis it is mirrored."""
    return -level * PITCH - 8.0


def place(places: Sequence[float], words: Sequence[str], room: Room) -> Placed:
    """Give each of the words a label, or a mark where there is no room. Places rise from left to right."""
    labels: list[Label] = []
    left_over: list[int] = []
    for index in reversed(range(len(places))):
        label = _first_fit(index, places[index], words[index], room, labels)
        if label is None:
            left_over.append(index)
        else:
            labels.append(label)
    return _settle(labels, left_over, places, room)


def _first_fit(index: int, x: float, words: str, room: Room, placed: Sequence[Label]) -> Label | None:
    for level in range(room.levels):
        for anchor in room.sides:
            at = x + (room.off if anchor == "start" else -room.off)
            space = (room.right - at) if anchor == "start" else (at - room.left)
            short = shorten(words, min(space, room.longest), NAME)
            if space < min(text_width(words, NAME), room.longest * 0.6):
                continue
            label = Label(index, x, level, short, anchor, at, _shape(x, at, level, short, anchor))
            if _free(label, placed):
                return label
    return None


def _shape(x: float, at: float, level: int, words: str, anchor: str) -> Box:
    box = text_box(at, baseline(level), words, NAME, anchor)
    return Box(min(box.left, x - 7), box.top, max(box.right, x + 7), box.bottom)


def _stem(label: Label) -> Box:
    return Box(label.x - _STEM, label.box.bottom, label.x + _STEM, 0.0)


def _free(label: Label, placed: Sequence[Label]) -> bool:
    if not clear(label.box, [other.box for other in placed], _GAP):
        return False
    own = _stem(label)
    crossed = any(own.touches(other.box) or _stem(other).touches(label.box) for other in placed)
    return not crossed


def _settle(labels: list[Label], left_over: list[int], places: Sequence[float], room: Room) -> Placed:
    """Number what is left. A stem that would run through a mark gives up its words for a number as well."""
    while True:
        marks = _marks(sorted(left_over), places, room)
        hit = [label for label in labels if _through(label, marks)]
        if not hit:
            return Placed(tuple(sorted(labels, key=lambda label: label.index)), marks)
        labels = [label for label in labels if label not in hit]
        left_over = left_over + [label.index for label in hit]


def _through(label: Label, marks: Sequence[Mark]) -> bool:
    return any(abs(label.x - mark.x) < mark.half + _GAP for mark in marks)


def _marks(indexes: Sequence[int], places: Sequence[float], room: Room) -> tuple[Mark, ...]:
    groups: list[tuple[int, ...]] = [(number,) for number in range(len(indexes))]
    while True:
        marks = [_mark(group, indexes, places, room) for group in groups]
        overlaps = [(a.x + a.half + _GAP) - (b.x - b.half) for a, b in pairwise(marks)]
        if not overlaps or max(overlaps) <= 0:
            return tuple(marks)
        worst = overlaps.index(max(overlaps))
        groups[worst : worst + 2] = [groups[worst] + groups[worst + 1]]


def _mark(group: tuple[int, ...], indexes: Sequence[int], places: Sequence[float], room: Room) -> Mark:
    members = tuple(indexes[number] for number in group)
    run = str(group[0] + 1) if len(group) == 1 else f"{group[0] + 1}–{group[-1] + 1}"
    mark = Mark(members, run, sum(places[index] for index in members) / len(members))
    return Mark(members, run, min(max(mark.x, room.left + mark.half), room.right - mark.half))
