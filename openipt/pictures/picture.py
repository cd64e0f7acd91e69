"""What every picture gives back: the drawing, its finding in words, a description and the table behind it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """The same facts as the drawing, in rows of plain text. Whoever shows it escapes it."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Picture:
    """A drawing that can be read without seeing it."""

    svg: str
    title: str
    description: str
    table: Table
