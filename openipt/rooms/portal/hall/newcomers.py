"""Phones and computers that came in lately and that the client was not asked about yet."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest

from openipt.accounts.knowing import Place, here, places

NEW = timedelta(days=7)
KNOWN = "known_devices"  # in the session: the client said that it was them


def newcomers(request: HttpRequest, at: datetime) -> list[Place]:
    """Return what came in after the device that asks, in the last days, and that nobody said "this was me" about."""
    every = places(request.user, here(request))  # type: ignore[arg-type]
    this = next((one for one in every if one.here), None)
    known = request.session.get(KNOWN, ())
    return [one for one in every if this and one.since > this.since and at - one.since < NEW and one.id not in known]


def know(request: HttpRequest, device: str) -> None:
    """Take a device for the client's own; in this sign-in it is not asked about again."""
    request.session[KNOWN] = [*request.session.get(KNOWN, ()), device]
