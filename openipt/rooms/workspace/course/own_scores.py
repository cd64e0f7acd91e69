"""Door to whether clients of this service see their own scores: how it stands, who said so, and the other way."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from openipt.casebook.operations.own_scores import show_scores
from openipt.casebook.queries.own_scores import Shown, scores_as_shown
from openipt.policy import door
from openipt.rooms.workspace.courses import who
from openipt.therapy.words import Sentence, say
from openipt.therapy.words import render as render_words

NAMES = ("heading", "is_on", "is_off", "what", "hidden", "staff", "letters", "show", "hide", "unread")
WAYS = {"on": True, "off": False}


@door("modules", "write")
@require_http_methods(["GET", "HEAD", "POST"])
def own_scores(request: HttpRequest) -> HttpResponse:
    """Show how it stands, and switch it. Sending the same twice changes nothing more."""
    actor = who(request)
    known = scores_as_shown(actor)
    to = request.POST.get("to")
    if request.method == "POST" and to in WAYS:
        show_scores(by=actor, at=timezone.now(), on=WAYS[to])
        return redirect("switch-scores")
    words = {name: render_words(say(f"own_scores.{name}")) for name in NAMES}
    unread = request.method == "POST"
    page = {"here": "caseload", "known": known, "words": words, "told": _told(known), "unread": unread}
    return render(request, "workspace/switch_scores.html", page, status=422 if unread else 200)


def _told(known: Shown) -> Sentence | None:
    """Say who said so, and when; None where nobody has."""
    if known.at is None:
        return None
    on, clock = known.at.date(), f"{known.at:%H:%M}"
    if known.by:
        return say("own_scores.said", who=known.by, on=on, clock=clock)
    return say("own_scores.said_gone", on=on, clock=clock)
