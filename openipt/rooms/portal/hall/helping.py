"""Doors to help: the numbers, for everybody and without signing in; and beside them the client's own safety plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
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
from openipt.rooms.ui.crisis_numbers import Number, Stands, crisis_numbers
from openipt.therapy.record import Entry
from openipt.therapy.record.views import day_of
from openipt.therapy.words import Sentence, say

PLAN_HOLDS = timedelta(days=28)
_NUMBERED = re.compile(r"^Step [0-9]+\.\s*")  # the page numbers them itself
# Whoever answers, by a word in how the plan calls them: it says who it is without a name.
ROLES = {
    "crisis": "crisis_line",
    "helpline": "crisis_line",
    "line": "crisis_line",
    "emergency": "emergency",
    "clinic": "clinic",
    "hospital": "hospital",
    "doctor": "doctor",
    "gp": "doctor",
    "surgery": "doctor",
    "therapist": "therapist",
}


@dataclass(frozen=True, slots=True)
class Helper:
    """A professional of the own plan with a number: by name, by role where names stay closed, and when they answer."""

    name: str
    role: Sentence
    call: str
    hours: str

    @property
    def dial(self) -> str:
        """The number as a telephone takes it."""
        return "".join(sign for sign in self.call if sign.isdigit() or sign == "+")


@open_door("Numbers to ring in danger are for everybody.")
@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """Show the numbers of this service. It works without signing in, and whatever else does not."""
    return render(request, "portal/numbers.html", {**numbers_at(None), "today": timezone.now().date()})


@own_door("safety_plan", "read", on_paper=True, locked=True)
def _own_help(request: HttpRequest, own: Own) -> HttpResponse:
    if request.is_shut:  # type: ignore[attr-defined]
        known = help_now(own)
        theirs = {one.dial for one in known["helpers"]} | {one.dial for one in known["numbers"].every}
        lines = (line for step in known["steps"] for line in step.lines if line.call and line.dial not in theirs)
        calls = tuple({line.dial: line for line in lines}.values())
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
        **numbers_at(own.at.astimezone(own.zone), _helpers(made) if made else ()),
        "today": own.today,
        "staff": False,
        "plan": made,
        "steps": [one for one in steps if one.lines and not one.about],
        "look_again": _look_again(made) if made else None,
    }


def numbers_at(here: datetime | None, helpers: Iterable[Helper] = ()) -> dict[str, Any]:
    """Return whom to ring at a moment: the emergency number, the own professionals, and who else answers now.

    Args:
        here: The moment in the zone of the service; None where nobody knows the zone.
        helpers: The professionals of the own plan, where it may be shown.
    """
    known = crisis_numbers()
    ordered: list[tuple[Number, Stands]] = known.ordered(here)
    first = [one for one in ordered if one[0].is_emergency and one[1] == "open"]
    listed = {one.dial for one in known.every}
    return {
        "numbers": known,
        "first": first,
        "helpers": [one for one in helpers if one.dial not in listed],
        "others": [one for one in ordered if one not in first],
    }


def _helpers(plan: Entry) -> list[Helper]:
    """Return the professionals of a plan who have a number, each number once; then its emergency number."""
    rows = [one for one in plan.answers.get("professionals") or () if isinstance(one, Mapping) and one.get("phone")]
    made = [_helper(str(one.get("name") or ""), str(one["phone"]), str(one.get("hours") or "")) for one in rows]
    if plan.answers.get("emergency_number"):
        made.append(_helper("", str(plan.answers["emergency_number"]), "", "emergency"))
    return list({one.dial: one for one in reversed(made)}.values())[::-1]


def _helper(name: str, call: str, hours: str, role: str = "") -> Helper:
    said = re.findall(r"[a-z]+", name.lower())
    found = role or next((kind for word, kind in ROLES.items() if word in said), "professional")
    words = say(f"portal.helper.{found}")
    return Helper(name, words, call, hours)


def _look_again(plan: Any) -> Any:
    made = plan.happened_at.date()
    return min(day_of(plan.answers.get("review_by")) or made + PLAN_HOLDS, made + PLAN_HOLDS)
