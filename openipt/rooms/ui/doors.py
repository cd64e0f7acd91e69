"""Every address has a door: what it opens, and for whom. One without is shut, and the checks of the build name it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from openipt.casebook.queries.visible import NotAllowed, NotVisible, one_request
from openipt.casebook.sealing import KeyGone


class Doors:
    """Ask who comes in before a page is made; answer for records that are not theirs to see."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass a request on."""
        with one_request():
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *_view: Any) -> HttpResponseBase | None:
        """Send whoever has not signed in to the sign-in page, unless the door is open to everybody."""
        door = getattr(view, "door", None)
        if door is None:
            raise ImproperlyConfigured(f"{view.__module__}.{view.__qualname__} has no door; say what it opens")
        if door.is_open or request.actor is not None:  # type: ignore[attr-defined]
            return None
        return redirect_to_login(request.get_full_path())

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """Answer for what an actor may not see: what is not theirs looks like what does not exist."""
        if isinstance(problem, NotVisible):
            raise Http404("No such page.") from problem
        if isinstance(problem, KeyGone):
            why = "What was written here was erased: its key is gone, and nobody can read it any more."
            return render(request, "ui/refused.html", {"why": why}, status=410)
        if isinstance(problem, NotAllowed):
            return render(request, "ui/not_allowed.html", {"ruling": problem.ruling}, status=403)
        return None
