"""Doors to the client's own keys: the PIN, the secret, and the phones and computers that are signed in."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.password_change import change_password, finalize_password_change
from allauth.core import ratelimit
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django import forms
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from openipt.accounts.adapter import WAIT
from openipt.accounts.knowing import here, places, sign_out_of, stay_known
from openipt.accounts.locking import keep_open, set_lock, take_off_lock
from openipt.accounts.models import Account
from openipt.accounts.own_secret import WeakSecretError
from openipt.casebook.queries.own import Own
from openipt.rooms.portal.hall.doors import own_door, page
from openipt.rooms.portal.hall.newcomers import know

NOT_YOURS = "This is not your secret."
NOT_THE_SAME = "These two are not the same."
TOLD = {
    "set": "Your PIN is set. We ask for it after two minutes away.",
    "off": "The PIN is off.",
    "secret": "Your new secret is set. Other phones are signed out.",
    "out": "Signed out there.",
    "mine": "Good. We do not ask again.",
}


def _hidden(label: str, help_text: str = "", kind: str = "new-password", **more: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": kind, **more})
    return forms.CharField(
        label=label,
        help_text=help_text,
        widget=widget,
        max_length=128,
        strip=False,
        error_messages={"required": f"{label}: this is empty."},
    )


class Keys(forms.Form):
    """A sheet on which something new is typed twice, and the secret of now once."""

    now = _hidden("Your secret", "The one you come in with.", "current-password")

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_now(self) -> str:
        """Ask that whoever changes a key knows the secret: an open phone is not enough."""
        said: str = self.cleaned_data["now"]
        if not self.account.check_password(said):
            raise ValidationError(NOT_YOURS)
        return said

    def clean(self) -> dict[str, Any]:
        """Ask that what is new was typed the same twice."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("new") and cleaned.get("again") and cleaned["new"] != cleaned["again"]:
            self.add_error("again", NOT_THE_SAME)
        return cleaned


class PinForm(Keys):
    """A new PIN."""

    new = _hidden("Your new PIN", "Four digits or more.", "off", inputmode="numeric")
    again = _hidden("Your new PIN once more", "", "off", inputmode="numeric")


class SecretForm(Keys):
    """A new secret."""

    new = _hidden("Your new secret", "Six digits or more, or eight letters or more.")
    again = _hidden("Your new secret once more")


@sensitive_post_parameters("now", "new", "again")
@own_door("identity", "write")
def pin(request: HttpRequest, own: Own) -> HttpResponse:
    """Choose a PIN that is asked again after two minutes away, or take it off."""
    account: Account = request.user  # type: ignore[assignment]
    off = request.POST.get("_do") == "off"
    form = (Keys if off else PinForm)(request.POST or None, account=account)
    shown: dict[str, Any] = {"form": PinForm(account=account), "has_pin": bool(account.lock)}
    if request.method != "POST":
        return _keys(request, own, "pin", **shown)
    if not _may_try(request):
        return _keys(request, own, "pin", 429, **shown, wait=WAIT)
    if form.is_valid():
        try:
            if off:
                take_off_lock(account, by=own.actor.id, at=own.at, why="client")
            else:
                set_lock(account, form.cleaned_data["new"], own.at)
                keep_open(account, request.session, own.at)  # whoever chose it has just typed it
        except WeakSecretError as weak:
            form.add_error("new", str(weak))
        else:
            return _done("portal-keys", "off" if off else "set")
    return _keys(request, own, "pin", 422, **{**shown, "form": form})


@sensitive_post_parameters("now", "new", "again")
@own_door("identity", "write")
def secret(request: HttpRequest, own: Own) -> HttpResponse:
    """Change the secret of the sign-in; every other sign-in ends with it."""
    account: Account = request.user  # type: ignore[assignment]
    form = SecretForm(request.POST or None, account=account)
    if request.method != "POST":
        return _keys(request, own, "secret", form=form)
    if not _may_try(request):
        return _keys(request, own, "secret", 429, form=SecretForm(account=account), wait=WAIT)
    if form.is_valid():
        try:
            get_adapter().clean_password(form.cleaned_data["new"], account)
        except ValidationError as weak:
            form.add_error("new", weak)
        else:
            _change(request, account, form.cleaned_data["new"])
            return _done("portal-keys", "secret")
    return _keys(request, own, "secret", 422, form=form)


def _change(request: HttpRequest, account: Account, new: str) -> None:
    change_password(account, new)
    finalize_password_change(request, account)
    stay_known(request)
    end_other_sessions(request, account)


@own_door("identity", "read", on_paper=True)
def keys(request: HttpRequest, own: Own) -> HttpResponse:
    """List the phones and computers that came in, and the ways to change a key."""
    account: Account = request.user  # type: ignore[assignment]
    act, _, device = request.POST.get("_do", "").partition(":")
    known = {one.id: one for one in places(account, here(request))}
    if request.method != "POST" or device not in known:
        return _keys(request, own, "keys", places=known.values(), told=TOLD.get(request.GET.get("told", "")))
    if act == "mine":
        know(request, device)
        return redirect(f"{reverse('portal-today')}?told=mine")
    sign_out_of(account, device, own.at, own.actor.id)
    if known[device].here:
        logout(request)
        return redirect("portal-away")
    return _done("portal-keys", "out")


def _may_try(request: HttpRequest) -> bool:
    return bool(ratelimit.consume(request, action="reauthenticate", user=request.user))


def _keys(request: HttpRequest, own: Own, name: str, status: int = 200, **more: Any) -> HttpResponse:
    return page(request, own, f"keys/{name}", status=status, tab="mine", **more)


def _done(name: str, told: str) -> HttpResponse:
    return redirect(f"{reverse(name)}?told={told}")
