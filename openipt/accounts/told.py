"""What happens to sign-ins is in the audit: begun, ended, a second factor set or taken off, a recovery code used."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import user_logged_in
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_removed, authenticator_used
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.contrib.auth.signals import user_logged_out
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.http import HttpRequest

from openipt.accounts import idle
from openipt.accounts.clock import now
from openipt.accounts.models import Account
from openipt.accounts.noting import ITSELF, note
from openipt.accounts.second_factor import SETTLED


def listen() -> None:
    """Hear what allauth and Django tell of sign-ins. A second factor is noted where its row is written: together."""
    user_logged_in.connect(_began, dispatch_uid="openipt.accounts began")
    user_logged_out.connect(_ended, dispatch_uid="openipt.accounts ended")
    post_save.connect(_set, sender=Authenticator, dispatch_uid="openipt.accounts set")
    post_delete.connect(_gone, sender=Authenticator, dispatch_uid="openipt.accounts gone")
    authenticator_removed.connect(_taken_off, dispatch_uid="openipt.accounts taken off")
    authenticator_used.connect(_used, dispatch_uid="openipt.accounts used")


def _began(request: HttpRequest, user: Account, **_rest: Any) -> None:
    idle.begin(request.session, now())
    _note("sign-in.begin", user)


def _ended(user: Account | None = None, **_rest: Any) -> None:
    if user is not None:
        _note("sign-in.end", user)


def _set(instance: Authenticator, created: bool, **_rest: Any) -> None:
    if created and instance.type == Authenticator.Type.TOTP:
        _note("second-factor.set", instance.user)


def _gone(instance: Authenticator, **_rest: Any) -> None:
    if instance.type == Authenticator.Type.TOTP:
        _note("second-factor.remove", instance.user)


def _taken_off(request: HttpRequest, user: Account, authenticator: Authenticator, **_rest: Any) -> None:
    """Sign-ins that rest on it end; this one is led to set up another."""
    if authenticator.type == Authenticator.Type.TOTP:
        request.session.pop(SETTLED, None)
        end_other_sessions(request, user)


def _used(user: Account, authenticator: Authenticator, **_rest: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        _note("recovery-code.use", user)


def _note(act: str, account: Account) -> None:
    """Note it as done by whoever is signed in; before that, by the person whose sign-in it is."""
    asking = getattr(context.request, "user", None)
    known = str(asking.pk) if asking is not None and asking.is_authenticated else None
    with transaction.atomic():
        note(act, account=account, by=known or (str(account.pk) if context.request else ITSELF), at=now())
