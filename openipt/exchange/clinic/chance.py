"""What is left to chance in a made-up course, and all of it from one seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar
from uuid import UUID, uuid5

T = TypeVar("T")

MADE_UP = UUID("5f0f7c5e-9d0f-5c0e-8a52-6c1b2f1d7a10")  # of every id in a made-up course


class Chance:
    """The chances of one course. Each matter has a stream of its own, so that no draw moves another one."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def of(self, *matter: object) -> Random:
        """Return the stream of one matter (`"diary", 3`), always from its beginning."""
        return Random("/".join(map(str, (self.seed, *matter))))  # noqa: S311 - made-up people, nothing secret

    def id(self, path: str) -> str:
        """Return the id of what stands at a path of this course: the same on every machine (RULINGS 25)."""
        return str(uuid5(MADE_UP, f"{self.seed}/{path}"))


def likely(stream: Random, share: float) -> bool:
    """Whether something that happens in this share of cases (0 to 1) happens now."""
    return stream.random() < share


def weighted(stream: Random, table: Mapping[T, float]) -> T:
    """Return one key, drawn by weight."""
    return stream.choices(list(table), list(table.values()))[0]


def some(stream: Random, options: Sequence[T], least: int, most: int) -> list[T]:
    """Return between `least` and `most` of the options, in the order they stand; all where there are fewer."""
    n = min(len(options), stream.randint(least, most))
    return [options[place] for place in sorted(stream.sample(range(len(options)), n))]


def whole(value: float, low: int, high: int) -> int:
    """Return the nearest whole number within a range, both ends included."""
    return max(low, min(high, round(value)))
