"""Filters of the client's own material: feelings as chips, family by family."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import template

from openipt.rooms.filling.fields import Field
from openipt.rooms.filling.said import feeling_of
from openipt.therapy.vocabulary import vocabulary

register = template.Library()


@dataclass(frozen=True, slots=True)
class Chip:
    """One feeling that can be marked; `place` is the number of its row."""

    place: int
    word: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Family:
    """Feelings that are near each other."""

    label: str
    chips: tuple[Chip, ...]

    @property
    def open(self) -> bool:
        """Whether one of them is marked."""
        return any(chip.marked for chip in self.chips)


@register.filter
def families(one: Field) -> tuple[Family, ...]:
    """Return the feelings that can be marked at a question, those that are marked already among them."""
    return tuple(_families({feeling_of(row.word) for row in one.rows if row.word}))


def _families(marked: set[str]) -> Iterator[Family]:
    place = 0
    for family in vocabulary()["feelings"].values():
        chips = []
        for word, words in family["words"].items():
            chips.append(Chip(place, str(words), word in marked))
            place += 1
        yield Family(family["label"], tuple(chips))


@register.filter
def own_words(one: Field) -> list[tuple[int, str]]:
    """Return the feelings in own words at a question, each with a number of its own, and room for one more."""
    known = {word for family in vocabulary()["feelings"].values() for word in family["words"]}
    own = [row.word for row in one.rows if row.word and feeling_of(row.word) not in known]
    return list(enumerate([*own, ""], len(known)))


@register.filter
def only(ways: Any, way: str) -> list[Field]:
    """Return the fields of one way."""
    return [one for one in ways if one.way == way]
