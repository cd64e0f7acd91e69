"""Filters of this room."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django import template

register = template.Library()


@register.filter
def before(moment: datetime) -> datetime:
    """Return the last moment before another: what ends when a day is over has that day as its last."""
    return moment - timedelta(microseconds=1)


@register.filter
def picked(answer: str, ticked: Collection[str]) -> bool:
    """Whether a role was chosen on the sheet."""
    return f"role={answer}" in ticked
