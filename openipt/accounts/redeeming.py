"""A client's first step: the name and code of the slip, once, and a PIN or password of their own from then on."""

from __future__ import annotations

from datetime import datetime

from allauth.core import ratelimit
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.http import HttpRequest

from openipt.accounts.codes import bare
from openipt.accounts.models import Account, Slip
from openipt.accounts.names import plain
from openipt.accounts.noting import note
from openipt.accounts.own_secret import check_client_secret

REFUSED = "This name and code do not go together, or the code has run out. Your clinic can give you a new slip."


class CodeRefusedError(ValueError):
    """A name and code that open nothing. It never says which of the two was wrong, or why."""


def may_try(request: HttpRequest, username: str) -> bool:
    """Whether a code may be tried now: so many a minute from one address and for one name, then a short wait."""
    return bool(ratelimit.consume(request, action="redeem_code", key=plain(username)))


def redeem_code(*, username: str, code: str, secret: str, at: datetime) -> Account:
    """Take a one-time code and set the client's own secret; the code is worth nothing afterwards.

    Args:
        username: The name of the slip, however it was typed.
        code: The code of the slip, however it was typed.
        secret: The PIN (6 digits or more) or password (8 characters or more) they chose.
        at: The server's time.

    Raises:
        WeakSecretError: The secret is easy to guess; the code is still good.
        CodeRefusedError: Unknown name, wrong, used, old or withdrawn code: the same words and the same work for each.
    """
    check_client_secret(secret, plain(username))
    slip = _slip_of(plain(username), at)
    if not _fits(slip, code) or slip is None:
        raise CodeRefusedError(REFUSED)
    return _redeem(slip, secret, at)


@transaction.atomic
def _redeem(slip: Slip, secret: str, at: datetime) -> Account:
    """Take the slip first: of two who come with the same code at once, one finds it taken."""
    if not Slip.objects.filter(pk=slip.pk, redeemed_at=None, withdrawn_at=None).update(redeemed_at=at):
        raise CodeRefusedError(REFUSED)
    account = slip.account
    account.set_password(secret)
    account.save(update_fields=["password"])
    slip.refresh_from_db()
    note("slip.redeem", account=account, by=str(account.id), at=at, rows=[slip])
    return account


def _slip_of(username: str, at: datetime) -> Slip | None:
    open_now = Slip.objects.filter(redeemed_at=None, withdrawn_at=None, issued_at__lte=at, expires_at__gt=at)
    theirs = open_now.exclude(account__client=None, account__proxy_of=None)  # staff choose a password (letting_in.py)
    found = theirs.filter(account__username=username, account__is_active=True).select_related("account")
    return found.order_by("-issued_at").first()


def _fits(slip: Slip | None, code: str) -> bool:
    """Whether the code fits; where there is no slip, the same work is done for nothing, so that time tells nothing."""
    if slip is None:
        make_password(bare(code))
        return False
    return check_password(bare(code), slip.code)
