"""Doors to lessons in the client's frame: those that suit the focus, all of them, and one to read with its question."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from openipt.casebook.queries.own import Own
from openipt.rooms.filling.lessons import PARTS
from openipt.rooms.filling.spoken import heard_in_lesson
from openipt.rooms.portal.hall.doors import own_door, page
from openipt.rooms.portal.questions.asking import key_of
from openipt.rooms.portal.worksheets.shelf import Offer, keys, may_open
from openipt.therapy.forms import open_form
from openipt.therapy.lessons import Lesson, lessons
from openipt.therapy.record import focus

YOUNG = 18  # lessons for young people come first for whoever is younger


def of_clients(own: Own) -> list[tuple[str, Lesson]]:
    """Return the lessons for clients, by what stands for them in an address; none for facilitators.

    Args:
        own: Whose course.
    """
    young = own.known.age is not None and own.known.age < YOUNG
    found = [one for one in lessons() if one.readers == "everyone" or (one.readers == "young people" and young)]
    return [(key_of(f"lesson/{one.id}"), one) for one in found]


@own_door("goals_homework", "read")
def shelf_of_lessons(request: HttpRequest, own: Own) -> HttpResponse:
    """Show the lessons: those of the focus first."""
    found = of_clients(own)
    areas = set(focus(own.known))
    now = [one for one in found if areas & set(one[1].areas)]
    parts = [(words, [one for one in found if one[1].part == part]) for part, words in PARTS.items()]
    return page(request, own, "read/lessons", tab="mine", now=now, parts=[one for one in parts if one[1]])


@own_door("goals_homework", "read")
def lesson(request: HttpRequest, own: Own, key: str) -> HttpResponse:
    """Show one lesson; its questions open without a script, and nothing is counted or kept."""
    shown = dict(of_clients(own)).get(key)
    if shown is None:
        raise Http404
    can = [name for name in shown.worksheets if name in set(keys().values()) and may_open(own, name)]
    return page(
        request,
        own,
        "read/lesson",
        tab="mine",
        lesson=shown,
        sheets=[Offer(key_of(name), open_form(name)) for name in can],
        heard_here=heard_in_lesson(shown),
    )
