"""The closed expression grammar of the shelf: parsed into a tree, never evaluated as code.

By example::

    mood_after - mood_before            numbers: + - * /
    q9 >= 1 and not missing(q10)        comparisons = != < <= > >=, and, or, not
    speaker = 'me'                      text stands in quotes; signs has 'voices' asks a list
    count(lines where speaker = 'me')   rows of a group; inside, names mean the row first
    sum(weight * likelihood over pros)  also mean, least, most, list, any, all, doubles
    days(since, until), length(text), mentions(text, ['always', 'never']), missing(x), answered(x)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]{1,15}(?:\.[0-9]{1,15})?)|(?P<text>'[^']*')|(?P<name>[a-z][a-z0-9_.]*)|(?P<sign><=|>=|!=|[=<>+\-*/(),\[\]]))"
)
ROWS = ("count", "sum", "mean", "least", "most", "list", "any", "all", "doubles")
CALLS = {"missing": 1, "answered": 1, "length": 1, "days": 2, "mentions": 2}
_RESERVED = {"and", "or", "not", "where", "over", "has", "in", "true", "false"}
_DEEPEST = 25
_MOST_TOKENS = 300  # a tree this large is still walked well inside Python's own limit of calls


class Misread(ValueError):  # noqa: N818 - it says what happened, as `Refused` does
    """An expression that the grammar does not know; says what was found and what was expected."""

    def __init__(self, message: str, expression: str = "") -> None:
        super().__init__(message)
        self.expression = expression  # the whole of it, so that a reader can find its line


@dataclass(frozen=True, slots=True)
class Value:
    """A number, a text, true or false, or a list of them."""

    value: float | str | bool | tuple[float | str | bool, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """An item, a score, an algorithm, or `row` (the number of the row, from 1)."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """`sign` applied to one or two parts."""

    sign: str
    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A plain function of its parts."""

    name: str
    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """A function over the rows of a group: `body` for each row where `where` holds."""

    name: str
    group: str
    body: Tree | None
    where: Tree | None


Tree = Value | Name | Operation | Call | Rows
_Part = Callable[[], Tree]  # one level of the grammar


def parse(text: str) -> Tree:
    """Parse an expression; raise Misread with what was found and what was expected."""
    return _Parser(text).whole()


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_split(text))
        if len(self.tokens) > _MOST_TOKENS:
            raise Misread(f"{len(self.tokens)} words in {shortened(text)!r}; expected at most {_MOST_TOKENS}")
        self.place = 0
        self.deep = 0

    def whole(self) -> Tree:
        tree = self.either()
        if self.peek() != "":
            raise self.trouble("the end, or and/or")
        return tree

    def either(self) -> Tree:
        return self.deeper(lambda: self.chain(("or",), self.both))

    def deeper(self, part: _Part) -> Tree:
        """Read a part one level further in; whatever calls itself goes through here, so that the depth has an end."""
        self.deep += 1
        if self.deep > _DEEPEST:
            raise self.trouble(f"at most {_DEEPEST} levels of brackets and signs")
        tree = part()
        self.deep -= 1
        return tree

    def both(self) -> Tree:
        return self.chain(("and",), self.negation)

    def negation(self) -> Tree:
        if self.take("not"):
            return Operation("not", (self.deeper(self.negation),))
        return self.comparison()

    def comparison(self) -> Tree:
        left = self.addition()
        for sign in ("=", "!=", "<=", ">=", "<", ">", "has", "in"):
            if self.take(sign):
                return Operation(sign, (left, self.addition()))
        return left

    def addition(self) -> Tree:
        return self.chain(("+", "-"), self.product)

    def product(self) -> Tree:
        return self.chain(("*", "/"), self.single)

    def chain(self, signs: tuple[str, ...], part: _Part) -> Tree:
        tree = part()
        while self.peek() in signs:
            tree = Operation(self.next(), (tree, part()))
        return tree

    def single(self) -> Tree:
        if self.take("-"):
            return Operation("-", (Value(0), self.deeper(self.single)))
        if self.take("("):
            tree = self.either()
            self.need(")")
            return tree
        if self.take("["):
            return Value(tuple(self.literals()))
        token = self.next()
        if token.startswith("'"):
            return Value(token[1:-1])
        if token[:1].isdigit():
            return Value(float(token) if "." in token else int(token))
        if token in ("true", "false"):
            return Value(token == "true")  # noqa: S105 - a token of the grammar
        if not token or not token[0].isalpha() or token in _RESERVED:
            self.place -= 1
            raise self.trouble("a name, a number, 'text' or a bracket")
        return self.call(token) if self.take("(") else Name(token)

    def literals(self) -> Iterator[float | str | bool]:
        while True:
            part = self.deeper(self.single)
            if not isinstance(part, Value) or isinstance(part.value, tuple):
                raise self.trouble("numbers or 'texts' in a list")
            yield part.value
            if self.take("]"):
                return
            self.need(",")

    def call(self, name: str) -> Tree:
        if name in ROWS:
            return self.rows(name)
        if name not in CALLS:
            known = ", ".join((*CALLS, *ROWS))
            raise Misread(f"the function {name!r} is not known in {shortened(self.text)!r}; expected one of {known}")
        parts = [self.either()]
        while self.take(","):
            parts.append(self.either())
        self.need(")")
        if len(parts) != CALLS[name]:
            raise Misread(f"{name}() with {len(parts)} parts in {shortened(self.text)!r}; expected {CALLS[name]}")
        return Call(name, tuple(parts))

    def rows(self, name: str) -> Tree:
        body = None
        if name != "count":
            body = self.either()
            self.need("over")
        group = self.next()
        where = self.either() if self.take("where") else None
        self.need(")")
        return Rows(name, group, body, where)

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def next(self) -> str:
        token = self.peek()
        self.place += 1
        return token

    def take(self, token: str) -> bool:
        if self.peek() == token:
            self.place += 1
            return True
        return False

    def need(self, token: str) -> None:
        if not self.take(token):
            raise self.trouble(f"{token!r}")

    def trouble(self, expected: str) -> Misread:
        found = self.peek() or "the end"
        return Misread(f"{found!r} in {shortened(self.text)!r}; expected {expected}")


def shortened(text: str) -> str:
    """Quote a long expression by its beginning only."""
    return text if len(text) <= 200 else text[:197] + "..."


def _split(text: str) -> Iterator[str]:
    place = 0
    while place < len(text.rstrip()):
        token = _TOKEN.match(text, place)
        if token is None:
            found = f"{text[place:].strip()[:12]!r} in {shortened(text)!r}"
            raise Misread(f"{found}; expected names, numbers, 'text', and the signs of the grammar")
        yield token.group(token.lastgroup or 0)
        place = token.end()
