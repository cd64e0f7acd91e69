"""Doors to the small sheets: what to talk about, how a step went, how to be reached, and asking for a person."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from openipt.casebook.queries.own import CONTACT, PHONE, Own
from openipt.rooms.portal.hall.doors import own_door
from openipt.rooms.portal.hall.helping import help_now
from openipt.rooms.portal.hall.promised import asks_for_call, when_seen
from openipt.rooms.portal.hall.taking import Sheet, open_sheet, take
from openipt.therapy.forms import open_form
from openipt.therapy.forms.checking import choices_of
from openipt.therapy.words import render

CONTACT_ASKED = "contact"  # the answer that asks for a call
SINCE = {"done": "Done", "tried": "Partly", "changed": "I changed it", "not_now": "Not now"}


@own_door("goals_homework", "write")
def talk(request: HttpRequest, own: Own) -> HttpResponse:
    """Write what to talk about: the first thing the therapist reads before the session."""
    sheet = Sheet("talk-about", "talk", more={"choices": _choices("talk-about", "differ_about")})
    return take(request, own, sheet) if request.method == "POST" else open_sheet(request, own, sheet)


@own_door("goals_homework", "write")
def step(request: HttpRequest, own: Own, step_id: str) -> HttpResponse:
    """Say how the agreed step went: each answer is a good one."""
    entry = own.record.newest("between-session-step", step_id)
    if entry is None or step_id not in {thing.id for thing in own.record.steps}:
        raise Http404
    sheet = Sheet(
        "between-session-step",
        "step",
        about=step_id,
        replaces=entry,
        more={"step": entry.answers if own.reads else {}, "states": SINCE, "scale": range(11)},
    )
    return take(request, own, sheet) if request.method == "POST" else open_sheet(request, own, sheet)


@own_door("identity", "write", on_paper=True)
def reach(request: HttpRequest, own: Own) -> HttpResponse:
    """Say how to be reached safely. What was said before is not shown: somebody else may read it here."""
    names = ("phone_shared", "way", "channels", "leave_message")
    more = {name: _choices(CONTACT, name) for name in names}
    sheet = Sheet(CONTACT, "reach", tab="mine", more=more, kept=False, replaces=own.record.newest(CONTACT))
    if request.method != "POST":
        return open_sheet(request, own, sheet)
    # What keeps others from reading along is let go at the clinic only: whoever holds the phone may not be the client.
    given = {} if own.way == PHONE else {"way": own.way, "plan_on_phone": own.plan_on_phone}
    return take(request, own, sheet, given=given)


@own_door("goals_homework", "write", on_paper=True)
def tell(request: HttpRequest, own: Own) -> HttpResponse:
    """Ask for a person: it opens a task with a name and a time, and says when somebody sees it."""
    call = asks_for_call(own)
    choices = _choices("tell-therapist", "asks_for")
    more: dict[str, Any] = {"choices": choices, "seen": when_seen(own, None), "call": call}
    if call:  # nobody is there: whom to ring stands first, and the first button promises what can be kept
        others = [one for one in choices if one[0] != CONTACT_ASKED]
        more |= {**help_now(own), "choices": [(CONTACT_ASKED, render(call)), *others]}
    sheet = Sheet("tell-therapist", "tell", tab="help", more=more, kept=False)
    return (
        take(request, own, sheet, done="portal-sent") if request.method == "POST" else open_sheet(request, own, sheet)
    )


def _choices(form_id: str, item_id: str) -> list[tuple[str, str]]:
    form = open_form(form_id)
    item = next(one for one in form.items if one.id == item_id)
    return [(str(value), words) for value, words in choices_of(form, item)]  # type: ignore[arg-type]
