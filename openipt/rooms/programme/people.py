"""Doors to the people who work here: who they are, since when, how they sign in; somebody new; somebody who goes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openipt.accounts.colleagues import Colleague, colleagues
from openipt.accounts.governing import STAFF, delay, may_put_forward
from openipt.accounts.making import NameTakenError
from openipt.accounts.names import NameRefusedError
from openipt.accounts.staffing import (
    ROLES,
    LastLead,
    Term,
    add_colleague,
    close,
    is_safe_to_let_in,
    mend_details,
    sign_out_everywhere,
    takes_another,
)
from openipt.casebook.queries.in_charge import in_charge_of
from openipt.casebook.queries.visible import NotVisible
from openipt.policy import door
from openipt.policy.table import table
from openipt.rooms.programme.desk import Desk, ask_leave, lasting, open_desk
from openipt.rooms.programme.sentences import ROLE_WORDS
from openipt.rooms.programme.typed import Typed

READ_OR_SEND = ["GET", "HEAD", "POST"]
NOBODY_LEFT = "After this nobody would answer for the service. Make somebody else lead first; then end this."
FIND = 80


@door("staff", "read")
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Show who works here, by name; `?find=` leaves those whose name holds it."""
    desk = open_desk(request)
    found = colleagues(desk.organisation, desk.now)
    asked = request.GET.get("find", "").strip()[:FIND]
    if asked:
        found = [one for one in found if asked.casefold() in f"{one.account.name} {one.account.username}".casefold()]
    open_now = [one for one in found if one.account.is_active]
    closed = [one for one in found if not one.account.is_active]
    return desk.show("people", tab="people", found=open_now, closed=closed, asked=asked, words=ROLE_WORDS)


@lasting("staff", "write")
@require_http_methods(READ_OR_SEND)
def add(request: HttpRequest) -> HttpResponse:
    """Make an account for a colleague: name, sign-in name, address, roles from a day on. Then they get a way in."""
    desk = open_desk(request)
    ask_leave(desk, STAFF)
    said = desk.typed({"since": desk.today.isoformat()})
    if request.method != "POST":
        return _add_page(desk, said)
    name = said.text("name", "Write the name, as clients and colleagues see it.", most=120)
    username = said.text("username", "Write a sign-in name, for example m.okoye.", most=64)
    email = address(said)
    roles = said.some_of("role", ROLES)
    since = said.day("since", "Write the first day.", first=desk.today)
    if not roles and "role" not in said.wrong:
        said.wrong["role"] = "Choose at least one role. Without a role nothing is open to them."
    if not may_put_forward(desk.actor) and any(takes_another(one, None, desk.actor.id) for one in roles):
        said.wrong["role"] = "A lead puts forward who is lead, operator or on the emergency list. Leave these out."
    why = said.text("why")
    act = desk.act(said.id(), why)
    if act.was_done:
        return redirect("service-people")
    if said.wrong or since is None:
        return _add_page(desk, said)
    try:
        terms = [Term(role, desk.begins(since)) for role in roles]
        made = add_colleague(act, username=username, name=name, email=email, terms=terms)
    except (NameTakenError, NameRefusedError) as refused:
        said.wrong["username"] = f"{str(refused)[0].upper()}{str(refused)[1:]}."
        return _add_page(desk, said)
    return redirect("service-way-in", made.id)


def _add_page(desk: Desk, said: Typed) -> HttpResponse:
    return desk.show("add", said, tab="people", roles=offered(), hours=_hours())


def offered() -> list[tuple[str, str, str, bool]]:
    """Return the roles of staff: id, word, what it means, whether a second person confirms it."""
    means = table().roles
    return [(one, ROLE_WORDS[one], means[one].means, takes_another(one, None, "")) for one in ROLES]


def _hours() -> int:
    return int(delay().total_seconds() // 3600)


def address(said: Typed) -> str:
    """Return a work address, or nothing."""
    email = said.text("email", most=254)
    try:
        if email:
            validate_email(email)
    except ValidationError:
        said.wrong["email"] = f"“{email[:60]}” is no e-mail address. Write one such as m.okoye@clinic.example, or none."
    return email


def somebody(desk: Desk, account_id: UUID) -> Colleague:
    """Return one of the people of this service.

    Raises:
        NotVisible: nobody of that id works here; a client's account is nobody here.
    """
    found = colleagues(desk.organisation, desk.now, account_id)
    if not found:
        raise NotVisible(str(account_id))
    return found[0]


@door("staff", "read")
@require_safe
def person(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Show one person: roles and their days, how they sign in, and what can be done about it."""
    desk = open_desk(request)
    one = somebody(desk, account_id)
    return desk.show(
        "person",
        tab="people",
        one=one,
        own=str(account_id) == desk.actor.id,
        leads=in_charge_of([account_id], desk.now).get(account_id, 0),
        words=ROLE_WORDS,
        can_get_in=one.account.is_active and is_safe_to_let_in(one.account),
        signed_out=request.GET.get("done") == "signed-out",
    )


@lasting("staff", "write")
@require_http_methods(READ_OR_SEND)
def details(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Mend how somebody is called, or their work address."""
    desk = open_desk(request)
    ask_leave(desk, STAFF)
    one = somebody(desk, account_id).account
    said = desk.typed({"name": one.name, "email": one.email})
    if request.method == "POST":
        name = said.text("name", "Write the name, as clients and colleagues see it.", most=120)
        email = address(said)
        if email != one.email and not is_safe_to_let_in(one):
            said.wrong.setdefault(
                "email", "They have no second factor yet, so a new address could let somebody else in."
            )
        act = desk.act(said.id(), said.text("why"))
        if act.was_done:
            return redirect("service-person", account_id)
        if not said.wrong:
            mend_details(act, one, name=name, email=email)
            return redirect("service-person", account_id)
    return desk.show("details", said, tab="people", one=one)


@door("staff", "write")
@require_POST
def sign_out(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Sign somebody out everywhere."""
    desk = open_desk(request)
    ask_leave(desk, STAFF)
    one = somebody(desk, account_id).account
    act = desk.act(desk.typed().id())
    if not act.was_done:
        sign_out_everywhere(act, one)
    there = redirect("service-person", account_id)
    there["Location"] += "?done=signed-out"
    return there


@lasting("staff", "write")
@require_http_methods(READ_OR_SEND)
def close_account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Close an account: asked once more, with what stays behind."""
    desk = open_desk(request)
    ask_leave(desk, STAFF)
    one = somebody(desk, account_id)
    said = desk.typed()
    page: dict[str, Any] = {"one": one, "leads": in_charge_of([account_id], desk.now).get(account_id, 0)}
    if request.method == "POST":
        why = said.text("why", "Write in a few words why, without a word about any client.")
        act = desk.act(said.id(), why)
        if act.was_done:
            return redirect("service-person", account_id)
        if not said.wrong:
            try:
                close(act, one.account)
            except LastLead:
                said.wrong["why"] = NOBODY_LEFT
            else:
                return redirect("service-person", account_id)
    return desk.show("close", said, tab="people", **page)
