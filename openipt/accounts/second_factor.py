"""Staff sign in with two factors: whoever has only a password is led to set up the second before anything else."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from openipt.accounts.current import Answer
from openipt.accounts.models import Account

SETTLED = "second_factor"  # in the session: set up, or not asked for here
WITHOUT_IT = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "demo",  # answers nobody anything where a second factor is asked for
        "mfa_activate_totp",
        "mfa_reauthenticate",
        "mfa_view_recovery_codes",
    }
)


class SecondFactorFirst:
    """Leads staff without a second factor to the page that sets it up; services of invented people are let be."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        return self.answer(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Lead to the set-up where it is missing."""
        match = request.resolver_match
        if not request.user.is_authenticated or (match and match.url_name in WITHOUT_IT):
            return None
        return None if _settled(request) else redirect("mfa_activate_totp")


def is_set_up(account: Account) -> bool:
    """Whether an account has a second factor."""
    return bool(Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists())


def is_asked_of(account: Account) -> bool:
    """Whether an account needs a second factor: staff, where anybody real is in the records."""
    return account.is_of_staff and not account.organisation.synthetic


def _settled(request: HttpRequest) -> bool:
    """Look it up once a sign-in; taking it off ends the sign-ins that knew of it (`told.py`)."""
    if not request.session.get(SETTLED):
        request.session[SETTLED] = not is_asked_of(request.user) or is_set_up(request.user)  # type: ignore[arg-type]
    return bool(request.session[SETTLED])
