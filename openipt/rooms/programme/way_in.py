"""Doors to a first way in: a link by mail or a printed slip for a colleague; and the page where the slip is used."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from openipt.accounts.adapter import WAIT
from openipt.accounts.governing import STAFF
from openipt.accounts.letting_in import NotSafe, give_slip_to_staff, note_mail, redeem_staff_slip
from openipt.accounts.own_secret import WeakSecretError
from openipt.accounts.redeeming import CodeRefusedError, may_try
from openipt.accounts.staffing import is_safe_to_let_in
from openipt.casebook.queries.visible import NotVisible
from openipt.policy import door, open_door
from openipt.rooms.programme.desk import ask_leave, open_desk
from openipt.rooms.programme.letters import address_of, can_mail, mail_way_in
from openipt.rooms.programme.people import READ_OR_SEND, somebody
from openipt.rooms.programme.typed import Typed

WAYS = ("slip", "mail")


@door("staff", "write")
@never_cache
@require_http_methods(READ_OR_SEND)
def way_in(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Give somebody a way in that works once. The code of a slip is shown this one time, and kept nowhere."""
    desk = open_desk(request)
    ask_leave(desk, STAFF)
    one = somebody(desk, account_id)
    if not one.account.is_active:
        raise NotVisible(str(account_id))
    said = desk.typed()
    page: dict[str, Any] = {
        "one": one,
        "can_mail": can_mail(desk.organisation, one.account),
        "safe": is_safe_to_let_in(one.account),
    }
    if request.method != "POST":
        return desk.show("way_in", said, tab="people", **page)
    how = said.one_of("how", WAYS, "Choose a way.")
    if how == "mail" and not page["can_mail"]:
        said.wrong["how"] = "No mail can go out to this person. Print a slip."
    act = desk.act(said.id())
    if act.was_done:
        return desk.show("way_in", Typed(), tab="people", again=True, **page)
    if said.wrong:
        return desk.show("way_in", said, tab="people", **page)
    try:
        if how == "mail":
            note_mail(act, one.account)
            mail_way_in(request, desk.organisation, one.account)
            return desk.show("way_in", Typed(), tab="people", mailed=True, **page)
        slip = give_slip_to_staff(act, one.account)
    except NotSafe:
        return redirect("service-person", account_id)
    return desk.show("slip", said, tab="people", one=one, slip=slip, where=address_of(request))


@login_not_required
@open_door("Signing in comes before anybody is known: a name and a one-time code, rate-limited, say who comes.")
@never_cache
@require_http_methods(READ_OR_SEND)
def first(request: HttpRequest) -> HttpResponse:
    """Take the code of a slip and a password of one's own; then one signs in as always."""
    said = Typed([(name, str(text)) for name, text in request.POST.items()])
    if request.method != "POST":
        return render(request, "programme/first.html", {"typed": {}, "wrong": {}})
    name = said.text("username", "Write the sign-in name of your slip.", most=64)
    code = said.text("code", "Write the code of your slip.", most=40)
    password, again = said.said.get("password", ""), said.said.get("again", "")
    if not password:
        said.wrong["password"] = "Choose a password."  # noqa: S105 - words about one
    elif password != again:
        said.wrong["again"] = "This is not the same as the password above."
    status = 422
    if not said.wrong:
        if not may_try(request, name):
            said.wrong["code"], status = WAIT, 429
        else:
            try:
                redeem_staff_slip(username=name, code=code, password=password, at=timezone.now())
            except WeakSecretError as weak:
                said.wrong["password"] = str(weak)
            except CodeRefusedError as refused:
                said.wrong["code"] = str(refused)
    if said.wrong:
        kept = {"username": name, "code": code}
        return render(request, "programme/first.html", {"typed": kept, "wrong": said.wrong}, status=status)
    return render(request, "programme/first_done.html", {"username": name})
