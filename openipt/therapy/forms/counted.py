"""What a fact may say of its rows. None of them is told only where every row was answered: a blank is never a zero."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openipt.therapy.forms.expressions import Call, Name, Operation, Rows, Tree, parse
from openipt.therapy.forms.meaning import Answers, Lines, Meaning, Scope, bind, bound, is_blank

_ENDS_IN_NOTHING = ("count", "list")  # the others say of no known value that it is not known


def counted(text: str, where: str, scope: Scope) -> Meaning:
    """Return the value of a fact, not known where it would count blanks as nothing.

    A check asks about what is missing, so there `count` stays as it is; a fact says what was found.
    """
    meaning = bound(text, where, scope)
    silences = [_silence(rows, scope) for rows in _outermost(parse(text))]
    if not silences:
        return meaning
    return lambda a, v, r: None if any(silent(a, v, r) for silent in silences) else meaning(a, v, r)


def _outermost(tree: Tree) -> Iterator[Rows]:
    if isinstance(tree, Rows):
        if tree.name in _ENDS_IN_NOTHING:
            yield tree
    elif isinstance(tree, (Operation, Call)):
        for part in tree.parts:
            yield from _outermost(part)


def _silence(tree: Rows, scope: Scope) -> Meaning:
    """Return whether nothing was found among the rows although some row does not say it: then nobody knows."""
    inner = scope.inside(tree.group)
    group, found = bind(Name(tree.group), scope), bind(tree, scope)
    holds = bind(tree.where, inner) if tree.where else None
    looks = [bind(name, inner) for name in _looked_at(tree.where or tree.body)]

    def silent(a: Answers, v: Any, r: Lines) -> bool:
        rows = group(a, v, r)
        if is_blank(rows):
            return True
        if found(a, v, r):
            return False
        lines = [(*r, {**row, "row": number}) for number, row in enumerate(_listed(rows), 1)]
        return any(
            (holds is not None and holds(a, v, line) is None) or all(is_blank(look(a, v, line)) for look in looks)
            for line in lines
        )

    return silent


def _looked_at(tree: Tree | None) -> Iterator[Name]:
    """Return the answers of a row that an expression looks at; "not done" beside a time is an answer about it too."""
    if isinstance(tree, Name) and tree.name != "row":
        yield Name(tree.name.partition(".")[0])
    elif isinstance(tree, (Operation, Call)):
        for part in tree.parts:
            yield from _looked_at(part)
    elif isinstance(tree, Rows):
        yield Name(tree.group)


def _listed(rows: Any) -> Any:
    return (rows,) if isinstance(rows, dict) else rows
