"""Who asks: every request knows its actor, and one whose roles have ended is told so."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from openipt.accounts.actors import actor_of
from openipt.accounts.clock import now
from openipt.accounts.doors import DOORS
from openipt.policy import Actor

Answer = Callable[[HttpRequest], HttpResponse]


class Asked(HttpRequest):
    """A request that went through CurrentActor."""

    actor: Actor | None


class CurrentActor:
    """Sets `request.actor`: None for whoever is not signed in, else looked up once, when somebody first asks.

    Roles are those of this moment, so a role that ended opens nothing from the next request on. An account with no role
    left reaches the pages of its own sign-in and nothing else.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request that knows who asks."""
        asked = cast(Asked, request)
        asked.actor = _looked_up(request) if request.user.is_authenticated else None
        return self.answer(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Refuse an account whose roles have all ended."""
        asked = cast(Asked, request)
        match = request.resolver_match
        if asked.actor is None or (match and match.url_name in DOORS):
            return None
        if not asked.actor.roles:
            return render(request, "account/no_access.html", status=403)
        asked.actor = copy(asked.actor)  # itself: by way of the lazy object each of a hundred comparisons is dear
        return None


def _looked_up(request: HttpRequest) -> Actor:
    return cast(Actor, SimpleLazyObject(lambda: actor_of(cast(Any, request.user), now())))
