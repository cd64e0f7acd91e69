"""What somebody changed in a drafted note, sentence by sentence: to be seen before it is signed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

_BETWEEN = re.compile(r"(?<=[.!?])\s+|\n+")
ROWS, IN_A_ROW = 14, 70


@dataclass(frozen=True, slots=True)
class Change:
    """One sentence that was taken out of the draft, or written into it."""

    kind: Literal["out", "in"]
    words: str


def changes(draft: str, text: str) -> tuple[Change, ...]:
    """Return what was taken out of a draft and what was written in, each in its own order. Spaces are no change."""
    before, after = sentences(draft), sentences(text)
    out = (Change("out", words) for words in _only_in(before, after))
    return (*out, *(Change("in", words) for words in _only_in(after, before)))


def nearest(drafts: Iterable[str], text: str) -> str:
    """Return the draft that a text was made from: the one from which it differs least; the first of several."""
    return min(drafts, key=lambda draft: len(changes(draft, text)))


def rows_of(text: str) -> int:
    """Return how many rows show a whole note."""
    return max(ROWS, sum(len(line) // IN_A_ROW + 1 for line in text.split("\n")))


def sentences(text: str) -> list[str]:
    """Return the sentences of a text; spaces are no difference."""
    return [" ".join(one.split()) for one in _BETWEEN.split(text) if one.strip()]


def _only_in(these: list[str], others: list[str]) -> Iterator[str]:
    left = Counter(others)
    for one in these:
        if left[one]:
            left[one] -= 1
        else:
            yield one
