"""The two mails of signing in, to staff only: a link for a new password, and word that something was changed."""

from __future__ import annotations

from functools import partial

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from openipt.accounts import afterwards
from openipt.accounts.models import Account

# What allauth wants to tell somebody about, and our words for it. What stands not here is not mailed.
CHANGES = {
    "account/email/password_changed": "Your password was changed.",
    "account/email/password_reset": "Your password was set anew, with a link from a mail.",
    "mfa/email/totp_activated": "A telephone was set up for your second step.",
    "mfa/email/totp_deactivated": "The second step was taken off.",
    "mfa/email/recovery_codes_generated": "New recovery codes were made; the old ones no longer work.",
}


def send_links(address: str, site: str) -> None:
    """Mail a link for a new password to every member of staff with this address; to nobody if there is none.

    Args:
        address: As it was typed.
        site: Where the links lead: `https://openipt.clinic.example`.
    """
    for account in Account.objects.filter(email__iexact=address, is_active=True, client=None, proxy_of=None):
        key = f"{user_pk_to_url_str(account)}-{default_token_generator.make_token(account)}"
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        said = {"name": account.name, "username": account.username, "link": site + path.replace("UID-KEY", key)}
        _mail("A new password for OpenIPT", "account/email/new_password.txt", said, account.email)


def tell_of_change(account: Account, what: str) -> None:
    """Mail a member of staff that something about their sign-in was changed. Clients have no address here."""
    if account.email and what in CHANGES:
        said = {"name": account.name, "change": CHANGES[what]}
        mail = partial(_mail, "Your sign-in was changed", "account/email/changed.txt", said, account.email)
        afterwards.run_later(mail)


def _mail(subject: str, template: str, said: dict[str, str], address: str) -> None:
    send_mail(subject, render_to_string(template, said), None, [address])
