"""Answers that are known: on the page that looks ahead, as something to ask in the session."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone

from openipt.rooms.workspace.risk.answered import known_ones

register = template.Library()


@register.inclusion_tag("workspace/risk/_known.html", takes_context=True)
def known_answers(context: template.Context) -> dict[str, Any]:
    """Show the known answers of a course nobody has written about yet. The page brings `all` and `zone`."""
    one, zone = context["all"], context.get("zone")
    today = timezone.localdate(timezone=ZoneInfo(zone) if zone else None)
    return {"all": one, "known": known_ones(one.manual, one.record, today)}
