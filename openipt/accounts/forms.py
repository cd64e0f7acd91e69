"""The sheets of signing in: allauth's checks under our labels, without words inside the boxes."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

from allauth.account import forms as account_forms
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from openipt.accounts import afterwards, mailing
from openipt.accounts.models import Account
from openipt.accounts.names import plain
from openipt.accounts.own_secret import SHORTEST_OF_STAFF

NEW = f"{SHORTEST_OF_STAFF} letters or more; three or four words are easy to keep in mind."
# A code is right for half a minute, and as long before and after; within that time it opens once.
USED_CODE_KEPT = 3 * 30 + 30


class Said(forms.Form):
    """A sheet whose labels and help are our own words: `says` holds (label, help) by field."""

    says: dict[str, tuple[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, help_text) in self.says.items():
            field = self.fields[name]
            field.label, field.help_text = label, help_text
            field.error_messages["required"] = f"{label}: this is empty."
            field.widget.attrs.pop("placeholder", None)


class NameAndPassword(Said, account_forms.LoginForm):
    """Name and password; which sort of account it opens is up to the kinds below."""

    clients = False
    user: Account | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs.update(autocapitalize="none", spellcheck="false")

    def clean_login(self) -> str:
        """Take the name however it was typed."""
        return plain(self.cleaned_data["login"])

    def clean(self) -> dict[str, Any]:
        """Check name and password; an account of the other sort is answered as if there were none."""
        cleaned = super().clean()
        account: Account | None = self.user
        if account is not None and account.is_of_staff == self.clients:
            self.user = None
            raise get_adapter().validation_error("username_password_mismatch")
        return cast(dict[str, Any], cleaned)


class SignInForm(NameAndPassword):
    """Staff sign in."""

    says = {"login": ("Sign-in name", ""), "password": ("Password", "")}


class ClientSignInForm(NameAndPassword):
    """A client signs in with the name of the slip and their own PIN or password; the portal's page shows it."""

    clients = True
    says = {
        "login": ("Name on your slip", "Two words and a number."),
        "password": ("Your secret", "The one you chose."),
    }


class AgainForm(Said, account_forms.ReauthenticateForm):
    """The password once more, before something about the sign-in is changed."""

    says = {"password": ("Password", "")}


class ChangePasswordForm(Said, account_forms.ChangePasswordForm):
    """A new password for somebody who knows the old one."""

    says = {
        "oldpassword": ("Current password", ""),
        "password1": ("New password", NEW),
        "password2": ("New password once more", ""),
    }


class NewPasswordForm(Said, account_forms.ResetPasswordKeyForm):
    """A new password for somebody with a link from a mail."""

    says = {"password1": ("New password", NEW), "password2": ("New password once more", "")}


class ForgottenForm(Said):
    """Ask for a link by mail. Whether somebody has this address is looked up after the answer has left."""

    email = forms.EmailField(widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    says = {"email": ("Your work e-mail address", "")}

    def save(self, request: HttpRequest, **_kwargs: Any) -> str:
        """Send the link, if there is anybody to send it to."""
        address = cast(str, self.cleaned_data["email"])
        site = f"{settings.ACCOUNT_DEFAULT_HTTP_PROTOCOL}://{request.get_host()}"
        afterwards.run_later(partial(mailing.send_links, address, site))
        return address


class Once(mfa_forms.BaseAuthenticateForm):
    """A code that opens once: whoever reads it over a shoulder comes too late."""

    def clean_code(self) -> str:
        """Check the code, and that it was not used before."""
        code = super().clean_code()
        mark = f"openipt.code:{self.user.pk}:{code}"
        if self.authenticator.type == Authenticator.Type.TOTP and not cache.add(mark, True, USED_CODE_KEPT):
            raise get_adapter().validation_error("incorrect_code")
        return str(code)


CODE = ("Code", "Six digits from the app on your telephone, or one of your recovery codes.")


class CodeForm(Said, Once, mfa_forms.AuthenticateForm):
    """The second step of signing in."""

    says = {"code": CODE}


class CodeAgainForm(Said, Once, mfa_forms.ReauthenticateForm):
    """The second step once more, before something about the sign-in is changed."""

    says = {"code": CODE}


class SetUpForm(Said, totp_forms.ActivateTOTPForm):
    """The first code of a telephone that was just set up."""

    says = {"code": ("Code", "The six digits that the app shows now.")}


class TakeOffForm(Said, Once):
    """A code of the telephone that is to be taken off: the password alone must not do it."""

    says = {"code": CODE}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        authenticator = kwargs.pop("authenticator")
        kwargs["data"] = kwargs.get("data") or None  # allauth fills the sheet with nothing before it was sent
        super().__init__(*args, user=authenticator.user, **kwargs)
