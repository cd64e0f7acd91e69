"""The few marks a lesson may use, read into blocks of words that a page can set without trusting them.

Why our own: the libraries for Markdown read far more than lessons need, raw HTML and links among it, and would have
to be fenced in again. Here a mark that is not on this list is a problem with its line, and what comes out is words
and names of marks, never HTML; the page escapes every word as it escapes all others.

Known are: paragraphs, `## ` and `### ` headings, `- ` and `1. ` lists, `> ` quotes, *emphasis* and **strong** words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict

Way = Literal["paragraph", "heading", "subheading", "list", "numbers", "quote"]
Line = tuple[int, str]

_MARKS: tuple[tuple[str, Way], ...] = (
    (r"## +(?=\S)", "heading"),
    (r"### +(?=\S)", "subheading"),
    (r"- +(?=\S)", "list"),
    (r"[0-9]{1,2}\. +(?=\S)", "numbers"),
    (r"> +(?=\S)", "quote"),
)
_SPAN = re.compile(r"\*\*(?P<strong>[^*]+)\*\*|\*(?P<em>[^*]+)\*|(?P<plain>[^*]+)")
_FOREIGN: tuple[tuple[str, str], ...] = (
    (r"[<>]", "a pointed bracket"),
    (r"\]\(|\]\[|https?://", "a link or a picture"),
    (r"`|^~~~", "a code mark"),
    (r"\|", "a table"),
    (r"^(#|[-+*] ?$|[+*] |-{3,}|={3,}|_{3,})", "a mark that is not known here"),
    (r"__|\\|&#?\w+;", "a mark that is not known here"),
)


class Span(BaseModel):
    """Some words of one weight."""

    model_config = ConfigDict(frozen=True)

    words: str
    weight: Literal["plain", "em", "strong"] = "plain"


class Block(BaseModel):
    """A paragraph, heading, list or quote: its lines, each a row of spans. Only lists have more than one line."""

    model_config = ConfigDict(frozen=True)

    way: Way
    lines: tuple[tuple[Span, ...], ...]

    @property
    def words(self) -> str:
        """Return the words alone, without weights."""
        return "\n".join("".join(span.words for span in line) for line in self.lines)


class Foreign(ValueError):  # noqa: N818 - a mark is foreign, that is no fault of the program
    """A line that uses a mark lessons do not know."""

    def __init__(self, line: int, wrong: str) -> None:
        self.line = line
        super().__init__(wrong)


def blocks_of(text: str, first_line: int = 1) -> tuple[Block, ...]:
    """Read a text into blocks; raise Foreign with the line of the first mark that is not known."""
    return tuple(_block(rows) for rows in _paragraphs(text, first_line))


def _paragraphs(text: str, first_line: int) -> Iterator[list[Line]]:
    rows: list[Line] = []
    for number, raw in enumerate(text.splitlines(), first_line):
        if raw.strip():
            rows.append((number, raw.rstrip()))
        elif rows:
            yield rows
            rows = []
    if rows:
        yield rows


def _block(rows: list[Line]) -> Block:
    way = _way(rows[0][1])
    items: list[tuple[int, list[str]]] = []
    for number, raw in rows:
        words = raw.strip()
        mark = _way(words)
        if mark != way and mark != "paragraph":
            raise Foreign(number, "a new kind of block without an empty line before it")
        if mark != "paragraph":
            words = words[len(_mark(words)) :]
        if mark in ("list", "numbers") or not items:
            items.append((number, [words]))
        elif way in ("heading", "subheading"):
            raise Foreign(number, "a heading of more than one line")
        else:
            items[-1][1].append(words)
    return Block(way=way, lines=tuple(_spans(number, " ".join(words)) for number, words in items))


def _way(words: str) -> Way:
    return next((way for mark, way in _MARKS if re.match(mark, words)), "paragraph")


def _mark(words: str) -> str:
    return next(found.group() for mark, _ in _MARKS if (found := re.match(mark, words)))


def _spans(number: int, words: str) -> tuple[Span, ...]:
    for pattern, what in _FOREIGN:
        if re.search(pattern, words):
            raise Foreign(number, what)
    found = list(_SPAN.finditer(words))
    if "".join(one.group() for one in found) != words:
        raise Foreign(number, "a star that is not closed")
    return tuple(_span(one) for one in found)


def _span(found: re.Match[str]) -> Span:
    for weight in ("strong", "em"):
        if found[weight] is not None:
            return Span(words=found[weight], weight=weight)
    return Span(words=found["plain"])
