"""Doors to help: the numbers, for everybody and without signing in; and beside them the client's own safety plan."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from openipt.casebook.queries.own import Own
from openipt.policy import open_door
from openipt.rooms.filling.plan import FORM, steps_of
from openipt.rooms.filling.signing_in import LastingDoor
from openipt.rooms.portal.hall.doors import own_door, page
from openipt.rooms.ui.crisis_numbers import crisis_numbers
from openipt.therapy.record.views import day_of

PLAN_HOLDS = timedelta(days=28)
_NUMBERED = re.compile(r"^Step [0-9]+\.\s*")  # the page numbers them itself


@open_door("Numbers to ring in danger are for everybody.")
@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """Show the numbers of this service. It works without signing in, and whatever else does not."""
    return render(request, "portal/numbers.html", {"numbers": crisis_numbers(), "today": timezone.now().date()})


@own_door("safety_plan", "read", on_paper=True, locked=True)
def _own_help(request: HttpRequest, own: Own) -> HttpResponse:
    if request.is_shut:  # type: ignore[attr-defined]
        known = help_now(own)
        calls = tuple(dict.fromkeys(line for step in known["steps"] for line in step.lines if line.call))
        return page(request, own, "help_locked", tab="help", calls=calls, **known)
    return page(request, own, "help", tab="help", **help_now(own))


def helping(request: HttpRequest) -> HttpResponse:
    """Show the numbers and the own plan; to whoever is not signed in, the numbers."""
    if request.actor is None:  # type: ignore[attr-defined]
        return redirect("portal-numbers")
    return _own_help(request)


helping.door = LastingDoor("safety_plan", "read")  # type: ignore[attr-defined]


def help_now(own: Own) -> dict[str, Any]:
    """Return what stands on every page that offers help now: the numbers, and the own plan where it may be shown."""
    plans = [one for one in own.record.of(FORM) if one.kind == "answers"] if own.plan_on_phone else []
    made = plans[-1] if plans else None
    steps = [replace(one, title=_NUMBERED.sub("", one.title)) for one in steps_of(made, own.names)] if made else []
    return {
        "numbers": crisis_numbers(),
        "today": own.today,
        "staff": False,
        "plan": made,
        "steps": [one for one in steps if one.lines and not one.about],
        "look_again": _look_again(made) if made else None,
    }


def _look_again(plan: Any) -> Any:
    made = plan.happened_at.date()
    return min(day_of(plan.answers.get("review_by")) or made + PLAN_HOLDS, made + PLAN_HOLDS)
