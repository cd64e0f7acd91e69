"""Filters for fields that hold what was typed, however wrong."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from openipt.pictures import escaped
from openipt.rooms.filling.asking import input_kind
from openipt.rooms.workspace.sessions.chips import Chip
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


@register.simple_tag
def chips(offered: Iterable[Chip], kind: str, name: str, form: str = "") -> SafeString:
    """Set chips: a card has a hundred and sixty, and a loop of the template would take half the time of the page.

    Args:
        offered: The chips.
        kind: `radio` or `checkbox`.
        name: Of the field.
        form: The form they belong to, where they stand outside it.
    """
    owner = f' form="{escape(form)}"' if form else ""
    before = f'<label><input type="{kind}"{owner} name="{escape(name)}" value="'
    every = list(offered)
    texts = escaped([text for one in every for text in (one.value, one.words, one.line)])
    each = zip(every, texts[::3], texts[1::3], texts[2::3], strict=True)
    return mark_safe("".join([f"{before}{_chip(*one)}" for one in each]))  # noqa: S308 - escaped above


def _chip(one: Chip, value: str, words: str, line: str) -> str:
    checked = " checked" if one.marked else ""
    which = f'<small class="which">{line}</small>' if line else ""
    return f'{value}"{checked}><span>{words}{which}</span></label>'
