"""What was typed on a page: field names such as `lines.0.said`, as a tree, kept exactly as it came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

Pairs = list[tuple[str, str]]  # (name, what was typed), in the order of the page

OURS = "_"  # fields of the page itself begin so; ids of items begin with a letter
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field
DEEPEST = 12  # parts of a name: three groups with rows, an item, and what an item is made of
LONGEST = 200  # characters of a name


@dataclass(slots=True)
class Typed:
    """What was typed at one place of the page, and below it."""

    said: list[str] = field(default_factory=list)
    below: dict[str, Typed] = field(default_factory=dict)

    def one(self, part: str = "") -> str:
        """Return what was typed here, or at a part of this place; two different answers to one question as both."""
        place = self.below.get(part) if part else self
        if place is None:
            return ""
        given = list(dict.fromkeys(text for text in place.said if text))
        return given[0] if len(given) == 1 else " / ".join(given)

    def at(self, part: str) -> Typed:
        """Return what stands below a part of the name; an empty place where there is nothing."""
        return self.below.get(part) or Typed()

    def rows(self) -> list[tuple[str, Typed]]:
        """Return the rows of a group in the order of their numbers."""
        return sorted(((key, row) for key, row in self.below.items() if is_row(key)), key=lambda one: int(one[0]))

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed here or below."""
        return not any(text.strip() for text in self.said) and all(one.is_blank for one in self.below.values())


def is_row(key: str) -> bool:
    """Whether a part of a name is the number of a row."""
    return key.isascii() and key.isdigit() and len(key) <= 6 and (key == "0" or key[0] != "0")


def plant(pairs: Iterable[tuple[str, str]]) -> tuple[Typed, Pairs]:
    """Turn the fields of a page into a tree. Never raises.

    Returns:
        The tree, and the fields whose names no page of ours has: too long, too deep, with an empty part.
    """
    root, strange = Typed(), []
    for name, text in pairs:
        if name.startswith(OURS) or name == TOKEN:
            continue
        parts = name.split(".") if len(name) <= LONGEST else []
        if not 0 < len(parts) <= DEEPEST or not all(parts):
            strange.append((name, text))
            continue
        place = root
        for part in parts:
            found = place.below.get(part)
            if found is None:
                found = place.below[part] = Typed()
            place = found
        place.said.append(text)
    return root, strange


def find(root: Typed, name: str) -> Typed | None:
    """Return the place of a name; None where nothing was typed there."""
    place: Typed | None = root
    for part in name.split("."):
        place = place.below.get(part) if place else None
    return place


def pairs_below(place: Typed, name: str) -> Iterator[tuple[str, str]]:
    """Yield the fields at and below a place, under their names."""
    for text in place.said:
        yield name, text
    for part, below in place.below.items():
        yield from pairs_below(below, f"{name}.{part}")


def add_row(root: Typed, name: str) -> str:
    """Add an empty row to a group; return the row's name.

    The numbers of rows are marks, not places: a row keeps its own for as long as the page is open, so that what points
    to it goes on pointing to it.
    """
    parts = name.split(".")
    if len(parts) > DEEPEST - 2 or len(name) > LONGEST - 8 or not all(parts):
        return name
    place = root
    for part in parts:
        place = place.below.setdefault(part, Typed())
    numbers = [int(key) for key, _ in place.rows()]
    made = str(max(numbers, default=-1) + 1)
    place.below[made] = Typed()
    return f"{name}.{made}"


def remove_row(root: Typed, name: str) -> Pairs:
    """Take a row away; return what was typed in it, so that it can be put back. Nothing where there is no such row."""
    group, _, key = name.rpartition(".")
    place = find(root, group) if group else None
    gone = place.below.pop(key, None) if place is not None and is_row(key) else None
    return list(pairs_below(gone, name)) if gone else []
