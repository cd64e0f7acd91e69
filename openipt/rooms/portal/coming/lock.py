"""The door behind which a phone waits: it shows nothing, and asks for the PIN. Help is reached without it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from openipt.accounts.adapter import WAIT
from openipt.accounts.locking import is_shut, keep_open, shut, unlock
from openipt.policy import open_door
from openipt.rooms.portal.coming.coming_in import within
from openipt.rooms.portal.hall.doors import LOCK

WRONG = "This is not your PIN. Try again."
HERE = "here"  # somebody types on a page that is open
SHUT = "Shows nothing but a place for a PIN."


@open_door(SHUT)
@never_cache
@sensitive_post_parameters("pin")
@require_http_methods(["GET", "HEAD", "POST"])
def lock(request: HttpRequest) -> HttpResponse:
    """Shut the phone at once, or open it with the PIN and go on to where it was."""
    now = timezone.now()
    there = within(str(request.POST.get("next") or request.GET.get("next") or ""))
    if not request.user.is_authenticated:
        return redirect("portal-in")
    if request.POST.get("_do") == LOCK:
        shut(request.session)
        return _ask(request, there)
    here = request.POST.get("_do") == HERE
    if not is_shut(request.user, request.session, now):
        keep_open(request.user, request.session, now)
        return HttpResponse(status=204) if here else redirect(there)
    if here:
        return HttpResponse(status=204)  # too late: the next page asks
    if request.method != "POST":
        return _ask(request, there)
    opened = unlock(request, request.POST.get("pin", ""), now)
    if opened is None:
        return _ask(request, there, WAIT, 429)
    return redirect(there) if opened else _ask(request, there, WRONG, 422)


def _ask(request: HttpRequest, there: str, wrong: str = "", status: int = 200) -> HttpResponse:
    return render(request, "portal/lock.html", {"there": there, "wrong": wrong}, status=status)
