"""Doors for the second person: what waits for a signature, and one decision as it is put before them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from openipt.casebook.operations.signing_off import ANSWERS, AnsweredAlready, TakesAnother, TooEarly, sign_off
from openipt.casebook.queries.signing import ToSign, one_to_sign, to_sign
from openipt.policy import door, numbers
from openipt.rooms.filling.asked_for import zone_of
from openipt.rooms.filling.signing_in import made_for
from openipt.rooms.workspace.courses import who
from openipt.rooms.workspace.said import Said

OWN = "You decided this yourself. It takes somebody else to sign it."


@door("sign_offs", "read")
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show what waits for a second person; what is the actor's own stands apart. A client is led to their own room."""
    now, actor = timezone.now(), who(request)
    if actor.client is not None:
        return redirect("portal-today")
    found = to_sign(actor, now)
    page = {
        "here": "caseload",
        "mine": [one for one in found if one.may_from is not None],
        "others": [one for one in found if one.may_from is None],
        "now": now,
        "solo": actor.solo,
        "hours": dict(numbers())["solo_delay_hours"],
        "zone": zone_of(actor.organisation),
    }
    return render(request, "workspace/deciding/queue.html", page)


@door("sign_offs", "read")
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, course_id: str, decision_id: UUID) -> HttpResponse:
    """Show one decision to the second person, and take in what they make of it."""
    now, actor = timezone.now(), who(request)
    one = one_to_sign(actor, course_id, str(decision_id), now)
    said = Said.of(request) if request.method == "POST" else Said()
    if request.method != "POST":
        return _page(request, one, said, now)
    words = said.text("words", "Write in a sentence or two what you make of it.")
    says = said.one_of("says", ANSWERS, "" if _own(one, actor.solo) else "Say whether you agree.")
    if said.wrong:
        return _page(request, one, said, now, 422)
    try:
        sign_off(
            by=actor,
            at=now,
            enrolment=course_id,
            decision=str(decision_id),
            says=says,
            words=words,
            id=said.id(),
        )
    except TakesAnother:
        return _page(request, one, said, now, 403, notice=OWN)
    except TooEarly as early:
        here = early.may_from.astimezone(ZoneInfo(zone_of(actor.organisation)))
        said.wrong["words"] = f"This can be looked at again from {here:%d %B %Y, %H:%M}. What you wrote is still here."
        return _page(request, one, said, now, 422)
    except AnsweredAlready:
        return redirect("signing-queue")
    return redirect("signing-queue")


def _own(one: ToSign, solo: bool) -> bool:
    """Whether this is a second look by the same person, who works alone."""
    return solo and one.may_from is not None and one.may_from > one.since


def _page(
    request: HttpRequest, one: ToSign, said: Said, now: datetime, status: int = 200, notice: str = ""
) -> HttpResponse:
    actor = who(request)
    page = {
        "here": "caseload",
        "one": one,
        "own": one.may_from is None,
        "again": _own(one, actor.solo),
        "too_early": one.may_from is not None and one.may_from > now,
        "typed": said.typed,
        "wrong": said.wrong,
        "made_id": str(said.id()),
        "made_for": made_for(actor.id, request.path),
        "zone": zone_of(actor.organisation),
        "notice": notice,
    }
    return render(request, "workspace/deciding/sign.html", page, status=status)
