"""What is looked at before the service starts: that our pages and our way with passwords are the ones in force."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.template.loader import get_template

HASHER = "openipt.accounts.hashing.Hasher"


@register()
def our_pages_come_first(**_given: Any) -> list[CheckMessage]:
    """The pages of signing in are ours, not those that come with allauth."""
    found = Path(get_template("account/login.html").origin.name)  # type: ignore[attr-defined]
    if "allauth" not in found.parts:
        return []
    why = "INSTALLED_APPS names 'allauth' before 'openipt.rooms.ui'; put 'openipt.rooms.ui' first"
    return [Error("the sign-in page is not OpenIPT's own", hint=why, id="accounts.E001")]


@register()
def settings_are_taken(**_given: Any) -> list[CheckMessage]:
    """The settings of signing in are in force, and nothing undoes them."""
    wrong: list[CheckMessage] = []
    if settings.PASSWORD_HASHERS[0] != HASHER:
        wrong.append(Error("passwords are not kept by Argon2 as tuned", hint=f"expected {HASHER}", id="accounts.E002"))
    missing = [name for name in settings.SIGN_IN_MIDDLEWARE if name not in settings.MIDDLEWARE]
    if missing:
        hint = "MIDDLEWARE holds *SIGN_IN_MIDDLEWARE after CsrfViewMiddleware"
        wrong.append(Error(f"requests pass by {', '.join(missing)}", hint=hint, id="accounts.E003"))
    return wrong
