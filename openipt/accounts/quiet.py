"""What was shown to somebody signed in stays with them: no copy in a cache, nothing left behind after signing out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from openipt.accounts.current import Answer
from openipt.accounts.doors import DOORS


class NeverStored:
    """Marks pages of people signed in, and those of signing in itself, as never to be stored; clears up at sign-out."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request and say what may be kept of the answer."""
        before = request.user if request.user.is_authenticated else None
        response = self.answer(request)
        if before or request.user.is_authenticated or _is_of_signing_in(request, response):
            response["Cache-Control"] = "no-store, private"
        if before and not request.user.is_authenticated:
            # A client's telephone, which a caregiver may share, may hold entries that were not sent yet: its storage
            # is left alone.
            response["Clear-Site-Data"] = '"cache", "storage"' if before.is_of_staff else '"cache"'
        return response


def _is_of_signing_in(request: HttpRequest, response: HttpResponse) -> bool:
    match = request.resolver_match
    return response.status_code != 404 and bool(match and match.url_name in DOORS)
