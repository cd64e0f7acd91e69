"""The style sheet of the pictures, for pages that hold them and for files that stand alone."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from openipt.pictures.lettering import NAME, wrap
from openipt.pictures.picture import Picture
from openipt.pictures.svg import NAMESPACE, number, text

_SIZE = re.compile(r'width="([0-9.]+)" height="([0-9.]+)"')
_TOKEN = re.compile(r"(--[a-z-]+): ([^;]+);")
_LEAST = 320.0


@cache
def _read(name: str) -> str:
    return files("openipt.pictures").joinpath(name).read_text(encoding="utf-8")


def stylesheet() -> str:
    """The classes every picture uses. The page brings the tokens."""
    return _read("pictures.css")


def standalone(picture: Picture) -> str:
    """The picture as a file that can be read alone, by day and by night, with its finding written above it."""
    inner = _SIZE.search(picture.svg)
    width, height = (float(inner[1]), float(inner[2])) if inner else (_LEAST, _LEAST)
    wide = max(width, _LEAST)
    lines = wrap(picture.title, wide - 24, NAME, 6)
    top = 16 + 22 * len(lines)
    heading = "".join(str(text(12, 24 + 22 * row, line, "strong")) for row, line in enumerate(lines))
    placed = picture.svg.replace("<svg ", f'<svg y="{top}" ', 1)
    size = f'viewBox="0 0 {number(wide)} {number(height + top)}" width="{number(wide)}" height="{number(height + top)}"'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="{NAMESPACE}" {size}>'
        f"<style>{_read('standalone.css')}\n{stylesheet()}</style>"
        f'<rect width="100%" height="100%" class="f-paper"/>{heading}'
        f"{placed}</svg>\n"
    )


def on_paper(picture: Picture) -> str:
    """The drawing for whoever knows no tokens, such as a maker of PDFs: colours of the day, written out."""
    tokens = dict(_TOKEN.findall(_read("standalone.css").split("@media")[0]))
    plain = stylesheet().split("@media")[0]
    for name, value in tokens.items():
        plain = plain.replace(f"var({name})", value)
    head, rest = picture.svg.split(">", 1)
    return f"{head}><style>{plain}</style>{rest}"
