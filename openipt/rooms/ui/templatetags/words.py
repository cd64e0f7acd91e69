"""Filters that put what the mind says into words."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from openipt.accounts.knowing import looks_like
from openipt.pictures import Picture, Table, drawn
from openipt.rooms.ui.escaping import as_written, escape
from openipt.therapy import vocabulary
from openipt.therapy.forms import open_form
from openipt.therapy.manuals import open_technique
from openipt.therapy.words import Sentence, catalogue, render
from openipt.therapy.words import say as sentence

register = template.Library()


@register.filter
def say(sentence: Sentence | None) -> SafeString:
    """Put a sentence into English, escaped at once: a caseload has two hundred. Nothing where there is none."""
    return as_written(escape(render(sentence)) if sentence is not None else "")


@register.filter
def browser_name(agent: str) -> str:
    """Name a browser and its system, by what it says of itself: Firefox on Windows."""
    return looks_like(agent)


@register.filter
def long_date(day: date | datetime | str | None) -> str:
    """Write a day: 27 October 2025. A date known to the month or year is written as far as it is known."""
    if isinstance(day, str):
        return catalogue().as_far_as_known(day)
    return catalogue().spell(day)


@register.filter
def weekday(day: date | datetime) -> str:
    """Write a day with its weekday: Monday 27 October 2025."""
    return catalogue().spell(day, "weekday")


@register.filter
def short_date(day: date | datetime) -> str:
    """Write a day without its year: 27 October."""
    return catalogue().spell(day, "short")


@register.filter
def tiny_date(day: date | datetime) -> str:
    """Write a day in few letters: 27 Oct."""
    return f"{day.day} {catalogue().months[day.month - 1][:3]}"


@register.filter
def label(key: str, kind: str) -> str:
    """Return the words of an id: `"PA_GRIEF"|label:"problem_areas"`."""
    return vocabulary.label(kind, key)


@register.filter
def number(value: Any) -> str:
    """Write a number without needless zeros; a dash where there is none."""
    if value is None:
        return "–"
    return f"{value:g}" if isinstance(value, float) else str(value)


@register.filter
def svg(picture: Picture) -> SafeString:
    """Set the drawing of a picture. Every text in it was escaped where it was drawn."""
    return as_written(picture.svg)


@register.filter
@cache
def state_mark(id_: str) -> SafeString:
    """Set the word and shape of a state. There are six, and a caseload shows one in each row."""
    return as_written(render_to_string("ui/state/state.html", {"id": id_}))


@register.filter
def face_or_posture(name: str, place: str) -> SafeString:
    """Set a drawn face or posture, named once a page by its place."""
    return svg(drawn(name, vocabulary.drawings()[name], f"{name}-{place}"))


@register.filter
def cells(table: Table) -> SafeString:
    """Set what stands inside a table behind a picture. Every text in it is escaped where it is written."""
    return as_written(table.html)


@register.filter
def get(table: dict[str, Any], key: str) -> Any:
    """Return a value of a mapping by a key that is known only now."""
    return table.get(key)


@register.filter
def form_name(form_id: str) -> str:
    """Return the short name of a form: PHQ-9."""
    return open_form(form_id).name


@register.filter
def technique(name: str) -> str:
    """Return the short words of a technique."""
    return open_technique(name).name


@register.filter
def gate_name(gate_id: str) -> str:
    """Say a gate by what it asks for."""
    return render(sentence(f"gate_name.{gate_id}"))
