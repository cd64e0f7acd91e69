"""What every picture gives back: the drawing, its finding in words, a description and the table behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape

_BETWEEN = "\x1f"  # the sign between units; should it stand in a cell, each is escaped by itself


@dataclass(frozen=True)
class Table:
    """The same facts as the drawing, in rows of plain text. Whoever shows it in another way escapes it."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @cached_property
    def html(self) -> str:
        """What stands inside an element `table`; the first column heads the rows."""
        heads = "".join([f'<th scope="col">{escape(column)}</th>' for column in self.columns])
        return (
            f"<caption>{escape(self.caption)}</caption><thead><tr>{heads}</tr></thead>"
            f"<tbody>{''.join(map(_row, self.rows))}</tbody>"
        )


def _row(cells: tuple[str, ...]) -> str:
    first, *others = escaped(cells) or [""]
    return f'<tr><th scope="row">{first}</th>{"".join([f"<td>{cell}</td>" for cell in others])}</tr>'


def escaped(texts: Sequence[str]) -> list[str]:
    """Escape texts for a page in one go: a table has a hundred cells, a card as many chips, most of them short."""
    made = escape(_BETWEEN.join(texts)).split(_BETWEEN)
    return made if len(made) == len(texts) else [escape(text) for text in texts]


@dataclass(frozen=True)
class Picture:
    """A drawing that can be read without seeing it."""

    svg: str
    title: str
    description: str
    table: Table
