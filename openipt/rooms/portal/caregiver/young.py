"""Doors to a young person's own say: whether this is all right with them, and who at home sees what."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from openipt.casebook.operations.caregiving import stop_caregiver
from openipt.casebook.operations.saving import SameIdOtherBody
from openipt.casebook.queries.caregiving import seen_at_home
from openipt.casebook.queries.own import Own
from openipt.rooms.filling.sent import typed_in
from openipt.rooms.filling.sheet import id_of
from openipt.rooms.portal.hall.doors import own_door, page
from openipt.rooms.portal.hall.taking import Sheet, open_sheet, take
from openipt.therapy.course.young import ASSENT, asks_own_word, is_young
from openipt.therapy.forms import open_form
from openipt.therapy.forms.checking import choices_of

Told = tuple[str, str, str, str, str, str]  # kind, address, title, how long, words, verb
TOLD = {"stopped": "Done. They see nothing any more.", "sent": "Sent. Thank you.", "again": "This was sent before."}


def concerns(own: Own) -> bool:
    """Whether these pages are about this client: young, or let somebody at home see something once."""
    return is_young(own.known, own.today) or bool(seen_at_home(own))


def young_things(own: Own) -> Iterator[Told]:
    """Yield the question for one's own word, where it is asked now."""
    if asks_own_word(own.known, own.today):
        title = str(open_form(ASSENT).title)
        words = "You have a say in this. Yes, no and not sure are all good answers."
        yield ("own_word", reverse("portal-agree"), title, "One minute", words, "Say what you think")


@own_door("consent", "write")
def agree(request: HttpRequest, own: Own) -> HttpResponse:
    """Ask for the young person's own word, in their own words."""
    if not concerns(own):
        raise Http404
    form = open_form(ASSENT)
    item = next(one for one in form.items if one.id == "agrees")
    more = {"choices": choices_of(form, item), "seen": _open(own), "example": form.items[1].example}  # type: ignore[arg-type]
    sheet = Sheet(ASSENT, "caregiver/agree", tab="mine", more=more, kept=False)
    if request.method != "POST":
        return open_sheet(request, own, sheet)
    return take(request, own, sheet, done="portal-seen")


@own_door("consent", "write")
def seen(request: HttpRequest, own: Own) -> HttpResponse:
    """Show who at home sees what, and end it with one tap."""
    if not concerns(own):
        raise Http404
    if request.method == "POST":
        return _stop(request, own)
    return page(
        request,
        own,
        "caregiver/seen",
        tab="mine",
        open=_open(own),
        over=[one for one in seen_at_home(own) if not one.is_open],
        asks=is_young(own.known, own.today),
        made_id=uuid4(),
        told=TOLD.get(request.GET.get("told", "")),
    )


def _open(own: Own) -> list[object]:
    return [one for one in seen_at_home(own) if one.is_open]


def _stop(request: HttpRequest, own: Own) -> HttpResponse:
    pairs = typed_in(request)
    made, account = id_of(pairs), dict(pairs).get("who", "")
    if made is None:
        return redirect("portal-seen")
    try:
        stop_caregiver(by=own.actor, at=own.at, enrolment=own.label, account=account, id=made)
    except SameIdOtherBody:  # two browsers with one page: it has ended already
        return redirect("portal-seen")
    return redirect(f"{reverse('portal-seen')}?told=stopped")
