"""What is said where a sheet cannot even be read: too much of it, or the mark against forged forms has run out."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.views.csrf import csrf_failure

from openipt.rooms.filling.sent import typed_in
from openipt.rooms.filling.sheet import AGAIN, DO
from openipt.rooms.filling.signing_in import MADE_FOR, marked_for
from openipt.rooms.ui import views as ui

OF_CLIENTS = (
    *("portal-diary", "portal-question", "portal-reach", "portal-step", "portal-talk", "portal-tell"),
    *("portal-add-person", "portal-again", "portal-goals", "portal-life", "portal-person", "portal-sheet"),
    *("portal-walk", "portal-well", "portal-reminders", "portal-session", "portal-back"),
)
LASTING = ("fill", "close-session", *OF_CLIENTS)  # pages that outlast a sign-in that ran out
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be read (`handler400`); one that brought too much is told so."""
    if isinstance(exception, TOO_MUCH):
        return render(request, "filling/too_much.html", status=413)
    return ui.bad_request(request, exception)


def page_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without its mark against forgery (settings.CSRF_FAILURE_VIEW).

    Signing in makes a new mark, so a page that was open meanwhile has an old one. Such a page is shown again with
    everything on it, and with the new mark; nothing is stored. That it is ours, made for the person who sends it, is
    known from another mark on it, which nobody else can make.
    """
    match, actor = request.resolver_match, getattr(request, "actor", None)
    try:
        said = dict(typed_in(request))
    except UnreadablePostError:  # whoever sent it fell silent in the middle, and reads no answer either
        return csrf_failure(request, reason)
    if match is None or match.url_name not in LASTING or not actor:
        return csrf_failure(request, reason)
    if marked_for(said.get(MADE_FOR, ""), request.path) != actor.id:
        return csrf_failure(request, reason)
    typed = request.POST.copy()
    typed[DO] = AGAIN
    request.POST = typed  # type: ignore[assignment]
    return cast(HttpResponse, match.func(request, *match.args, **match.kwargs))
