"""How wide words are, how to shorten them, and whether two boxes of words touch. Widths are careful guesses."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from openipt.pictures.svg import clean

SMALL = 14.0
NAME = 15.0
BIG = 30.0
_ELLIPSIS = "…"
_MOST_SIGNS = 400  # no picture has room for more, and an endless name must not slow a page
_NARROW = frozenset("iljtfrI.,:;'’|! ()[]-/")
_WIDE = frozenset("mwMW@%—…&")


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: Box, gap: float = 0.0) -> bool:
        """True when the two share ground, or come nearer than the gap."""
        beside = self.right + gap <= other.left or other.right + gap <= self.left
        above = self.bottom + gap <= other.top or other.bottom + gap <= self.top
        return not (beside or above)

    def inside(self, other: Box) -> bool:
        """True when no edge stands out of the other box."""
        across = other.left <= self.left and self.right <= other.right
        return across and other.top <= self.top and self.bottom <= other.bottom


@lru_cache(maxsize=4096)  # of signs, never of words
def _em(sign: str) -> float:
    if unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0.0
    if sign in _NARROW:
        return 0.36
    if sign in _WIDE:
        return 0.95
    if unicodedata.east_asian_width(sign) in "WF" or unicodedata.category(sign) == "So":
        return 1.3
    return 0.7 if sign.isupper() else 0.58


def text_width(words: str, size: float = SMALL) -> float:
    """A width the words will hardly exceed in the fonts the style sheet names."""
    return sum(map(_em, words)) * size


def shorten(words: str, room: float, size: float = SMALL) -> str:
    """The words, or as many of their letters as fit with an ellipsis."""
    words = clean(words)
    if text_width(words, size) <= room:
        return words
    kept = words[:_MOST_SIGNS]
    width = text_width(kept + _ELLIPSIS, size)
    while kept and width > room:
        shorter = _without_last(kept)
        width -= text_width(kept[len(shorter) :], size)
        kept = shorter
    return kept.rstrip(" ,.;:-") + _ELLIPSIS


def _without_last(words: str) -> str:
    """One visible sign less: marks and joined signs go together with what they sit on."""
    cut = len(words) - 1
    while cut > 0 and (text_width(words[cut]) == 0 or words[cut - 1] == "\u200d"):
        cut -= 1
    return words[:cut]


def wrap(words: str, room: float, size: float = SMALL, lines: int = 2) -> tuple[str, ...]:
    """The words over at most so many lines; what does not fit ends in an ellipsis."""
    rows: list[str] = []
    rest = clean(words).split(" ")
    while rest and len(rows) < lines:
        if len(rows) == lines - 1:
            rows.append(shorten(" ".join(rest), room, size))
            break
        taken = _fitting(rest, room, size)
        rows.append(shorten(" ".join(rest[:taken]), room, size))
        rest = rest[taken:]
    return tuple(rows)


def _fitting(parts: list[str], room: float, size: float) -> int:
    count = 1
    while count < len(parts) and text_width(" ".join(parts[: count + 1]), size) <= room:
        count += 1
    return count


def text_box(x: float, baseline: float, words: str, size: float = SMALL, anchor: str = "start") -> Box:
    """The ground that words take when written there."""
    width = text_width(words, size)
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    return Box(left, baseline - size * 0.82, left + width, baseline + size * 0.26)


def clear(box: Box, others: Iterable[Box], gap: float = 0.0) -> bool:
    """True when the box touches none of the others."""
    return not any(box.touches(other, gap) for other in others)
