"""Doors to the first phase: one page of what is agreed, and a short page for each step."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from openipt.casebook.queries.visible import NotAllowed
from openipt.policy import Actor, door
from openipt.rooms.filling.asked_for import may_write, zone_of
from openipt.rooms.filling.sent import typed_in
from openipt.rooms.filling.signing_in import LastingDoor, ask_to_sign_in
from openipt.rooms.workspace.agreeing.papers import TOLD, Paper
from openipt.rooms.workspace.agreeing.standing import agreed as what_is_agreed
from openipt.rooms.workspace.agreeing.steps import STEPS, Step
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.courses import who
from openipt.therapy.forms import open_form

View = Callable[..., HttpResponse]


@door("session_records", "read")
def agreed(request: HttpRequest, course_id: str) -> HttpResponse:
    """Show what the first phase still needs and why, and what stands."""
    one, now = find_course(request, course_id), timezone.now()
    here = now.astimezone(ZoneInfo(zone_of(who(request).organisation)))
    page = {
        "here": "caseload",
        "tab": "agreed",
        "all": one,
        "agreed": what_is_agreed(one, here.date()),
        "may_write": one.named and may_write(who(request), one.id, open_form("formulation"), now),
        "open_flags": [flag for flag in one.record.flags if flag.state == "new" and not flag.outcomes],
        "done_words": TOLD.get(request.GET.get("told", "")),
        "latest": one.newest,
    }
    return render(request, "workspace/agreeing/agreed.html", page)


def page_of(step: Step) -> View:
    """Return the view of a step, with its door."""

    def view(request: HttpRequest, course_id: str) -> HttpResponse:
        return _answer(request, course_id, step)

    view.__name__ = view.__qualname__ = f"page_of_{step.id}"
    view.__doc__ = step.lead
    view.door = LastingDoor(step.kind, "write")  # type: ignore[attr-defined]
    return view


def _answer(request: HttpRequest, course_id: str, step: Step) -> HttpResponse:
    pairs = typed_in(request)
    actor = cast(Actor | None, request.actor)  # type: ignore[attr-defined]
    if actor is None:
        return ask_to_sign_in(request, pairs)
    try:
        paper = Paper(request, course_id, step, actor)
        return paper.answer(pairs) if request.method == "POST" else paper.open()
    except NotAllowed as refused:
        form = open_form(step.form)
        return render(request, "filling/not_allowed.html", {"form": form, "ruling": refused.ruling}, status=403)


@door("goals_homework", "write")
def goal(request: HttpRequest, course_id: str, goal_id: str) -> HttpResponse:
    """Lead to the page of one goal: as the newer version of its sheet."""
    entry = find_course(request, course_id).record.newest(STEPS["goal"].form, goal_id)
    if entry is None:
        raise Http404("No such goal.")
    return redirect(f"{reverse('agreed-goal', args=[course_id])}?replaces={entry.id}")
