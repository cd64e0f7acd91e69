"""Filters for fields that hold what was typed, however wrong."""

from __future__ import annotations

from django import template

from openipt.rooms.filling.asking import input_kind
from openipt.therapy.forms import open_form

register = template.Library()


@register.filter
def card_label(name: str) -> str:
    """Return what a field of the After card is called on it."""
    own = {
        "x_step_text": "One step",
        "x_step_person": "With whom",
        "x_last": "The last step",
        "x_last_words": "What happened",
    }
    asked = {item.id: item.label for item in open_form("session-record").items}
    return own.get(name) or asked.get(name.partition(".")[0]) or name


@register.filter
def day_kind(text: str | None) -> str:
    """Return the kind of input for a day: plain text where a browser could not show what was typed."""
    return input_kind("date", text or "")


@register.filter
def time_kind(text: str | None) -> str:
    """Return the kind of input for a time of day."""
    return input_kind("time", text or "")
