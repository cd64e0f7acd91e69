"""What every picture gives back: the drawing, its finding in words, a description and the table behind it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

_BETWEEN = "\x1f"  # the sign between units; should it stand in a cell, each is escaped by itself


@dataclass(frozen=True)
class Table:
    """The same facts as the drawing, in rows of plain text. Whoever shows it in another way escapes it."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    @property
    def html(self) -> str:
        """What stands inside an element `table`; the first column heads the rows."""
        heads = "".join([f'<th scope="col">{escape(column)}</th>' for column in self.columns])
        return (
            f"<caption>{escape(self.caption)}</caption><thead><tr>{heads}</tr></thead>"
            f"<tbody>{''.join(map(_row, self.rows))}</tbody>"
        )


def _row(cells: tuple[str, ...]) -> str:
    first, *others = _escaped(cells) or [""]
    return f'<tr><th scope="row">{first}</th>{"".join([f"<td>{cell}</td>" for cell in others])}</tr>'


def _escaped(cells: tuple[str, ...]) -> list[str]:
    """Escape the cells of a row in one go: a page has five hundred, most of them a number."""
    made = escape(_BETWEEN.join(cells)).split(_BETWEEN)
    return made if len(made) == len(cells) else [escape(cell) for cell in cells]


@dataclass(frozen=True)
class Picture:
    """A drawing that can be read without seeing it."""

    svg: str
    title: str
    description: str
    table: Table
