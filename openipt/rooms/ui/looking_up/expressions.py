"""A name and the filters its value goes through."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.template.base import FilterExpression, Parser
from django.utils.safestring import SafeData, mark_safe
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]  # unknown to the stubs

from openipt.rooms.ui.looking_up.names import ASK_DJANGO, MISSING, Name


class Expression(FilterExpression):
    """What stands between two braces, or in a condition."""

    __slots__ = ("found", "steps")

    def __init__(self, token: str, parser: Parser) -> None:
        super().__init__(token, parser)
        self.found: Callable[[Any], Any] = _nothing_found
        if self.is_var:
            self.var = Name(self.var.var)
            if self.var.lookups is not None and not self.var.translate:
                self.found = self.var.found
        self.steps = [_Step(function, args) for function, args in self.filters]

    def resolve(self, context: Any, ignore_failures: bool = False) -> Any:
        """Return the value; None for what is not there, where that is asked for."""
        value = self.found(context)
        if value is MISSING and ignore_failures:
            value = None
        if value is ASK_DJANGO or value is MISSING:
            return super().resolve(context, ignore_failures)
        for step in self.steps:
            value = step.taken(value, context)
        return value


def _nothing_found(_context: Any) -> Any:
    return ASK_DJANGO


class _Step:
    """One filter with its arguments: what it asks of a page is read when the template is, and not at each value."""

    __slots__ = ("_args", "_function", "_given", "_is_safe", "_local", "_sets")

    def __init__(self, function: Callable[..., Any], args: list[tuple[bool, Any]]) -> None:
        self._function = function
        self._args = [(looked_up, Name(arg.var) if looked_up else arg) for looked_up, arg in args]
        self._given = None if any(looked_up for looked_up, _ in args) else [arg for _, arg in args]
        self._local = getattr(function, "expects_localtime", False)
        self._sets = getattr(function, "needs_autoescape", False)
        self._is_safe = getattr(function, "is_safe", False)

    def taken(self, value: Any, context: Any) -> Any:
        """Return what the filter makes of a value."""
        args = self._given
        if args is None:
            args = [arg.resolve(context) if looked_up else arg for looked_up, arg in self._args]
        if self._local:
            value = template_localtime(value, context.use_tz)
        if self._sets:
            made = self._function(value, *args, autoescape=context.autoescape)
        else:
            made = self._function(value, *args)
        return mark_safe(made) if self._is_safe and isinstance(value, SafeData) else made  # noqa: S308  as Django does
