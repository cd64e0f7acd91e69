"""One HTML file that needs nothing else: words first, a picture, the table behind it; no script, light and dark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openipt.pictures import Picture


@cache
def _style() -> str:
    from openipt.pictures import stylesheet

    return files("openipt.exchange.cases").joinpath("report.css").read_text(encoding="utf-8") + stylesheet()


def page(title: str, body: Iterable[str]) -> str:
    """Return a whole page; `title` is plain text, `body` is lines of HTML."""
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_style()}</style>"
    )
    inner = "\n".join(body)
    return f'<!doctype html>\n<html lang="en">\n<head>{head}</head>\n<body>\n{inner}\n</body>\n</html>\n'


def figure(picture: Picture, name: str, table_words: str) -> Iterator[str]:
    """Yield a picture with its finding above it and its table behind it.

    Args:
        picture: What is drawn.
        name: What the picture is called where it is not seen.
        table_words: What opens the table.
    """
    name, table_words = escape(name, quote=True), escape(table_words)
    yield f"<figure><figcaption>{escape(picture.title)}</figcaption>"
    yield f'<div class="wide" role="region" tabindex="0" aria-label="{name}">{picture.svg}</div>'
    yield f"<details><summary>{table_words}</summary>"
    yield f'<div class="wide" role="region" tabindex="0" aria-label="{name} ({table_words})">'
    yield f"<table>{picture.table.html}</table></div></details></figure>"


def listed(texts: Iterable[str]) -> Iterator[str]:
    """Yield plain texts as a list; nothing where there is none."""
    rows = "".join(f"<li>{escape(text)}</li>" for text in texts)
    if rows:
        yield f"<ul>{rows}</ul>"
