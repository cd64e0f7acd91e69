"""What a circle is made of: people with their places, and ties between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from openipt.pictures.svg import clean
from openipt.pictures.words import Words

RINGS = 4
Kind = Literal["close", "cut_off", "messenger", "sides_with", "family_line"]
KINDS: tuple[Kind, ...] = ("close", "cut_off", "messenger", "sides_with", "family_line")


@dataclass(frozen=True)
class Person:
    """Someone on the circle. `key` is the same then and now; ring 1 is the closest; angle in degrees from the top.

    `marked`: the page is about this one, and a second line around the dot says so.
    """

    key: str
    name: str
    ring: int | None
    wished: int | None = None
    angle: float | None = None
    died: bool = False
    lost_or_out: bool = False
    marked: bool = False

    def named(self, words: Words) -> str:
        """The full name, with the word for having died."""
        name = clean(self.name) or words.no_name
        return words.died_name.format(name=name) if self.died else name

    def placed(self, words: Words) -> str:
        """The place in words."""
        return words.not_placed if self.ring is None else words.ring.format(n=inner(self.ring))

    def hoped(self, words: Words) -> str:
        """The wished place in words; empty when there is none."""
        return "" if self.wished is None else words.ring.format(n=inner(self.wished))

    def state(self, words: Words) -> str:
        """Died, lost or out of contact, marked, in words."""
        so = {words.died: self.died, words.lost: self.lost_or_out, words.marked: self.marked}
        return ", ".join(said for said, holds in so.items() if holds)


@dataclass(frozen=True)
class Tie:
    """A tie between two people by their keys. A messenger and one who sides with another go from one to the other."""

    one: str
    other: str
    kind: Kind


def inner(ring: int) -> int:
    """A ring that there is."""
    return min(max(ring, 1), RINGS)


def angles(people: Sequence[Person]) -> dict[str, float]:
    """One angle a person, from the order when none was given; people at the same angle move a little apart."""
    unique = list({person.key: person for person in people}.values())
    count = max(len(unique), 1)
    # Begins off the top, so that the first name does not stand on the axis of the drawing.
    wanted = {
        person.key: (360.0 * index / count + 20.0 if person.angle is None else person.angle) % 360.0
        for index, person in enumerate(unique)
    }
    least = min(12.0, 360.0 / count)
    order = sorted(wanted, key=lambda key: wanted[key])
    for before, after in pairwise(order):
        wanted[after] = max(wanted[after], wanted[before] + least)
    over = wanted[order[-1]] - wanted[order[0]] - (360.0 - least) if order else 0.0
    if over > 0.001:
        return {key: 360.0 * index / count + wanted[order[0]] for index, key in enumerate(order)}
    return wanted


def roomiest(taken: Sequence[float]) -> float:
    """The middle of the widest gap between angles: where one more person finds room. Off the top on an empty circle."""
    if not taken:
        return 20.0
    order = sorted(angle % 360.0 for angle in taken)
    gaps = [(after - before, before) for before, after in pairwise([*order, order[0] + 360.0])]
    wide, before = max(gaps, key=lambda gap: (gap[0], -gap[1]))
    return round((before + wide / 2) % 360.0, 1)
