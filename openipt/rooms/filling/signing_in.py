"""A sign-in that runs out over a sheet: what was typed waits, locked, until the same person has signed in again.

The text lies in the shared cache for half an hour, encrypted with a key that only the browser holds. Nobody else can
read it, the service included; it comes back on the page it was typed on, for the account that page was made for.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openipt.policy import Door
from openipt.rooms.filling.typed import Pairs

COOKIE = "openipt-typed"
WAITS = timedelta(minutes=30)
SALT = "openipt.rooms.filling"
MADE_FOR = "_for"  # the field that says for whom a page was made


class LastingDoor(Door):
    """A door whose view asks by itself who comes, so that what was typed outlasts a sign-in that ran out.

    It declares what it opens like any other. The view answers whoever has not signed in with the sign-in page, and with
    nothing else.
    """

    @property
    def is_open(self) -> bool:
        """Whether the door lets everybody through to its view."""
        return True


def made_for(account: str, path: str) -> str:
    """Return the mark of a page: for whom and for which address it was made. Only this service can make one."""
    return signing.dumps([account, path], salt=SALT)


def marked_for(mark: str, path: str) -> str | None:
    """Return the account that a page was made for; None where the mark is not ours, too old, or of another page."""
    try:
        account, there = signing.loads(mark, salt=SALT, max_age=settings.SESSION_COOKIE_AGE)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(account) if there == path else None


def ask_to_sign_in(request: HttpRequest, pairs: Pairs) -> HttpResponse:
    """Lead to the sign-in page; what was typed on a page of ours waits meanwhile."""
    where = request.get_full_path()
    account = marked_for(dict(pairs).get(MADE_FOR, ""), request.path)
    if request.method != "POST" or account is None:
        return redirect_to_login(where)
    key = Fernet.generate_key()
    text = json.dumps([account, [[name, typed] for name, typed in pairs if name != MADE_FOR]])
    cache.set(_place(key), Fernet(key).encrypt(text.encode()), WAITS.total_seconds())
    response = render(request, "filling/sign_in_again.html", {"next": redirect_to_login(where)["Location"]}, status=403)
    response.set_cookie(
        COOKIE,
        key.decode(),
        max_age=WAITS,
        path=request.path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def come_back(request: HttpRequest, account: str) -> Pairs | None:
    """Return what the same person had typed on this page before the sign-in ran out; None where nothing waits."""
    key = request.COOKIES.get(COOKIE, "").encode()
    blob = cache.get(_place(key)) if key else None
    if blob is None:
        return None
    try:
        owner, pairs = json.loads(Fernet(key).decrypt(blob))
    except (InvalidToken, ValueError):
        return None
    if owner != account:
        return None
    cache.delete(_place(key))
    return [(name, typed) for name, typed in pairs]


def forget(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Take the key back from the browser, once what it opened is on the page."""
    response.delete_cookie(COOKIE, path=request.path)
    return response


def _place(key: bytes) -> str:
    return "typed-" + hashlib.sha256(key).hexdigest()[:40]
