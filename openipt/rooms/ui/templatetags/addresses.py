"""The tag `url`, quicker: where a page stands is asked of the resolver once, and the parts are put in.

A page has sixty addresses, and each course has its own: remembered whole, they would be forgotten before they are
needed again.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as written
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString

from openipt.rooms.ui.escaping import as_written

register = template.Library()

_WORD = re.compile(r"[A-Za-z0-9_-]+\Z")  # what stands in an address as it is
_WORD_IN_PLACE, _NUMBER_IN_PLACE = "part-of-an-address", 914_062_735


def address(name: str, *parts: Any) -> SafeString:
    """Return where a page stands, escaped.

    Raises:
        NoReverseMatch: No page of this name takes these parts.
    """
    if all(map(_goes_in, parts)) and (around := _around(name, tuple(map(_is_number, parts)))):
        between = zip(parts, around[1:], strict=True)
        made = around[0] + "".join([f"{part}{text}" for part, text in between])
        return as_written(made)  # letters, digits, hyphens
    return escape(reverse(name, args=parts))


def _is_number(part: Any) -> bool:
    return part.__class__ is int


def _goes_in(part: Any) -> bool:
    return part >= 0 if _is_number(part) else isinstance(part, str) and _WORD.match(part) is not None


@cache
def _around(name: str, numbers: tuple[bool, ...]) -> tuple[str, ...]:
    """Return the texts of an address before, between and after its parts; none where it takes no such parts."""
    parts = [_NUMBER_IN_PLACE if is_number else _WORD_IN_PLACE for is_number in numbers]
    try:
        made = escape(reverse(name, args=parts))
    except NoReverseMatch:
        return ()
    return tuple(re.split(f"{_WORD_IN_PLACE}|{_NUMBER_IN_PLACE}", made))


class QuickURL(URLNode):
    """Django's node; an address with named parts, or kept under a name, is asked for in its way."""

    def render(self, context: Context) -> str:
        """Write the address."""
        if self.asvar or self.kwargs:
            return str(super().render(context))
        return address(self.view_name.resolve(context), *[part.resolve(context) for part in self.args])


@register.tag
def url(parser: Parser, token: Token) -> QuickURL:
    """Read the tag as Django does."""
    node = written(parser, token)
    return QuickURL(node.view_name, node.args, node.kwargs, node.asvar)
