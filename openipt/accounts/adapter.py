"""What allauth asks us: where people go, what is said to them, what may never happen."""

from __future__ import annotations

import logging
import re
import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.userkit import get_user_by_username
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from openipt.accounts import mailing, secret_text
from openipt.accounts.clock import now
from openipt.accounts.models import Account
from openipt.accounts.noting import note
from openipt.accounts.own_secret import WeakSecretError, check_client_secret, check_staff_password

logger = logging.getLogger(__name__)
_XML = re.compile(r"^\s*<\?xml[^>]*\?>\s*")
_SIZE = re.compile(r'\b(?:width|height)="[^"]*"\s*')
WAIT = "Too many tries. Wait five minutes, then try again. Nothing is locked."


class Adapter(DefaultAccountAdapter):
    """Accounts: no sign-up, no messages that outlive their page, nothing that leads off the site."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "enter_current_password": "This is not your current password.",
        "incorrect_code": "This code is not right, or it has run out. Type the one that is shown now.",
        "incorrect_password": "This is not your password.",
        "rate_limited": WAIT,
        "too_many_login_attempts": WAIT,
        "username_password_mismatch": "Sign-in name and password do not go together.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth's form
        """Nobody makes their own account."""
        return False

    def is_ajax(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth's form
        """Pages are pages; a header does not turn them into data."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing in passing: each page says what happened, and no name waits in a cookie."""

    def get_login_stages(self) -> list[str]:
        """Between password and being signed in stands the second step, and nothing else."""
        return ["allauth.mfa.stages.AuthenticateStage"]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002  allauth's form
        """After a new password a page says so."""
        return reverse("account_password_changed")

    def is_safe_url(self, url: str | None) -> bool:
        """Only ways within this site are followed after signing in or out."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def clean_password(self, password: str, user: Any = None) -> str:
        """Refuse a password that others would guess; a client's may be a PIN."""
        try:
            if user is not None and not user.is_of_staff:
                check_client_secret(password, user.username)
            else:
                check_staff_password(password, user)
        except WeakSecretError as problem:
            raise ValidationError(str(problem), code="weak") from None
        return password

    @transaction.atomic
    def set_password(self, user: Account, password: str) -> None:
        """Keep a new password, chosen by whoever it is for; all sign-ins but this one end with it."""
        user.set_password(password)
        user.save(update_fields=["password"])
        note("password.set", account=user, by=str(user.id), at=now())

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask for the password again before anything about the second step; a fresh sign-in counts as just asked."""
        records = get_authentication_records(self.request, self.request.user)
        fresh = any(time.time() - one["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT for one in records)
        return not fresh and super().is_reauthentication_required(app=app, **kwargs)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:  # noqa: ARG002
        """Log that a sign-in was refused; the account's id where there is one, never what was typed."""
        account = get_user_by_username(str(credentials.get("username", "")))
        logger.warning("sign-in refused for %s", f"account {account.pk}" if account else "a name nobody has")

    def send_notification_mail(self, template_prefix: str, user: Account, *_rest: Any, **_more: Any) -> None:
        """Tell staff by mail what was changed about their sign-in."""
        mailing.tell_of_change(user, template_prefix)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:  # noqa: ARG002
        """One count for a name, by whichever of its addresses the service was reached."""
        return str(credentials.get("username", "")).lower()


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second step: its secrets are sealed, its picture needs no style and no data address."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": Adapter.error_messages["incorrect_code"],
    }

    def get_totp_label(self, user: Any) -> str:
        """Name the entry in the telephone's app by the sign-in name."""
        return str(user.username)

    def encrypt(self, text: str) -> str:
        """Seal a secret before it is stored."""
        return secret_text.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a stored secret."""
        return secret_text.unseal(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        """Draw the QR code so that it stands in the page itself, sized by the stylesheet, and is named for the ear."""
        drawn = _SIZE.sub("", _XML.sub("", super().build_totp_svg(url)), count=2)
        return drawn.replace("<svg ", '<svg role="img" aria-label="QR code for the app on your telephone" ', 1)
