"""Pages that outlast a sign-in: what was typed on them comes back after signing in again, and nothing is stored."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from openipt.policy import Actor
from openipt.rooms.filling.sent import typed_in
from openipt.rooms.filling.signing_in import LastingDoor, ask_to_sign_in, come_back, forget
from openipt.rooms.filling.typed import Pairs
from openipt.therapy.words import render, say

# A view that is handed what was typed: on the page that is sent, or before the sign-in ran out; None on a fresh page.
Asked = Callable[..., HttpResponse]
BACK = "Your sign-in had run out. Everything you typed is here again. It is not in the record yet."
WITHOUT_NAME = ("saved", "placed", "placed_beside", "tied", "half", "again")


def lasting(kind: str, action: str) -> Callable[[Asked], Callable[..., HttpResponse]]:
    """Declare what a page opens, and let what is typed on it outlast a sign-in that ran out.

    Args:
        kind: The kind of record.
        action: What the page does to it. The view asks the policy by itself, as every page behind such a door.
    """

    def hang(view: Asked) -> Callable[..., HttpResponse]:
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            pairs = typed_in(request)
            actor = cast(Actor | None, request.actor)  # type: ignore[attr-defined]
            if actor is None:
                return ask_to_sign_in(request, pairs)
            if request.method == "POST":
                return view(request, pairs, *args, **kwargs)
            back = come_back(request, actor.id)
            answer = view(request, back, *args, **kwargs)
            return forget(request, answer) if back is not None else answer

        asked.door = LastingDoor(kind, action)  # type: ignore[attr-defined]
        return asked

    return hang


def told(request: HttpRequest, names: dict[str, str]) -> str:
    """Return what became of what was sent, as the address says in one word; an address can name nobody unknown."""
    word, who = request.GET.get("told", ""), names.get(request.GET.get("who", ""), "")
    if word in WITHOUT_NAME:
        return render(say(f"people.told.{word}"))
    if word in ("added", "added_placed", "ended", "back") and who:
        return render(say(f"people.told.{word}", who=who))
    return ""


def notice(request: HttpRequest, pairs: Pairs | None, default: str = "") -> str:
    """Return the sentence above a page that came back after a sign-in."""
    return BACK if pairs is not None and request.method != "POST" else default
