"""Set the tasks of an agenda: it has a dozen, each with guidance and sheets, and a loop of the template is slow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString

from openipt.rooms.ui.escaping import as_written, escape
from openipt.rooms.ui.templatetags.words import say
from openipt.rooms.workspace.sessions.meeting import Line
from openipt.rooms.workspace.sheets.beside_session import Keyed
from openipt.rooms.workspace.sheets.of_tasks import Opens
from openipt.therapy.manuals import Task
from openipt.therapy.shelf import added
from openipt.therapy.words import Sentence

register = template.Library()
_GIVEN = "Why this now: "  # how the catalogue begins a reason; here it stands under a heading that says so

_MOST = 2048  # tasks as they are set; about a kilobyte each

_known: dict[int, tuple[Task, str, str]] = {}
_set: dict[tuple[Any, ...], SafeString] = {}


@register.filter
def as_task(line: Line, may_write: Any) -> SafeString:
    """Set one task of an agenda.

    It is the same for every client but for where its sheets stand; so it is set once. One that is held back tells
    why, and a reason may name somebody: nothing that names anybody is kept.
    """
    item = line.item
    if item is not None and item.why is not None:
        made = _task(line, may_write)
    else:
        stands = (item.status, item.reason) if item is not None else None
        key = (added(), line.id, line.done, stands, line.why_now, line.sheets, bool(may_write))
        if key not in _set:
            if len(_set) >= _MOST:
                _set.clear()
            _set[key] = _task(line, may_write)
        made = _set[key]
    return as_written(line.place.put_in(made))


def _task(line: Line, may_write: Any) -> SafeString:
    return as_written(get_template("workspace/_task.html").render({"line": line, "may_write": may_write}))


@register.filter
def how(task: Task, why_now: Sentence | None) -> SafeString:
    """Set how a task is done: its guidance, what to say, why, one minute of it. It is the same for every client.

    Args:
        task: The task.
        why_now: Why it stands on this agenda; the one thing that differs.
    """
    known = _known.get(id(task))
    if known is None or known[0] is not task:
        known = _known[id(task)] = (task, _before(task), _after(task))
    reason = f"{say(why_now)} " if why_now else ""
    return as_written(f"{known[1]}{reason}{known[2]}")  # escaped where it is set


def _before(task: Task) -> str:
    guide = "".join(f"<li>{escape(one)}</li>" for one in task.guide)
    words = f'<p class="words">“{escape(task.say)}”</p>' if task.say else ""
    return (
        f'<details><summary>How<span class="vh">: {escape(task.name)}</span></summary><div>'
        f'<ul class="bullets guide">{guide}</ul>{words}<div class="why-now"><h4>Why this now?</h4><p>'
    )


def _after(task: Task) -> str:
    why = task.why.replace(_GIVEN, "")
    said = "".join(f"<li><b>{escape(_capital(one.who))}:</b> {escape(one.said)}</li>" for one in task.example)
    minute = f'<div><h4>One minute of it</h4><ul class="exchange">{said}</ul></div>' if said else ""
    return f"{escape(_capital(why))}</p></div>{minute}</div></details>"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@register.filter
def opened_by(pages: Iterable[Opens], may_write: bool) -> SafeString:
    """Set the pages that a task leads to; who may not write is shown the sheet of the shelf, where there is one."""
    places = [(one.address if may_write else one.form and reverse("form", args=[one.form]), one.title) for one in pages]
    links = [f'<a class="btn quiet" href="{escape(place)}">{escape(title)}</a>' for place, title in places if place]
    return as_written("".join(links))


@register.filter
def by_key(sheets: Iterable[Keyed]) -> SafeString:
    """Set sheets as the items of a list, each one key away."""
    return as_written("".join([_keyed(one) for one in sheets]))


@register.filter
def at_hand(sheets: Iterable[Keyed]) -> list[Keyed]:
    """Return the sheets of the focus and those of no area: what a session mostly needs."""
    return [one for one in sheets if not one.elsewhere]


@register.filter
def of_other_areas(sheets: Iterable[Keyed]) -> list[Keyed]:
    """Return the sheets made for areas that are not in focus: behind a fold, and never held back."""
    return [one for one in sheets if one.elsewhere]


def _keyed(one: Keyed) -> str:
    key = escape(one.key)
    link = f'<a href="{escape(one.address)}" data-key="{key}">{escape(one.title)}</a>'
    return f'<li><kbd aria-hidden="true" hidden>{key}</kbd>{link}</li>'
