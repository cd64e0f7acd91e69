"""What a phone shows where a page is refused: the frame that says nothing, whichever room refused it.

A client may type any address, and a page of staff may refuse them in its own frame. This stands around all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

ROOM = ("/my/", "/in/", "/help/", "/away/", "/n/")
NEUTRAL = b"<title>Notes</title>"
KINDS = {404: "missing", 403: "not_yours", 410: "gone", 413: "too_much", 429: "wait"}


class QuietRefusals:
    """Puts a page that is refused to a client, or to somebody at their door, into the frame that says nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass a request on, and change the words of a refusal; its status, marks and cookies stay."""
        response = self.get_response(request)
        if isinstance(response, HttpResponse) and _tells(response) and is_of_a_phone(request):
            kind = KINDS.get(response.status_code, "broken" if response.status_code >= 500 else "unread")
            words = {"kind": kind, "signed_in": _user(request)}
            response.content = render_to_string("quiet/refused.html", words, request)
            response["Content-Length"] = str(len(response.content))  # it was said for the other words
        return response


def is_of_a_phone(request: HttpRequest) -> bool:
    """Whether a client or caregiver asks, or somebody at the door of the client's room."""
    user = _user(request)
    return not user.is_of_staff if user else request.path.startswith(ROOM)


def _user(request: HttpRequest) -> Any:
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None


def _tells(response: HttpResponse) -> bool:
    refused = response.status_code >= 400 and response.get("Content-Type", "").startswith("text/html")
    return refused and NEUTRAL not in response.content
