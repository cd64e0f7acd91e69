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
from django.utils.html import escape
from django.utils.safestring import SafeString

register = template.Library()


@lru_cache(maxsize=4096)
def _address(_conf: str | None, name: str, /, *parts: Any, **named: Any) -> SafeString:
    return escape(reverse(name, args=parts, kwargs=named))


class RememberedURL(URLNode):
    """Django's node, with the address remembered."""

    def render(self, context: Context) -> str:
        """Write the address; with `as` keep it under a name instead."""
        if self.asvar:
            return str(super().render(context))
        parts = [part.resolve(context) for part in self.args]
        named = {name: part.resolve(context) for name, part in self.kwargs.items()}
        return _address(get_urlconf(), self.view_name.resolve(context), *parts, **named)


@register.tag
def url(parser: Parser, token: Token) -> RememberedURL:
    """Read the tag as Django does."""
    node = written(parser, token)
    return RememberedURL(node.view_name, node.args, node.kwargs, node.asvar)
