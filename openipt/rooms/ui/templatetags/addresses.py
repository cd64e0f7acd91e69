"""The tag `url`, remembering what it wrote: an address follows from its name and parts alone, and a page has sixty."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as written
from django.urls import get_urlconf, reverse
from django.utils.html import conditional_escape

register = template.Library()


@lru_cache(maxsize=4096)
def _address(name: str, parts: tuple[Any, ...], named: tuple[tuple[str, Any], ...], _conf: str | None) -> str:
    return reverse(name, args=parts, kwargs=dict(named))


class RememberedURL(URLNode):
    """Django's node, with the address remembered."""

    def render(self, context: Context) -> str:
        """Write the address; with `as` keep it under a name instead."""
        if self.asvar:
            return str(super().render(context))
        parts = tuple(part.resolve(context) for part in self.args)
        named = tuple((name, part.resolve(context)) for name, part in self.kwargs.items())
        address = _address(self.view_name.resolve(context), parts, named, get_urlconf())
        return str(conditional_escape(address)) if context.autoescape else address


@register.tag
def url(parser: Parser, token: Token) -> RememberedURL:
    """Read the tag as Django does."""
    node = written(parser, token)
    return RememberedURL(node.view_name, node.args, node.kwargs, node.asvar)
