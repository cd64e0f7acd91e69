"""Pages that were read before: what a text says is known by the text itself, and need not be parsed again.

Parsing YAML is most of what a start costs: 5.6 s of processor time for the whole shelf, 0.05 s where it is known. The
mind writes no files: whoever has a place for what is known tells it here; without one every page is parsed. Only pages
of the program and of its shelves come here, never a case or anything else that tells of somebody.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, Protocol

from openipt.therapy.shelf.reading import Page, Way

_NUMBER = re.compile("0|-?[1-9][0-9]{0,17}")


class Place(Protocol):
    """Where what is known is kept between two starts."""

    def find(self, key: str) -> str | None:
        """Return what was kept by this key, whole and as it was; None where there is nothing, or nothing sound."""

    def keep(self, key: str, said: str) -> None:
        """Keep a text; where that is not possible, do nothing."""


_place: Place | None = None


def know_from(place: Place | None) -> None:
    """Look for what is known there from now on; None: parse every page."""
    global _place
    _place = place


def read(text: str, name: str, parse: Callable[[str, str], Page]) -> Page:
    """Return what a text says: from what is known, else by `parse`, whose refusals are never kept."""
    if _place is None:
        return parse(text, name)
    key = sha256(text.encode()).hexdigest()
    known = _place.find(key)
    if known is not None:
        data, lines = _said(known)
        return Page(name, data, _Lines(data, lines))
    page = parse(text, name)
    if (said := _as_json(page)) is not None:
        _place.keep(key, said)
    return page


def _as_json(page: Page) -> str | None:
    """Return a page as JSON; None where it would come back as something else."""
    for numbered in (False, True):
        said = json.dumps({"data": page.data, "lines": list(page.lines.values()), "numbered": numbered})
        data, _ = _said(said)
        if data == page.data and list(_ways(data, ())) == list(page.lines):
            return said
    return None


def _said(known: str) -> tuple[Any, list[int]]:
    """Return data and lines of what `_as_json` made. JSON knows no number as a key; those of options come back so."""
    said = json.loads(known)
    return _numbered(said["data"]) if said["numbered"] else said["data"], said["lines"]


def _numbered(data: Any) -> Any:
    if isinstance(data, dict):
        return {int(key) if _NUMBER.fullmatch(key) else key: _numbered(value) for key, value in data.items()}
    return [_numbered(one) for one in data] if isinstance(data, list) else data


@dataclass(frozen=True)
class _Lines(Mapping[Way, int]):
    """The line of every place of a page. They are asked for where something is wrong, so they are matched only then."""

    data: Any
    numbers: list[int]

    @cached_property
    def _all(self) -> dict[Way, int]:
        return dict(zip(_ways(self.data, ()), self.numbers, strict=True))

    def __getitem__(self, way: Way) -> int:
        return self._all[way]

    def __iter__(self) -> Iterator[Way]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self.numbers)


def _ways(data: Any, way: Way) -> Iterator[Way]:
    """Tell every place of a page, each before what is inside it."""
    yield way
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for part, value in inside:
        yield from _ways(value, (*way, part))
