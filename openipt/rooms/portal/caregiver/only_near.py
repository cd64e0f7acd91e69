"""A caregiver finds one page, the way out and the numbers. Every other address is none to them, whatever it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotFound

OPEN = frozenset(
    {"near", "portal-away", "portal-first", "portal-forgotten", "portal-in", "portal-leave", "portal-numbers"}
)


class OnlyNear:
    """Stands in front of every door: the policy would refuse a caregiver there too, and this does not even ask it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass a request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Answer a caregiver as if there were no such page."""
        user: Any = request.user
        if not user.is_authenticated or not user.is_caregiver:
            return None
        match = request.resolver_match
        return None if match and match.url_name in OPEN else HttpResponseNotFound()
