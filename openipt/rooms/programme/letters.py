"""The one mail of this room: a first way in, to the work address of somebody who comes to work here."""

from __future__ import annotations

from functools import partial

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from openipt.accounts import afterwards
from openipt.accounts.models import Account, Organisation


def can_mail(organisation: Organisation, account: Account) -> bool:
    """Whether a mail could reach somebody: there is a mail server and an address, and nobody here is invented."""
    return bool(settings.EMAIL_HOST and account.email and not organisation.synthetic)


def mail_way_in(request: HttpRequest, organisation: Organisation, account: Account) -> None:
    """Send a link by which somebody chooses their first password, after the answer has left."""
    key = f"{user_pk_to_url_str(account)}-{default_token_generator.make_token(account)}"
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    site = address_of(request)
    said = {
        "name": account.name,
        "username": account.username,
        "service": organisation.name,
        "link": site + path.replace("UID-KEY", key),
        "forgotten": site + reverse("account_reset_password"),
    }
    words = render_to_string("programme/email/way_in.txt", said)
    afterwards.run_later(partial(_send, words, account.email))


def address_of(request: HttpRequest) -> str:
    """Return the address of the service in a browser, without a stroke at its end."""
    return str(getattr(settings, "SERVICE_ADDRESS", "") or request.build_absolute_uri("/")).rstrip("/")


def _send(words: str, address: str) -> None:
    send_mail("Your way into OpenIPT", words, None, [address])
