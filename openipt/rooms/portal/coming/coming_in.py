"""Doors to coming in and leaving: the slip, the own secret, out of one browser or out of all of them."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.decorators import rate_limit
from django import forms
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from openipt.accounts.adapter import WAIT
from openipt.accounts.forms import ClientSignInForm
from openipt.accounts.knowing import meet, sign_out_everywhere
from openipt.accounts.models import Account
from openipt.accounts.own_secret import WeakSecretError
from openipt.accounts.redeeming import CodeRefusedError, may_try, redeem_code
from openipt.casebook.queries.own import Own
from openipt.policy import open_door
from openipt.rooms.portal.hall.doors import leave as go_away
from openipt.rooms.portal.hall.doors import own_door

BEFORE = "Coming in comes before anybody is known."
INSIDE = "/my/"
NEAR = "/near/"  # the one page of a caregiver
NOT_THE_SAME = "These two are not the same. Type your own secret twice."


class FirstTime(forms.Form):
    """The slip, and a secret of one's own."""

    name = forms.CharField(label="Name on your slip", help_text="Two words and a number.", max_length=100)
    code = forms.CharField(label="Code on your slip", help_text="It works once.", max_length=40)
    secret = forms.CharField(
        label="Choose your own secret",
        help_text="Six digits or more, or eight letters or more. Only you know it.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
        max_length=128,
        strip=False,
    )
    again = forms.CharField(
        label="Your secret once more",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
        max_length=128,
        strip=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("name", "code"):
            self.fields[name].widget.attrs.update(autocapitalize="none", spellcheck="false", autocomplete="off")
        for field in self.fields.values():
            field.error_messages["required"] = f"{field.label}: this is empty."

    def clean(self) -> dict[str, Any]:
        """Ask that both secrets are the same."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("secret") and cleaned.get("again") and cleaned["secret"] != cleaned["again"]:
            self.add_error("again", NOT_THE_SAME)
        return cleaned


@open_door(BEFORE)
@never_cache
@sensitive_post_parameters("password")
@rate_limit(action="login")  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the client's way in, and let in whoever knows name and secret."""
    there = within(str(request.POST.get("next") or request.GET.get("next") or ""))
    if request.method != "POST":
        form = ClientSignInForm(request=request)
        return render(request, "portal/sign_in.html", {"form": form, "there": there})
    form = ClientSignInForm(request.POST, request=request)
    if not form.is_valid():
        return render(request, "portal/sign_in.html", {"form": form, "there": there}, status=422)
    answer: HttpResponse = form.login(request, redirect_url=first_page(form.user, there))
    return _known(request, answer)


def within(address: str) -> str:
    """Return an address of the client's room to go on to; its first page where the one asked for is none."""
    own = address.startswith(INSIDE) and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if own else INSIDE


def first_page(account: Account | None, there: str = INSIDE) -> str:
    """Return where somebody goes who came in: a caregiver to their own page, whatever was asked for."""
    return NEAR if account is not None and account.is_caregiver else there


def _known(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Meet the browser of somebody who came in; where the sign-in was refused on the way there is nobody to meet."""
    if request.user.is_authenticated:
        meet(request, answer, timezone.now())
    return answer


@open_door(BEFORE)
@never_cache
@sensitive_post_parameters("secret", "again", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def first_time(request: HttpRequest) -> HttpResponse:
    """Take the name and code of a slip, once, and a secret of the client's own; then they are in."""
    if request.method != "POST":
        return render(request, "portal/first_time.html", {"form": FirstTime()})
    form = FirstTime(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        if not may_try(request, said["name"]):
            return render(request, "portal/first_time.html", {"form": form, "wait": WAIT}, status=429)
        try:
            account = redeem_code(username=said["name"], code=said["code"], secret=said["secret"], at=timezone.now())
        except WeakSecretError as weak:
            form.add_error("secret", str(weak))
        except CodeRefusedError as refused:
            form.add_error("code", str(refused))
        else:
            answer: HttpResponse = perform_login(request, Login(user=account, redirect_url=first_page(account)))
            return _known(request, answer)
    return render(request, "portal/first_time.html", {"form": form}, status=422)


@open_door(BEFORE)
@require_safe
def forgotten(request: HttpRequest) -> HttpResponse:
    """Say the one way to a forgotten secret or a lost phone: through the clinic."""
    return render(request, "portal/forgotten.html")


@open_door("It says nothing.")
@require_safe
def away(request: HttpRequest) -> HttpResponse:
    """Show a page that says nothing."""
    return render(request, "portal/away.html")


@open_door("Anybody may leave.")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Leave at once. What was begun is kept, and waits behind the secret."""
    return go_away(request) if request.method == "POST" else redirect("portal-away")


@own_door("identity", "read", on_paper=True, locked=True)
def everywhere(request: HttpRequest, own: Own) -> HttpResponse:
    """Sign out on every phone and computer."""
    if request.method == "POST":
        sign_out_everywhere(request.user, own.at, own.actor.id)  # type: ignore[arg-type]
        logout(request)
        return redirect("portal-in")
    return redirect("portal-mine")
