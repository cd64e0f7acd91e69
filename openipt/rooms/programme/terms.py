"""Doors to roles: give one from a day to a day, end one. Access ends with the next request."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from openipt.accounts.answering import put_lead_forward
from openipt.accounts.governing import STAFF, may_put_forward
from openipt.accounts.models import Membership
from openipt.accounts.roles import RoleRefusedError
from openipt.accounts.staffing import ROLES, LastLead, Term, end_role, give_role, takes_another
from openipt.casebook.queries.in_charge import in_charge_of
from openipt.casebook.queries.visible import NotVisible
from openipt.rooms.programme.desk import Desk, ask_leave, lasting, open_desk
from openipt.rooms.programme.people import NOBODY_LEFT, READ_OR_SEND, offered, somebody
from openipt.rooms.programme.sentences import ROLE_WORDS
from openipt.rooms.programme.typed import Typed

LEADS_COURSES = ("therapist", "facilitator")


@lasting("staff", "write")
@require_http_methods(READ_OR_SEND)
def give(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Give somebody a role. One that answers for the service, or is for oneself, waits for a second person."""
    desk = open_desk(request)
    ask_leave(desk, STAFF)
    one = somebody(desk, account_id)
    if not one.account.is_active:
        raise NotVisible(str(account_id))
    said = desk.typed({"since": desk.today.isoformat()})
    if request.method == "POST":
        answer = _given(desk, said, account_id)
        if answer is not None:
            return answer
    page: dict[str, Any] = {"one": one, "roles": offered(), "own": str(account_id) == desk.actor.id}
    return desk.show("give", said, tab="people", **page)


def _given(desk: Desk, said: Typed, account_id: UUID) -> HttpResponse | None:
    """Give the role that was typed; None where something on the sheet cannot be taken."""
    role = said.one_of("role", ROLES, "Choose a role.")
    since = said.day("since", "Write the first day.", first=desk.today)
    until = said.day("until", first=since)
    account = somebody(desk, account_id).account
    second = bool(role) and takes_another(role, account, desk.actor.id)
    why = said.text("why", "Write why, for the second person." if second else "")
    if second and not may_put_forward(desk.actor):
        said.wrong["role"] = _not_yours(desk, account_id)
    act = desk.act(said.id(), why)
    if act.was_done:
        return redirect("service-person", account_id)
    if said.wrong or since is None:
        return None
    term = Term(role, desk.begins(since), desk.is_over(until) if until else None)
    try:
        if second:
            put_lead_forward(act, desk.actor, account, term)
            return redirect("service-change", act.id)
        give_role(act, account, term)
    except RoleRefusedError as refused:
        said.wrong["role"] = f"{str(refused)[0].upper()}{str(refused)[1:]}."
        return None
    return redirect("service-person", account_id)


def _not_yours(desk: Desk, account_id: UUID) -> str:
    if str(account_id) == desk.actor.id:
        return "Nobody gives themself a role. Ask a lead, or somebody else who looks after accounts."
    return "A lead puts forward who is lead, operator or on the emergency list."


@lasting("staff", "write")
@require_http_methods(READ_OR_SEND)
def end(request: HttpRequest, account_id: UUID, role_id: UUID) -> HttpResponse:
    """End a role now, or say its last day."""
    desk = open_desk(request)
    ask_leave(desk, STAFF)
    one = somebody(desk, account_id)
    membership = Membership.objects.filter(id=role_id, account=account_id).first()
    if membership is None:
        raise NotVisible(str(role_id))
    if membership.until is not None and membership.until <= desk.now:
        return redirect("service-person", account_id)
    said = desk.typed({"when": "now"})
    if request.method == "POST":
        when = said.one_of("when", ("now", "day"), "Say from when.")
        last = said.day("last", "Write the last day.", first=desk.today) if when == "day" else None
        act = desk.act(said.id(), said.text("why"))
        if act.was_done:
            return redirect("service-person", account_id)
        if not said.wrong:
            try:
                end_role(act, membership, _moment(desk, last))
            except (LastLead, RoleRefusedError) as refused:
                said.wrong["when"] = NOBODY_LEFT if isinstance(refused, LastLead) else f"{refused}."
            else:
                return redirect("service-person", account_id)
    leads = in_charge_of([account_id], desk.now).get(account_id, 0) if membership.role in LEADS_COURSES else 0
    page: dict[str, Any] = {
        "one": one,
        "role": membership,
        "word": ROLE_WORDS.get(membership.role, membership.role),
        "leads": leads,
    }
    return desk.show("end", said, tab="people", **page)


def _moment(desk: Desk, last: date | None) -> datetime:
    return desk.is_over(last) if last else desk.now
