"""Templates that are read once, and set by the short way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.template import Origin, Template, TemplateDoesNotExist
from django.template.base import FilterExpression, Lexer, NodeList, Parser, TextNode, Token, VariableNode
from django.template.base import Node as AnyNode
from django.template.base import render_value_in_context as set_by_django
from django.template.loaders.base import Loader as BaseLoader
from django.template.loaders.cached import Loader as CachedLoader
from django.utils.safestring import SafeString

from openipt.rooms.ui.escaping import escape
from openipt.rooms.ui.looking_up.expressions import Expression


class _Said(VariableNode):
    """A value that is written on the page."""

    def render(self, context: Any) -> str:
        try:
            value = self.filter_expression.resolve(context)
        except UnicodeDecodeError:
            return ""
        if type(value) is str and context.autoescape:
            return escape(value)
        return value if type(value) is SafeString else str(set_by_django(value, context))


class _Parser(Parser):
    def compile_filter(self, token: str) -> FilterExpression:
        return Expression(token, self)

    def extend_nodelist(self, nodelist: NodeList, node: AnyNode, token: Token) -> None:
        if type(node) is VariableNode:
            node = _Said(node.filter_expression)
        if not isinstance(node, TextNode):
            node.render_annotated = node.render  # type: ignore[method-assign]  # the other only finds a fault's line
        super().extend_nodelist(nodelist, node, token)


class QuickTemplate(Template):
    """A template whose names are looked up by the short way."""

    def compile_nodelist(self) -> NodeList:
        """Read the text; where faults are looked for, as Django does."""
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
                return QuickTemplate(text, origin, template_name, self.engine)
        return super().get_template(template_name, skip)  # which says what was tried


class Loader(CachedLoader, _Loader):
    """Reads each template once, as Django's cached loader does."""
