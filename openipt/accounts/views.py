"""Pages of signing in that are our own; the rest are allauth's, with our templates and sheets."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.internal.flows.login import perform_login
from allauth.account.models import Login
from allauth.account.views import LoginView
from allauth.account.views import password_change as allauth_password_change
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from allauth.usersessions.views import ListUserSessionsView
from django.contrib.auth.decorators import login_not_required, login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from openipt.accounts import demo as demo_door
from openipt.accounts.clock import now
from openipt.accounts.forms import SignInForm


class SignIn(LoginView):
    """The sign-in page; where one may look around by one click, it says so."""

    form_class = SignInForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add whether the demonstration is open."""
        return {**super().get_context_data(**kwargs), "demo": demo_door.is_open(self.request)}


class Places(ListUserSessionsView):
    """Where one is signed in; ends all other sign-ins, or all of them."""

    def form_valid(self, form: Any) -> HttpResponse:
        """End them."""
        if "here_too" in self.request.POST:
            end_sessions(self.request, list(UserSession.objects.filter(user=cast(Any, self.request.user))))
            return redirect("account_login")
        return cast(HttpResponse, super().form_valid(form))


sign_in = SignIn.as_view()
places = Places.as_view()


@csrf_exempt
@login_not_required
def demo(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the invented people. Where this door is closed there is no such page, whatever is asked of it.

    Hence the check against forged forms stands behind the door: before it, its answer would tell that there is one.
    """
    if not demo_door.is_open(request):
        raise Http404
    return _demo(request)


@csrf_protect
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def _demo(request: HttpRequest) -> HttpResponse:
    at = now()
    if request.method != "POST":
        return render(request, "account/demo.html", {"people": demo_door.people(at)})
    account = demo_door.person(request.POST.get("person", ""), at)
    if account is None:
        raise Http404
    return cast(HttpResponse, perform_login(request, Login(user=account)))


@login_required
def password_change(request: HttpRequest) -> HttpResponse:
    """Change one's password; whoever has none (in a demonstration) is told so, not shown a broken page."""
    if not cast(Any, request.user).has_usable_password():
        return render(request, "account/no_password.html")
    return cast(HttpResponse, allauth_password_change(request))


@login_required
def password_changed(request: HttpRequest) -> HttpResponse:
    """Say that the password was changed."""
    return render(request, "account/password_changed.html")
