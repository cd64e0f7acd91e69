"""Doors to the service as a whole: what needs somebody now, what was changed, and what waits for a second person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import is_naive
from django.views.decorators.http import require_http_methods, require_safe

from openipt.accounts.answering import (
    SettledAlready,
    StandsOtherwise,
    confirm,
    one_change,
    promised,
    take_back,
    waiting,
)
from openipt.accounts.changes import Change
from openipt.accounts.colleagues import Colleague, colleagues
from openipt.accounts.governing import ANSWERING, TakesAnother, TooEarly, confirms_from, delay, may_change
from openipt.accounts.roles import RoleRefusedError
from openipt.accounts.staffing import ROLES
from openipt.accounts.what_was_changed import SHOWN, lines
from openipt.casebook.queries.visible import NotVisible
from openipt.policy import door
from openipt.rooms.programme.desk import Desk, lasting, open_desk
from openipt.rooms.programme.promise import hours_said
from openipt.rooms.programme.sentences import ROLE_WORDS, told, told_change
from openipt.rooms.programme.typed import Typed
from openipt.rooms.ui.crisis_numbers import crisis_numbers, faults

ON_THE_LIST = "emergency"  # its words are no noun
OWN = "You put this forward yourself. It takes somebody else to confirm it."
MEANWHILE = "This was changed meanwhile. Take it back, look at how it stands, and put it forward anew."


@door("staff", "read")
@require_safe
def service(request: HttpRequest) -> HttpResponse:
    """Show how the service stands: what asks for somebody first, then who works here, hours and numbers."""
    desk = open_desk(request)
    people = [one for one in colleagues(desk.organisation, desk.now) if one.account.is_active]
    counts = [counted for counted in (_counted(people, role) for role in ROLES) if counted[0]]
    waits = waiting(desk.organisation)
    numbers = crisis_numbers()
    return desk.show(
        "service",
        tab="service",
        waits=[(told_change(one, desk.zone), confirms_from(desk.actor, one, desk.now)) for one in waits],
        people=len(people),
        counts=counts,
        no_way_in=[one for one in people if not one.signs_in and not desk.organisation.synthetic],
        no_second=[one for one in people if one.signs_in and not one.second_factor and not desk.organisation.synthetic],
        hours=hours_said(promised(desk.organisation)["hours"]),
        duty=promised(desk.organisation)["duty"],
        numbers=numbers,
        faults=list(faults(numbers, desk.today)),
        newest=[told(line, desk.zone) for line in lines(desk.organisation) if line.change not in waits][:3],
    )


def _counted(people: list[Colleague], role: str) -> tuple[int, str]:
    """Return how many hold a role now, and the word for so many."""
    n = sum(role in {held.role for held in one.now} for one in people)
    return n, ROLE_WORDS[role] + ("s" if n > 1 and role != ON_THE_LIST else "")


@door("staff", "read")
@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """Show who changed what, the newest first; `?before=` goes on where a page ended."""
    desk = open_desk(request)
    found = lines(desk.organisation, _before(request.GET.get("before", "")))
    more = found[-1].at.isoformat() if len(found) == SHOWN else ""
    return desk.show("changes", tab="changes", told=[told(line, desk.zone) for line in found], more=more)


def _before(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return None if is_naive(moment) else moment


@lasting("answering", "write")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """Show one change that was put forward; the second person confirms it, or it is taken back."""
    desk = open_desk(request, ANSWERING)
    one = one_change(desk.organisation, change_id)
    if one is None:
        raise NotVisible(str(change_id))
    said = desk.typed()
    if request.method != "POST" or _is_settled(one):
        return _change_page(desk, one, said)
    back = said.said.get("do") == "take_back"
    again = not back and str(one.by_id) == desk.actor.id
    why = said.text("why", "Write the reason once more, as you see it today." if again else "")
    if said.wrong:
        return _change_page(desk, one, said)
    return _settled(desk, one, said, why, back)


def _settled(desk: Desk, one: Change, said: Typed, why: str, back: bool) -> HttpResponse:
    act = desk.act(said.id(), why)
    try:
        (take_back if back else confirm)(act, desk.actor, one)
    except TakesAnother:
        return _change_page(desk, one, said, 403, OWN)
    except TooEarly as early:
        here = early.may_from.astimezone(desk.zone)
        said.wrong["why"] = f"You can confirm this from {here:%d %B %Y, %H:%M}. What you wrote is still here."
    except StandsOtherwise:
        return _change_page(desk, one, said, 409, MEANWHILE)
    except RoleRefusedError as refused:
        return _change_page(desk, one, said, 409, f"{str(refused)[0].upper()}{str(refused)[1:]}. Take it back.")
    except SettledAlready:
        pass
    if said.wrong:
        return _change_page(desk, one, said)
    return redirect("service-change", one.id)


def _is_settled(one: Change) -> bool:
    return getattr(one, "end", None) is not None


def _change_page(desk: Desk, one: Change, said: Typed, status: int = 0, notice: str = "") -> HttpResponse:
    may_from = confirms_from(desk.actor, one, desk.now)
    page = {
        "told": told_change(one, desk.zone),
        "settled": _is_settled(one),
        "can_settle": may_change(desk.actor, ANSWERING),
        "own": str(one.by_id) == desk.actor.id,
        "may_from": may_from,
        "too_early": may_from is not None and may_from > desk.now,
        "hours": int(delay().total_seconds() // 3600),
        "notice": notice,
    }
    return desk.show("change", said, status, tab="service", one=one, **page)
