"""Signing out whoever went away: after half an hour without a request, and after a working day in any case."""

from __future__ import annotations

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse

from openipt.accounts.clock import now
from openipt.accounts.current import Answer

BEGAN = "signed_in_at"
SEEN = "seen_at"
STEP = 60  # seconds; the last request is written down once a minute, not with every page


class IdleSignOut:
    """Ends a sign-in that was not used for settings.SIGN_IN_IDLE, or is older than settings.SIGN_IN_LONGEST.

    The request then goes on as one of nobody: a page asks to sign in again, a device that sends entries keeps them.
    """

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request, signed in or no longer."""
        if request.user.is_authenticated:
            at = now()
            if _is_over(request.session, at):
                logout(request)
            else:
                _seen(request.session, at)
        return self.answer(request)


def begin(session: SessionBase, at: datetime) -> None:
    """Remember when a sign-in began."""
    session[BEGAN] = session[SEEN] = int(at.timestamp())


def _is_over(session: SessionBase, at: datetime) -> bool:
    began, seen = session.get(BEGAN), session.get(SEEN)
    if began is None or seen is None:
        return False
    moment = at.timestamp()
    return bool(
        moment - seen > settings.SIGN_IN_IDLE.total_seconds()
        or moment - began > settings.SIGN_IN_LONGEST.total_seconds()
    )


def _seen(session: SessionBase, at: datetime) -> None:
    moment = int(at.timestamp())
    session.setdefault(BEGAN, moment)
    if moment - session.get(SEEN, 0) >= STEP:
        session[SEEN] = moment
        UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=at)
