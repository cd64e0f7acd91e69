"""What stands on a page only where the service has switched insight on, and only for whoever may switch it."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from openipt.casebook.queries.modules import insight_is_on, may_switch
from openipt.rooms.workspace.courses import Course

register = template.Library()


@register.simple_tag(takes_context=True)
def insight_on(context: dict[str, Any], one: Course) -> bool:
    """Whether the service of a course that was opened for this page has insight switched on."""
    actor = getattr(_request(context), "actor", None)
    return actor is not None and insight_is_on(actor, one.id, timezone.now())


@register.simple_tag(takes_context=True)
def switches(context: dict[str, Any]) -> bool:
    """Whether whoever looks decides what the service has switched on."""
    actor = getattr(_request(context), "actor", None)
    return actor is not None and may_switch(actor)


def _request(context: Any) -> Any:
    return getattr(context, "request", None) or context.get("request")
