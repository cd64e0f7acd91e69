"""The tabs of a course's pages: alike in every course but for its label and its name, so they are set once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString

from openipt.rooms.ui.escaping import as_written, escape
from openipt.rooms.workspace.courses import Course
from openipt.rooms.workspace.standing_in import COURSE, Place

register = template.Library()
_NAME = "what-the-client-is-called"  # stands in the tabs until it is known who: no name is kept


@dataclass(frozen=True, slots=True)
class Shown:
    """What the tabs of a course depend on, besides its label and its name.

    Attributes:
        session: The number of the session that the tab of sessions leads to; none where none has a page.
        manual: The id of its manual, where that is on the shelf.
    """

    session: int | None
    ended: bool
    in_group: bool
    manual: str
    id: str = COURSE
    name: str = _NAME


@register.simple_tag
def course_tabs(
    one: Course, tab: str, number: int | None, latest: int | None, on: str | None, asked: bool
) -> SafeString:
    """Set the tabs.

    Args:
        one: The course.
        tab: Which of them the page belongs to.
        number: The session that is shown.
        latest: The newest session by the day the page is about.
        on: That day, where it was asked for.
        asked: Whether the service has insight switched on.
    """
    newest = one.newest
    session = next((each for each in (number, latest, newest) if each is not None), None)
    shown = Shown(
        session=session if newest is not None else None,
        ended=one.record.ended_on is not None,
        in_group=one.group is not None,
        manual=one.record.manual if one.manual.known else "",
    )
    made = Place(one.id).put_in(_once(shown, tab, bool(asked)) if not on else _set(shown, tab, bool(asked), on))
    return as_written(made.replace(_NAME, escape(one.name)))


@lru_cache(maxsize=512)
def _once(shown: Shown, tab: str, asked: bool) -> str:
    return _set(shown, tab, asked, "")


def _set(shown: Shown, tab: str, asked: bool, on: str) -> str:
    return get_template("workspace/_course_tabs.html").render({"one": shown, "tab": tab, "asked": asked, "on": on})
