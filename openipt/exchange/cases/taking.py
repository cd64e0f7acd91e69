"""A tree that remembers what was taken from it, so that nothing in a file is dropped silently."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Way = tuple[str | int, ...]


class Tree:
    """A mapping of a page. What is taken is marked; at the end `left` tells what nobody asked for."""

    def __init__(self, data: dict[str, Any], way: Way = (), taken: set[Way] | None = None) -> None:
        self.data = data
        self.way = way
        self.taken = set() if taken is None else taken

    def take(self, key: str, default: Any = None) -> Any:
        """Take a value whole, with everything inside it."""
        if key in self.data:
            self.taken.add((*self.way, key))
            return self.data[key]
        return default

    def into(self, key: str) -> Tree:
        """Go into a mapping; an empty one where the key is absent."""
        if not self.data.get(key):
            self.take(key)
        return Tree(self.data.get(key) or {}, (*self.way, key), self.taken)

    def rows(self, key: str) -> list[Tree]:
        """Go into each mapping of a list."""
        if not self.data.get(key):
            self.take(key)
        return [Tree(row, (*self.way, key, n), self.taken) for n, row in enumerate(self.data.get(key) or [])]

    def some(self, *keys: str) -> dict[str, Any]:
        """Take several values; those absent are left out."""
        return {key: self.take(key) for key in keys if key in self.data}

    def __contains__(self, key: str) -> bool:
        return key in self.data

    def left(self) -> list[Way]:
        """Return the ways of everything that was not taken."""
        return list(self._left(self.data, self.way))

    def _left(self, value: Any, way: Way) -> Iterator[Way]:
        if way in self.taken:
            return
        if isinstance(value, dict) and value:
            for key, part in value.items():
                yield from self._left(part, (*way, key))
        elif isinstance(value, list) and value:
            for n, part in enumerate(value):
                yield from self._left(part, (*way, n))
        else:
            yield way


def texts(values: list[str] | None) -> list[dict[str, str]]:
    """Turn plain strings into rows of a group with one item `text`."""
    return [{"text": value} for value in values or []]
