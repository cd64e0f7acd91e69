"""Doors to lessons: the shelf of them, and one to read, with questions that open without a script."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from openipt.policy import open_door
from openipt.rooms.filling.spoken import heard_in_lesson
from openipt.therapy.forms import Form, open_form
from openipt.therapy.lessons import Lesson, lessons
from openipt.therapy.shelf import Refused

PARTS = {
    "start": "Beginning",
    "areas": "What the work is about",
    "feelings": "Feelings",
    "talking": "Talking and listening",
    "choices": "Finding a way",
    "care": "Looking after yourself",
    "background": "About this therapy",
    "group": "For facilitators: a skills course for young people",
}


@open_door("Lessons are for everybody.")
def shelf(request: HttpRequest) -> HttpResponse:
    """Show every lesson, part by part."""
    found = lessons()
    parts = [(words, [one for one in found if one.part == part]) for part, words in PARTS.items()]
    return render(request, "filling/lessons.html", {"here": "lessons", "parts": [one for one in parts if one[1]]})


@open_door("Lessons are for everybody.")
def lesson(request: HttpRequest, lesson_id: str) -> HttpResponse:
    """Show one lesson, and the way to the next of its part."""
    found = lessons()
    place = next((n for n, one in enumerate(found) if one.id == lesson_id), None)
    if place is None:
        raise Http404("No such lesson on this shelf.")
    shown = found[place]
    beside = found[place + 1 : place + 2]
    page = {
        "here": "lessons",
        "lesson": shown,
        "part": PARTS[shown.part],
        "worksheets": _worksheets(shown),
        "heard_here": heard_in_lesson(shown),
        "next": next((one for one in beside if one.part == shown.part), None),
    }
    return render(request, "filling/lesson.html", page)


def _worksheets(shown: Lesson) -> list[Form]:
    found = []
    for name in shown.worksheets:
        try:
            found.append(open_form(name))
        except Refused:
            continue  # a lesson stays readable while a worksheet is being mended
    return found


urlpatterns = [
    path("", shelf, name="lessons"),
    path("<slug:lesson_id>/", lesson, name="lesson"),
]
