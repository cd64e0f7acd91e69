"""The small closed grammar of a cell: `read, write if author; aggregate but open_count`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Extent = Literal["full", "shared", "pseudonymous", "aggregate", "metadata", "none"]

# word -> action, extent
WORDS: dict[str, tuple[str, Extent]] = {
    "read": ("read", "full"),
    "write": ("write", "full"),
    "shared": ("read", "shared"),
    "pseudonymous": ("read", "pseudonymous"),
    "aggregate": ("read", "aggregate"),
    "metadata": ("read", "metadata"),
    "break_glass": ("read", "full"),
}
NOTHING = "none"

_NAMES = r"[a-z][a-z_]*(?:, [a-z][a-z_]*)*"
_CLAUSES = ("via", "if", "with", "but")
_GRANT = re.compile(rf"(?P<words>{_NAMES})" + "".join(rf"(?: {word} (?P<{word}_>{_NAMES}))?" for word in _CLAUSES))


@dataclass(frozen=True, slots=True)
class Grant:
    """One thing that a cell allows: through which ties, if what is true, with what asked for, how far."""

    action: str
    extent: Extent
    via: tuple[str, ...]  # empty: through the role's own ties
    wants: frozenset[str]
    needs: tuple[str, ...]
    bounds: tuple[str, ...]


def parse(text: str, break_glass: tuple[str, ...]) -> tuple[Grant, ...]:
    """Read one cell.

    Args:
        text: `none`, or grants parted by `; `, each `words [via ties] [if facts] [with needs] [but bounds]`.
        break_glass: The needs that the word `break_glass` stands for.

    Raises:
        ValueError: a text or word outside the grammar, with what was expected.
    """
    if text == NOTHING:
        return ()
    return tuple(grant for part in text.split("; ") for grant in _grants(part, break_glass))


def _grants(part: str, break_glass: tuple[str, ...]) -> Iterator[Grant]:
    found = _GRANT.fullmatch(part)
    if not found:
        expected = "'none', or 'words [via ties] [if facts] [with needs] [but bounds]', parted by '; '"
        raise ValueError(f"the cell part {part!r} cannot be read; expected {expected}")
    via, wants, needs, bounds = (tuple((found[f"{word}_"] or "").replace(",", "").split()) for word in _CLAUSES)
    for word in found["words"].split(", "):
        if word not in WORDS:
            raise ValueError(f"the word {word!r} in a cell; expected {', '.join(WORDS)}, or 'none' alone")
        action, extent = WORDS[word]
        all_wants = frozenset(wants) | ({"shared"} if word == "shared" else frozenset())
        all_needs = (*break_glass, *needs) if word == "break_glass" else needs
        yield Grant(action, extent, via, all_wants, all_needs, bounds)
