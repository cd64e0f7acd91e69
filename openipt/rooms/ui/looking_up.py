"""Django's templates, in which a name is looked up by the short way where that way is plain.

Django finds `person.name` by trying what a template may mean: an entry, an attribute, a place in a list, a call. A page
of the workspace asks five hundred to twelve hundred times, nearly always for an attribute of an object or an entry of a
dictionary. Those are answered here. Wherever anything else could be meant, and wherever something goes wrong, Django
is asked as before, so a page says what it always said.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from typing import Any

from django.template import Origin, Template, TemplateDoesNotExist
from django.template.base import FilterExpression, Lexer, NodeList, Parser, Token, Variable, VariableNode
from django.template.base import Node as AnyNode
from django.template.base import render_value_in_context as set_by_django
from django.template.loaders.base import Loader as BaseLoader
from django.template.loaders.cached import Loader as CachedLoader
from django.utils.safestring import SafeString

_ASK_DJANGO, _MISSING = object(), object()
_to_escape = re.compile("[&<>\"']").search
_plain: dict[type, bool] = {type(None): False}  # whether objects of a kind have attributes alone, and no entries


def _look_up(way: tuple[str, ...], context: Any) -> Any:
    """Return what stands at the end of a way; _MISSING where there is nothing, _ASK_DJANGO where that is not plain."""
    found = _begin(way[0], context)
    for name in way[1:]:
        if callable(found):
            return _ASK_DJANGO
        kind = type(found)
        plain = _plain.get(kind)
        if plain is None:
            plain = _plain[kind] = not hasattr(kind, "__getitem__")
        if plain:
            found = getattr(found, name, _ASK_DJANGO)
        elif kind is dict and name in found:
            found = found[name]
        elif found is None or kind is dict:
            return _ASK_DJANGO if name.isdigit() or hasattr(found, name) else _MISSING
        else:
            return _ASK_DJANGO
    return _ASK_DJANGO if callable(found) else found


def _begin(name: str, context: Any) -> Any:
    for names in reversed(context.dicts):
        if name in names:
            return names[name]
    return _ASK_DJANGO if hasattr(context, name) else _MISSING


class _Variable(Variable):
    __slots__ = ()

    def found(self, context: Any) -> Any:
        try:
            return _look_up(self.lookups or (), context)
        except Exception:  # Django says what a page shows instead
            return _ASK_DJANGO

    def _resolve_lookup(self, context: Any) -> Any:
        found = self.found(context)
        if found is _ASK_DJANGO or found is _MISSING:
            return super()._resolve_lookup(context)  # type: ignore[misc]  # unknown to the stubs
        return found


class _Expression(FilterExpression):
    """What stands between two braces, or in a condition."""

    __slots__ = ("bare",)

    def __init__(self, token: str, parser: Parser) -> None:
        super().__init__(token, parser)
        if self.is_var:
            self.var = _Variable(self.var.var)
        self.bare = self.is_var and self.var.lookups is not None and not self.var.translate and not self.filters

    def resolve(self, context: Any, ignore_failures: bool = False) -> Any:
        """Return the value; None for what is not there, where that is asked for."""
        found = self.var.found(context) if self.bare else _ASK_DJANGO
        if found is _MISSING and ignore_failures:
            return None
        return super().resolve(context, ignore_failures) if found is _ASK_DJANGO or found is _MISSING else found


class _Said(VariableNode):
    """A value that is written on the page."""

    def render(self, context: Any) -> str:
        try:
            value = self.filter_expression.resolve(context)
        except UnicodeDecodeError:
            return ""
        if type(value) is str and context.autoescape:
            return escape(value) if _to_escape(value) else value
        return value if type(value) is SafeString else str(set_by_django(value, context))


class _Parser(Parser):
    def compile_filter(self, token: str) -> FilterExpression:
        return _Expression(token, self)

    def extend_nodelist(self, nodelist: NodeList, node: AnyNode, token: Token) -> None:
        if type(node) is VariableNode:
            node = _Said(node.filter_expression)
        super().extend_nodelist(nodelist, node, token)


class _Template(Template):
    def compile_nodelist(self) -> NodeList:
        if self.engine.debug:
            return super().compile_nodelist()  # which finds the line of a fault
        engine = self.engine
        parser = _Parser(
            Lexer(self.source).tokenize(), engine.template_libraries, engine.template_builtins, self.origin
        )
        nodes = parser.parse()
        self.extra_data = parser.extra_data
        return nodes


class _Loader(BaseLoader):
    get_contents: Callable[[Origin], str]  # of the loader that is asked first

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        for origin in self.get_template_sources(template_name):
            if not skip or origin not in skip:
                try:
                    text = self.get_contents(origin)
                except TemplateDoesNotExist:
                    continue
                return _Template(text, origin, template_name, self.engine)
        return super().get_template(template_name, skip)  # which says what was tried


class Loader(CachedLoader, _Loader):
    """Reads each template once, as Django's cached loader does."""
