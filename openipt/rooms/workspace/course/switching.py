"""Door to what a service has switched on: read what it is for, then switch it on; or switch it off."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from openipt.casebook.operations.fitting import switch
from openipt.casebook.queries.modules import insight_switch
from openipt.policy import door
from openipt.rooms.workspace.courses import who
from openipt.therapy.words import render as render_words
from openipt.therapy.words import say

NAMES = (
    "heading", "off", "what", "purpose", "intended", "basis", "violence", "client", "limits", "off_means", "older",
    "read", "switch_on", "switch_off", "unread",
)  # fmt: skip


@door("modules", "write")
def insight(request: HttpRequest) -> HttpResponse:
    """Show what insight is for and whether it is on; switch it. Sending the same twice changes nothing more."""
    actor, now = who(request), timezone.now()
    known = insight_switch(actor)
    if request.method == "POST":
        on = request.POST.get("to") == "on"
        if on and request.POST.get("read") != "yes":
            return _page(request, unread=True, status=422)
        day = timezone.localdate(now)
        switch(organisation=known.organisation, on=on, read_by=UUID(actor.id), read_on=day, at=now)
        return redirect("switch-insight")
    return _page(request)


def _page(request: HttpRequest, unread: bool = False, status: int = 200) -> HttpResponse:
    known = insight_switch(who(request))
    words = {name: render_words(say(f"insight.switch.{name}")) for name in NAMES}
    stands = say("insight.switch.on", who=known.read_by or "", on=known.read_on) if known.on else None
    page = {"here": "caseload", "known": known, "words": words, "stands": stands, "unread": unread}
    return render(request, "workspace/switch_insight.html", page, status=status)
