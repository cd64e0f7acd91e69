"""Filters for pages that ask some questions of a form and fold the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django import template

from openipt.rooms.filling.fields import Field
from openipt.rooms.filling.laying import holds
from openipt.therapy.course.chosen import area_name as named
from openipt.therapy.manuals import Manual

register = template.Library()


@register.filter
def these(fields: Sequence[Field], names: str | Iterable[str]) -> list[Field]:
    """Return the questions of these names, in the order they are named; one the form does not ask is left out."""
    wanted = names.split(",") if isinstance(names, str) else list(names)
    known = {one.name: one for one in fields}
    return [known[name] for name in wanted if name in known]


@register.filter
def holds_more(fields: Sequence[Field]) -> bool:
    """Whether a question that is folded holds something typed, or something wrong."""
    return any(map(holds, fields))


@register.filter
def for_complete(fields: Sequence[Field]) -> str:
    """Say how many of the folded questions a complete sheet has, and stand blank; nothing where none does."""
    n = sum(one.required and one.applies and not holds(one) for one in fields)
    return f"{n} for a complete sheet" if n else ""


@register.filter
def wrong_inside(fields: Sequence[Field]) -> bool:
    """Whether something that cannot be taken stands in what is folded."""
    inside = [field for one in fields for field in (*one.fields, *(part for row in one.rows for part in row.fields))]
    return any(one.wrong for one in fields) or bool(inside and wrong_inside(inside))


@register.filter
def area_in(area: str, manual: Manual) -> str:
    """Return what a manual calls a problem area."""
    return named(manual, area)
