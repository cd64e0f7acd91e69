"""Set the long lists of a course's story: a course has sixteen sessions and a hundred sheets."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from openipt.rooms.ui.escaping import as_written, escape
from openipt.rooms.ui.templatetags.addresses import address
from openipt.rooms.ui.templatetags.words import long_date
from openipt.therapy.record import Entry, Session

register = template.Library()
_ANY = "any-entry"  # asked of the resolver once, not once a line


@register.filter
def linked(sessions: Iterable[Session], course: str) -> SafeString:
    """Set the sessions of a course: those held lead to their page, those that did not take place are marked."""
    return as_written("".join([_session(one, course) for one in sessions]))  # escaped below


def _session(one: Session, course: str) -> str:
    day = escape(long_date(one.day))
    if not one.number and one.kind != "pre_group":
        return f'<span class="missed">–<span class="vh"> Did not take place, {day}</span></span>'
    place = address("session", course, one.number)
    return f'<a href="{place}" aria-label="Session {one.number}, {day}">{one.number}</a>'


@register.filter
def as_shelf(sheets: Iterable[tuple[str, Entry]], course: str) -> SafeString:
    """Set sheets as the items of a list, each leading to its page; what was asked alone is not shown to others."""
    place = escape(reverse("entry", args=[course, _ANY])).removesuffix(f"{_ANY}/")
    return as_written("".join([_sheet(title, entry, place) for title, entry in sheets]))


def _sheet(title: str, entry: Entry, place: str) -> str:
    alone = ' class="asked-alone"' if entry.visibility == "staff_asked_alone" else ""
    link = f'<a href="{place}{escape(entry.id)}/">{escape(title)}</a>'
    return f'<li{alone}>{link} <span class="small soft">{escape(long_date(entry.happened_at))}</span></li>'
