"""A small writer of SVG. Text and attributes are escaped here and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from html import escape

NAMESPACE = "http://www.w3.org/2000/svg"
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Marks that force a writing direction could turn the words around a name.
_DIRECTION_MARKS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_PLAIN = re.compile(r"[A-Za-z0-9.,:;#()/_+-]+(?: [A-Za-z0-9.,:;#()/_+-]+)*")
_ID_SIGNS = re.compile(r"[^A-Za-z0-9_-]+")

Value = str | float | int


def clean(text: str) -> str:
    """Text on one line, without signs XML forbids or marks that would turn its surroundings."""
    kept = _DIRECTION_MARKS.sub("", _NOT_IN_XML.sub(" ", text))
    return " ".join(kept.split())


@lru_cache(maxsize=2048)  # a page writes a thousand, and the same places again and again
def number(value: float) -> str:
    """A number as short as it can be said: 7, 6.5, 120.25."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value % 1 else str(int(value))


class Node:
    """One element, written as it is made: a page draws a thousand."""

    __slots__ = ("_markup",)

    def __init__(self, markup: str) -> None:
        self._markup = markup

    def __str__(self) -> str:
        return self._markup

    def __repr__(self) -> str:
        return f"Node({self._markup!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and self._markup == other._markup

    def __hash__(self) -> int:
        return hash(self._markup)


@cache
def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _attribute(value: Value) -> str:
    if not isinstance(value, str):
        return number(round(value, 2))
    # Classes, ids and steps of a path are plain already; they are nearly all there is, and cleaning costs most.
    return value if _PLAIN.fullmatch(value) else escape(clean(value), quote=True)


def _inner(child: Node | str) -> str:
    return child._markup if isinstance(child, Node) else escape(clean(child), quote=False)


def node(name: str, *children: Node | str, **attributes: Value) -> Node:
    """An element; `class_` writes class, underlines in names become hyphens. Strings among the children are text."""
    opened = f"<{name}" + "".join([f' {_name(key)}="{_attribute(value)}"' for key, value in attributes.items()])
    if not children:
        return Node(f"{opened}/>")
    return Node(f"{opened}>{''.join([_inner(child) for child in children])}</{name}>")


def line(x1: float, y1: float, x2: float, y2: float, class_: str, **more: Value) -> Node:
    """A straight line."""
    return node("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_, **more)


def circle(x: float, y: float, r: float, class_: str, **more: Value) -> Node:
    """A circle."""
    return node("circle", cx=x, cy=y, r=r, class_=class_, **more)


def path(points: Iterable[tuple[float, float]], class_: str, *, closed: bool = False, **more: Value) -> Node:
    """Straight strokes through the points."""
    steps = " ".join([f"{number(round(x, 2))},{number(round(y, 2))}" for x, y in points])
    return node("polygon" if closed else "polyline", points=steps, class_=class_, **more)


def text(x: float, y: float, words: str, class_: str = "", anchor: str = "start") -> Node:
    """Words with their baseline at y."""
    extra: dict[str, Value] = {"class_": class_} if class_ else {}
    if anchor != "start":
        extra["text_anchor"] = anchor
    return node("text", words, x=x, y=y, **extra)


def safe_id(prefix: str) -> str:
    """A prefix that may stand in an id: letters, digits, hyphens; never empty, never a digit first."""
    kept = _ID_SIGNS.sub("-", prefix).strip("-")
    return kept if kept[:1].isalpha() else f"p-{kept}".rstrip("-")


def drawing(width: float, height: float, title: str, description: str, id_prefix: str, parts: Iterable[Node]) -> str:
    """The whole SVG, named by its title and description, at its natural size."""
    prefix = safe_id(id_prefix)
    root = node(
        "svg",
        node("title", title, id=f"{prefix}-title"),
        node("desc", description, id=f"{prefix}-desc"),
        *parts,
        xmlns=NAMESPACE,
        viewBox=f"0 0 {number(round(width, 2))} {number(round(height, 2))}",
        width=round(width, 2),
        height=round(height, 2),
        role="img",
        aria_labelledby=f"{prefix}-title {prefix}-desc",
        # Positions are left to right even on a page that runs right to left; each name keeps its own direction.
        direction="ltr",
    )
    return str(root)
