"""Know the browsers of a client again: a new one is told of, to the client and to the clinic."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from openipt.accounts.closing import end_sign_ins
from openipt.accounts.devices import Device
from openipt.accounts.models import Account
from openipt.accounts.noting import note

COOKIE = "openipt-door"
KEPT = timedelta(days=400)
ONLY_AT = "/in/"  # the mark is sent to the door of the client's room, and nowhere else
MARK_OF = "device"  # in what is kept about a sign-in
# The first that fits names it: most browsers call themselves by the names of others too.
BROWSERS = (
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"SamsungBrowser", "Samsung browser"),
    (r"Firefox|FxiOS", "Firefox"),
    (r"CriOS|Chrome|Chromium", "Chrome"),
    (r"Safari", "Safari"),
)
SYSTEMS = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", "Mac"),
    (r"CrOS", "Chromebook"),
    (r"Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A device as a page lists it."""

    id: str
    looks: str
    since: datetime
    seen_at: datetime | None  # when a sign-in that still stands was last used there
    here: bool = False
    first: bool = False  # the one that came first: nobody needs to hear of it

    @property
    def signed_in(self) -> bool:
        """Whether somebody is signed in there."""
        return self.seen_at is not None


def looks_like(agent: str) -> str:
    """Say in words what a browser calls itself; its version and its letters stay out."""
    browser = next((name for pattern, name in BROWSERS if re.search(pattern, agent)), "")
    system = next((name for pattern, name in SYSTEMS if re.search(pattern, agent)), "")
    return " on ".join(one for one in (browser, system) if one) or "An unknown browser"


def meet(request: HttpRequest, response: HttpResponse, at: datetime) -> Device:
    """Know the browser of somebody who just came in again, or meet it: its mark stays in it, and nothing else.

    Args:
        request: Of the sign-in; it has an account by now.
        response: Takes the mark along.
        at: The server's time.
    """
    account: Account = request.user  # type: ignore[assignment]
    secret = request.COOKIES.get(COOKIE) or secrets.token_urlsafe(24)
    device = _known(account, secret) or _met(account, secret, request.headers.get("User-Agent", ""), at)
    request.session[MARK_OF] = str(device.id)
    stay_known(request)
    response.set_cookie(
        COOKIE,
        secret,
        max_age=KEPT,
        path=ONLY_AT,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return device


def here(request: HttpRequest) -> str:
    """Return the id of the device that asks; empty where it was never met."""
    return str(request.session.get(MARK_OF, ""))


def stay_known(request: HttpRequest) -> None:
    """Write down in which device this sign-in is; again after it was renewed."""
    UserSession.objects.filter(session_key=request.session.session_key).update(data={MARK_OF: here(request)})


def _known(account: Account, secret: str) -> Device | None:
    return Device.objects.filter(account=account, mark=_hashed(account, secret)).first()


def _hashed(account: Account, secret: str) -> str:
    """Two accounts in one browser have nothing in common here: that they share a phone is nobody's to know."""
    return hashlib.sha256(f"{account.id} {secret}".encode()).hexdigest()


@transaction.atomic
def _met(account: Account, secret: str, agent: str, at: datetime) -> Device:
    device = Device(account=account, mark=_hashed(account, secret), looks=looks_like(agent), first_seen_at=at)
    device.save(force_insert=True)
    note("device.meet", account=account, by=str(account.id), at=at, rows=[device])
    return device


def places(account: Account, asks: str = "") -> list[Place]:
    """Return the devices of an account, the newest first. Two queries.

    Args:
        account: Whose.
        asks: The id of the device that asks.
    """
    seen: dict[str, datetime] = {}
    for data, at in (
        UserSession.objects.filter(user=account).order_by("last_seen_at").values_list("data", "last_seen_at")
    ):
        seen[str(data.get(MARK_OF))] = at
    met = list(Device.objects.filter(account=account).order_by("first_seen_at"))
    found = [
        Place(str(one.id), one.looks, one.first_seen_at, seen.get(str(one.id)), str(one.id) == asks, n == 0)
        for n, one in enumerate(met)
    ]
    return found[::-1]


def sign_out_of(account: Account, device: str, at: datetime, by: str) -> int:
    """End what is signed in on one device of an account; return how many sign-ins that were."""
    standing = [one for one in UserSession.objects.filter(user=account) if one.data.get(MARK_OF) == device]
    with transaction.atomic():
        for one in standing:
            one.end()
        note("device.sign-out", account=account, by=by, at=at)
    return len(standing)


def sign_out_everywhere(account: Account, at: datetime, by: str) -> None:
    """End every sign-in of an account, and write down who did so."""
    with transaction.atomic():
        end_sign_ins(account)
        note("sign-in.end-all", account=account, by=by, at=at)
