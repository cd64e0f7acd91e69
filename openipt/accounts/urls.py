"""Addresses of signing in. Only what is used: there is no page to sign up, and none to change an address."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.http import HttpResponseBase
from django.urls import URLPattern, path, re_path

from openipt.accounts import views
from openipt.accounts.doors import DOORS

View = Callable[..., HttpResponseBase]


def _page(address: str, view: View, name: str) -> URLPattern:
    @wraps(view)
    def shown(*args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(*args, **kwargs)

    make = re_path if address.startswith("^") else path
    return make(address, DOORS[name](shown), name=name)


urlpatterns = [
    _page("sign-in/", views.sign_in, "account_login"),
    _page("sign-in/code/", mfa.authenticate, "mfa_authenticate"),
    _page("sign-in/demo", views.demo, "demo"),  # without the slash too: a redirect would tell that it is there
    _page("sign-in/demo/", views.demo, "demo"),
    _page("sign-in/out/", account.logout, "account_logout"),
    _page("sign-in/closed/", account.account_inactive, "account_inactive"),
    _page("sign-in/again/", account.reauthenticate, "account_reauthenticate"),
    _page("sign-in/again/code/", mfa.reauthenticate, "mfa_reauthenticate"),
    _page("sign-in/forgotten/", account.password_reset, "account_reset_password"),
    _page("sign-in/forgotten/sent/", account.password_reset_done, "account_reset_password_done"),
    _page("sign-in/forgotten/done/", account.password_reset_from_key_done, "account_reset_password_from_key_done"),
    _page(
        r"^sign-in/forgotten/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        "account_reset_password_from_key",
    ),
    _page("sign-in/yours/", mfa.index, "mfa_index"),
    _page("sign-in/yours/password/", views.password_change, "account_change_password"),
    _page("sign-in/yours/password/changed/", views.password_changed, "account_password_changed"),
    _page("sign-in/yours/telephone/", totp.activate_totp, "mfa_activate_totp"),
    _page("sign-in/yours/telephone/take-off/", totp.deactivate_totp, "mfa_deactivate_totp"),
    _page("sign-in/yours/recovery-codes/", recovery.view_recovery_codes, "mfa_view_recovery_codes"),
    _page("sign-in/yours/recovery-codes/new/", recovery.generate_recovery_codes, "mfa_generate_recovery_codes"),
    _page("sign-in/yours/places/", views.places, "usersessions_list"),
]
