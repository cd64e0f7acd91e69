"""Definitions that are no longer on a shelf but were used: what was written with them stays readable (RULINGS 4).

Whoever keeps definitions (the casebook) tells the shelf where to ask. A notebook or the command line keeps none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

Kind = Literal["form", "manual"]
Finder = Callable[[Kind, str, str | None], str | None]

_finders: list[Finder] = []


def also_ask(finder: Finder) -> None:
    """Let the shelf ask `finder(kind, name, version)` for the kept text of a definition; None: any version."""
    if finder not in _finders:
        _finders.append(finder)


def remembered(kind: Kind, name: str, version: str | None = None) -> str | None:
    """Return the kept text of a definition as canonical JSON; None where nobody kept it."""
    return next((text for finder in _finders if (text := finder(kind, name, version)) is not None), None)
