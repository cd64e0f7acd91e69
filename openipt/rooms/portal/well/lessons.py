"""Doors to lessons in the client's frame: those that suit the focus, all of them, and one to read with its question."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from openipt.casebook.queries.own import Own
from openipt.rooms.filling.lessons import PARTS
from openipt.rooms.filling.said import Wrong
from openipt.rooms.filling.sent import typed_in
from openipt.rooms.filling.sheet import AGAIN, DO, id_of
from openipt.rooms.filling.signing_in import come_back, forget, made_for
from openipt.rooms.filling.spoken import heard_in_lesson
from openipt.rooms.filling.typed import Pairs
from openipt.rooms.filling.wrong import by_name
from openipt.rooms.portal.hall.doors import leave, own_door, page
from openipt.rooms.portal.hall.noting import save
from openipt.rooms.portal.hall.taking import ANEW, BACK, LEAVE
from openipt.rooms.portal.questions.asking import key_of
from openipt.rooms.portal.worksheets.shelf import Offer, keys, may_open
from openipt.therapy.forms import open_form
from openipt.therapy.lessons import Lesson, lessons
from openipt.therapy.record import focus

YOUNG = 18  # lessons for young people come first for whoever is younger
READ, PICKED = "lesson-read", "picked"
TOLD = {
    "kept": "Noted. Your therapist can see that you read this.",
    "again": "This was noted before. It is there once.",
}
STRANGE = "“{value}” is no answer of this page. Please pick again."


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


@own_door("goals_homework", "write")
def lesson(request: HttpRequest, own: Own, key: str) -> HttpResponse:
    """Show one lesson; its questions open without a script. That it was read is noted where the client says so."""
    shown = dict(of_clients(own)).get(key)
    if shown is None:
        raise Http404
    typed = typed_in(request)
    if request.method != "POST":
        back = come_back(request, own.actor.id)
        return _show(request, own, shown) if back is None else forget(request, _show(request, own, shown, back, BACK))
    do = dict(typed).get(DO, "")
    if do == LEAVE:
        return leave(request)
    made = id_of(typed)
    if do == AGAIN or made is None:
        return _show(request, own, shown, typed, ANEW)
    wrong = _wrong(shown, typed)
    if wrong:
        return _show(request, own, shown, typed, wrong=wrong)
    said = {"lesson": shown.id, "title": shown.title, **_said(shown, typed)}
    saved = save(request, own, READ, said, made)
    if isinstance(saved, HttpResponse):
        return saved
    return redirect(f"{request.path}?told={'kept' if saved.made else 'again'}")


def _show(
    request: HttpRequest, own: Own, shown: Lesson, typed: Pairs | None = None, notice: str = "", wrong: Any = ()
) -> HttpResponse:
    can = [name for name in shown.worksheets if name in set(keys().values()) and may_open(own, name)]
    return page(
        request,
        own,
        "read/lesson",
        status=422 if wrong else 200,
        tab="mine",
        lesson=shown,
        sheets=[Offer(key_of(name), open_form(name)) for name in can],
        heard_here=heard_in_lesson(shown),
        to_pick=_to_pick(shown),
        ticked={value for name, value in typed or [] if name == PICKED},
        told=TOLD.get(request.GET.get("told", "")),
        notice=notice,
        wrong=by_name(wrong),
        made_id=id_of(typed or []) or uuid4(),
        made_for=made_for(own.actor.id, request.path),
    )


def _to_pick(shown: Lesson) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the questions of a lesson, each with its answers: the place of one, and its words."""
    return [
        (check.ask, [(f"{n}.{m}", answer.words) for m, answer in enumerate(check.answers)])
        for n, check in enumerate(shown.check)
    ]


def _answers(shown: Lesson) -> dict[str, dict[str, str]]:
    return {place: {"ask": ask, "words": words} for ask, answers in _to_pick(shown) for place, words in answers}


def _wrong(shown: Lesson, typed: Pairs) -> list[Wrong]:
    """Return what was sent and is no answer of this lesson."""
    sent = [(name, value) for name, value in typed if not name.startswith("_") and name != "csrfmiddlewaretoken"]
    strange = [value for name, value in sent if name != PICKED or value not in _answers(shown)]
    return [Wrong(PICKED, STRANGE.format(value=value[:40])) for value in strange[:3]]


def _said(shown: Lesson, typed: Pairs) -> dict[str, Any]:
    """Return what was picked, in the order of the page; nothing where nothing was."""
    picked = {value for name, value in typed if name == PICKED}
    rows = [row for place, row in _answers(shown).items() if place in picked]
    return {PICKED: rows} if rows else {}
