"""Doors to what goes along with mood: read it, give the client one sentence of it, take one back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from openipt.casebook.operations.changing import retract
from openipt.casebook.operations.releasing import FORM, NothingToRelease, release_sentence
from openipt.casebook.queries.fits import stored_fit
from openipt.casebook.queries.modules import insight_is_on
from openipt.casebook.queries.visible import NotAllowed
from openipt.policy import door
from openipt.rooms.workspace.course.insight import InsightPage, insight_page
from openipt.rooms.workspace.courses import Course, who
from openipt.rooms.workspace.courses import course as find_course
from openipt.therapy.insight.words import status_words
from openipt.therapy.words import render as render_words
from openipt.therapy.words import say

OFF = "No such page."  # switched off: no page speaks of it, and neither does this one

WORDS = {
    "question": say("insight.page.question"),
    "not_enough": say("insight.room.not_enough"),
    "shortly": say("insight.room.shortly"),
    "kept_to_self": say("insight.room.kept_to_self"),
    "people": say("insight.page.people"),
    "kinds": say("insight.page.kinds"),
    "better_day": say("insight.page.better_day"),
    "released_heading": say("insight.room.released_heading"),
    "none_released": say("insight.room.none_released"),
    "release": say("insight.room.release"),
    "withdraw": say("insight.room.withdraw"),
    "why": say("insight.room.why"),
    "how": say("insight.page.how"),
    "range": say("insight.page.range"),
    "good_difficult": say("insight.page.good_difficult"),
    "first": say("insight.page.first"),
    "meaning": say(
        "insight.page.words",
        worth=status_words("worth asking about"),
        early=status_words("too early"),
        nothing=status_words("nothing seen so far"),
    ),
    "intended": say("insight.page.intended"),
}


@door("insight", "read")
def insight(request: HttpRequest, course_id: str) -> HttpResponse:
    """Show what goes along with mood in one course. Nothing is computed here."""
    one = find_course(request, course_id)
    stored = stored_fit(who(request), course_id, timezone.now())
    if not stored.ruling.allowed:
        raise NotAllowed(stored.ruling)
    if not stored.on:
        raise Http404(OFF)
    return render(request, "workspace/insight.html", _shown(one, insight_page(one, stored)))


def _shown(course: Course, page: InsightPage) -> dict[str, Any]:
    """Return what the template needs: the page, and the lines that stand on it whatever was found."""
    return {
        "here": "caseload",
        "tab": "insight",
        "all": course,
        "page": page,
        "words": {name: render_words(sentence) for name, sentence in WORDS.items()},
        "made": say("insight.room.made", on=page.made_at) if page.made_at else None,
        "version": say("insight.page.version", version=page.version),
    }


@door("goals_homework", "write")
@require_POST
def release(request: HttpRequest, course_id: str) -> HttpResponse:
    """Give the client one sentence."""
    wanted = request.POST.get("sentence", "")
    if not insight_is_on(who(request), course_id, timezone.now()):
        raise Http404(OFF)
    try:
        release_sentence(by=who(request), at=timezone.now(), enrolment=course_id, sentence=wanted)
    except NothingToRelease as nothing:
        raise Http404("No such sentence.") from nothing
    return redirect("insight", course_id)


@door("goals_homework", "write")
@require_POST
def withdraw(request: HttpRequest, course_id: str) -> HttpResponse:
    """Take a sentence back, with words why."""
    entry, why = request.POST.get("entry", ""), request.POST.get("why", "").strip()
    known = {one.id for one in find_course(request, course_id).record.of(FORM)}
    if entry not in known or not why:
        raise Http404("No such sentence, or no word why.")
    retract(by=who(request), at=timezone.now(), entry=UUID(entry), why=why)
    return redirect("insight", course_id)
