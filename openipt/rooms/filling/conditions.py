"""When a question applies: known here from the answers so far, and told to the page, which hides it until it does.

The page shows every question; only its module hides those that do not apply, and none that holds an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from openipt.therapy.forms import Form
from openipt.therapy.forms.expressions import Call, Name, Operation, Tree, Value, parse
from openipt.therapy.forms.items import GroupItem
from openipt.therapy.forms.meaning import Lines, Meaning, bound
from openipt.therapy.forms.scoring import engine_of

_SIGNS = frozenset({"=", "!=", "<", "<=", ">", ">=", "has", "in", "and", "or", "not"})
_CALLS = frozenset({"missing", "answered"})
_parse = lru_cache(maxsize=512)(parse)

Where = Callable[[str], tuple[str, Any] | None]  # a name in an expression -> the name of its field, its item


class Conditions:
    """The conditions of one form, bound once."""

    def __init__(self, form: Form) -> None:
        self.bound: dict[str, Meaning] = {}
        self._bind(form.items, "", engine_of(form).scope)

    def _bind(self, items: Any, way: str, scope: Any) -> None:
        for item in items:
            if item.show_when:
                self.bound[f"{way}{item.id}"] = bound(item.show_when, item.id, scope)
            if isinstance(item, GroupItem):
                self._bind(item.items, f"{way}{item.id}.", scope.inside(item.id))

    def holds(self, way: str, answers: Mapping[str, Any], around: Lines) -> bool:
        """Whether a question applies.

        Args:
            way: The item by its way through the groups, without the numbers of rows.
            answers: The whole sheet.
            around: The rows it stands in, outermost first.
        """
        meaning = self.bound.get(way)
        return meaning is None or meaning(answers, {}, around) is True


def conditions_of(form: Form) -> Conditions:
    """Return the conditions of a form."""
    known = _conditions.get(id(form))
    if known is None or known[0] is not form:
        known = _conditions[id(form)] = (form, Conditions(form))
    return known[1]


_conditions: dict[int, tuple[Form, Conditions]] = {}  # by identity: the shelf opens each form once


def told(condition: str, where: Where) -> list[Any] | None:
    """Return a condition as lists that the page can work out; None where it asks for more than the page knows.

    A name becomes `["field", name of the field, kind of item]`, anything else `[sign, part, part]`.
    """
    return _told(_parse(condition), where)


def _told(tree: Tree, where: Where) -> list[Any] | None:
    if isinstance(tree, Value):
        return ["is", list(tree.value) if isinstance(tree.value, tuple) else tree.value]
    if isinstance(tree, Name):
        found = where(tree.name)
        return ["field", found[0], found[1].kind] if found else None
    if isinstance(tree, Operation) and tree.sign in _SIGNS:
        return _with(tree.sign, tree.parts, where)
    if isinstance(tree, Call) and tree.name in _CALLS:
        return _with(tree.name, tree.parts, where)
    return None


def _with(sign: str, parts: tuple[Tree, ...], where: Where) -> list[Any] | None:
    made = [_told(part, where) for part in parts]
    return None if any(one is None for one in made) else [sign, *made]
