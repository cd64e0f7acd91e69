"""The door to what was begun and not sent: go on with it, or throw it away; where nothing is read, send it unseen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import resolve, reverse

from openipt.casebook.operations.drafting import drop_drafts, open_drafts
from openipt.casebook.queries.own import CONTACT, BegunSheet, Own, begun_sheets
from openipt.rooms.filling.sheet import DO
from openipt.rooms.portal.hall.doors import own_door, page
from openipt.rooms.portal.questions.asking import asked_of, key_of
from openipt.rooms.portal.worksheets.shelf import keys
from openipt.therapy.forms import open_form

PERSON = "interpersonal-inventory"
PAGES_OF_ONE = {  # of one step, one person, one goal: its sheet says of which
    "between-session-step": "portal-step",
    "goals-and-boundaries": "portal-limit",
    PERSON: "portal-person",
}
PAGES = {
    "check-in": "portal-again",
    "goals-and-boundaries": "portal-goals",
    PERSON: "portal-add-person",
    "mood-diary": "portal-diary",
    "talk-about": "portal-talk",
    "timeline": "portal-life",
    "went-well": "portal-well",
    CONTACT: "portal-reach",
}
SEND, DROP, NOT_SO = "send", "drop", "not_so"
TOLD = {
    DROP: "Thrown away. Nothing of it was sent.",
    NOT_SO: "This one cannot be sent as it is. You can write it anew, or throw it away.",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One sheet that was begun: what it is, where it goes on, and whether it can be sent from here unseen."""

    id: UUID
    title: str
    address: str
    unseen: bool


@own_door("goals_homework", "write")
def begun(request: HttpRequest, own: Own) -> HttpResponse:
    """Show what was begun and not sent, and what can be done with it."""
    act, _, name = request.POST.get(DO, "").partition(":")
    known = {str(one.id): one for one in begun_sheets(own)}
    if request.method == "POST" and name in known and act == DROP:
        drop_drafts(own.actor, [known[name].id])
        return redirect(f"{reverse('portal-begun')}?told={DROP}")
    if request.method == "POST" and name in known and act == SEND:
        return _send(request, own, known[name])
    told = TOLD.get(request.GET.get("told", ""), "")
    return page(request, own, "begun", tab="today", waiting=list(_waiting(own)), told=told)


def _waiting(own: Own) -> Iterator[Waiting]:
    for one in begun_sheets(own):
        small = one.form in {*PAGES, *PAGES_OF_ONE}
        title = _title(own, one) if own.reads else ""
        yield Waiting(one.id, title, _address(own, one), small and not (own.reads and one.form != CONTACT))


def _title(own: Own, one: BegunSheet) -> str:
    """Return what a sheet is called where it goes on: one about somebody goes by their name, or is new."""
    if one.form == PERSON and not one.about:
        return "Somebody new"
    called = own.names.get(one.about) if one.form == PERSON else None
    return f"What I say of {called}" if called else open_form(one.form).title


def _address(own: Own, one: BegunSheet) -> str:
    """Return the page on which a sheet goes on; empty where it has none any more."""
    if one.about and one.form in PAGES_OF_ONE:
        return reverse(PAGES_OF_ONE[one.form], args=[one.about])
    if one.form in PAGES:
        return reverse(PAGES[one.form])
    if one.form in keys().values():
        return reverse("portal-sheet", args=[key_of(one.form)])
    asked = one.form in {form.id for form in asked_of(own)} or bool(own.record.of(one.form))
    return reverse("portal-begin", args=[key_of(one.form)]) if asked else ""


def _send(request: HttpRequest, own: Own, one: BegunSheet) -> HttpResponse:
    """Send a sheet as it lies here: its own page takes it in. A page that would show it again is not shown."""
    left = open_drafts(by=own.actor, at=own.at, enrolment=own.label, form=one.form)
    found = next((draft for draft in left if draft.id == one.id and "pairs" in draft.body), None)
    address = _address(own, one)
    if found is None or not address:
        return redirect(f"{reverse('portal-begun')}?told={NOT_SO}")
    sent = QueryDict(mutable=True)
    for name, text in found.body["pairs"]:
        sent.appendlist(name, text)
    sent["_id"], sent[DO] = str(one.id), SEND
    request.POST = sent  # type: ignore[assignment]
    door = resolve(address)
    answer: HttpResponse = door.func(request, *door.args, **door.kwargs)
    return answer if answer.status_code in (302, 409) else redirect(f"{reverse('portal-begun')}?told={NOT_SO}")
