"""The doors of the client's room: each opens the one course that is the client's own, or looks like no door at all."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from openipt.accounts.locking import is_shut, keep_open, shut, was_open
from openipt.casebook.queries.own import PAPER, Own, open_own, unsent
from openipt.casebook.queries.visible import NotAllowed, NotVisible
from openipt.rooms.filling.sent import typed_in
from openipt.rooms.filling.sheet import AGAIN, DO
from openipt.rooms.filling.signing_in import MADE_FOR, LastingDoor, ask_to_sign_in, marked_for
from openipt.rooms.portal.hall.newcomers import newcomers

View = Callable[..., HttpResponse]
LOCK = "lock"  # the button of a sheet that was left open too long


def own_door(kind: str, action: str, *, on_paper: bool = False, locked: bool = False) -> Callable[[View], View]:
    """Declare what a page of the client's room opens, and hand the client's own course to it.

    Args:
        kind: The kind of record.
        action: `read` or `write`.
        on_paper: Whether the page is there, too, for a client who chose paper.
        locked: Whether the page is there, too, while the PIN is asked; `request.is_shut` says so to its view.
    """

    def hang(view: View) -> View:
        @wraps(view)
        @require_http_methods(["GET", "HEAD", "POST"])
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            actor = request.actor  # type: ignore[attr-defined]
            if actor is None:
                return ask_who(request)
            now = timezone.now()
            if request.POST.get(DO) == LOCK:
                _lock(request)
            request.is_shut = is_shut(request.user, request.session, now)  # type: ignore[attr-defined,arg-type]
            if request.is_shut and not locked and not _goes_on(request, actor.id):  # type: ignore[attr-defined]
                return ask_pin(request)
            try:
                own = open_own(actor, kind, action, now)
                if not request.is_shut:  # type: ignore[attr-defined]
                    keep_open(request.user, request.session, now)  # type: ignore[arg-type]
                if own.way == PAPER and not on_paper:
                    return page(request, own, "on_paper")
                return view(request, own, *args, **kwargs)
            except (NotVisible, NotAllowed, Http404):
                return render(request, "portal/missing.html", status=404)

        opened.door = LastingDoor(kind, action)  # type: ignore[attr-defined]
        return opened

    return hang


def ask_who(request: HttpRequest) -> HttpResponse:
    """Lead to the client's way in; what was typed on a page of ours waits, locked, for the same person."""
    there = f"{reverse('portal-in')}?{urlencode({'next': request.path})}"
    kept = ask_to_sign_in(request, typed_in(request))
    if kept.status_code == 302:
        return redirect(there)
    answer = render(request, "portal/sign_in_again.html", {"there": there}, status=403)
    answer.cookies = kept.cookies
    return answer


def _lock(request: HttpRequest) -> None:
    """Shut the lock; where there is none any more, the page is shown again as it is."""
    shut(request.session)
    typed = request.POST.copy()
    typed[DO] = AGAIN
    request.POST = typed  # type: ignore[assignment]


def _goes_on(request: HttpRequest, account: str) -> bool:
    """Whether a page that was written on for long is sent: it is taken in, and the PIN is asked before the next one."""
    made = marked_for(request.POST.get(MADE_FOR, ""), request.path) if request.method == "POST" else None
    return made == account and was_open(request.session)


def ask_pin(request: HttpRequest) -> HttpResponse:
    """Ask for the PIN; what was typed on a page of ours waits, locked, until it was typed."""
    kept = ask_to_sign_in(request, typed_in(request))
    waits = kept.status_code != 302
    answer = render(request, "portal/lock.html", {"there": _there(request), "waits": waits}, status=403)
    answer.cookies = kept.cookies
    return answer


def _there(request: HttpRequest) -> str:
    """Return where to go on behind the PIN: with what a page has to say, where it was only opened."""
    return request.path if request.method == "POST" else request.get_full_path()


def page(request: HttpRequest, own: Own, name: str, status: int = 200, **more: Any) -> HttpResponse:
    """Show a page in the frame of the client's room."""
    strange = newcomers(request, own.at) if name == "today" else ()
    shown = {"own": own, "unsent": unsent(own), "newcomers": strange, **more}
    return render(request, f"portal/{name}.html", shown, status=status)


def leave(request: HttpRequest) -> HttpResponse:
    """Sign out and lead to a page that says nothing."""
    logout(request)
    return redirect("portal-away")
