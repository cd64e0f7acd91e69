"""The lock inside a sign-in: a PIN that the client chose, asked again after a short time away.

It stands between somebody who picks up an open phone and what is written there. Only the clinic takes a forgotten one
off: whoever holds the phone may not be the client.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.core import ratelimit
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.http import HttpRequest

from openipt.accounts.models import Account
from openipt.accounts.noting import note
from openipt.accounts.own_secret import WeakSecretError, check_pin

LEAST, MOST = 4, 12  # digits; ten thousand, tried twenty times a day at most (RATE_LIMITS)
AWAY = timedelta(minutes=2)
OPENED = "opened_at"  # in the session: when the lock was open last
STEP = 5  # seconds; a request that comes sooner after the last is not written down
SAME = "Choose a PIN that is not your secret."
DIGITS = f"A PIN is {LEAST} to {MOST} digits."


def is_shut(account: Account, session: SessionBase, at: datetime) -> bool:
    """Whether the PIN has to be asked before anything is shown."""
    opened = session.get(OPENED)
    return bool(account.lock) and (opened is None or at.timestamp() - opened > AWAY.total_seconds())


def was_open(session: SessionBase) -> bool:
    """Whether the lock was open in this sign-in, and nobody shut it since."""
    return OPENED in session


def keep_open(account: Account, session: SessionBase, at: datetime) -> None:
    """Remember that the client is there; called with every page that was opened."""
    moment = at.timestamp()
    if account.lock and moment - session.get(OPENED, 0) >= STEP:
        session[OPENED] = moment


def shut(session: SessionBase) -> None:
    """Ask for the PIN from the next page on."""
    session.pop(OPENED, None)


def unlock(request: HttpRequest, pin: str, at: datetime) -> bool | None:
    """Open the lock with the PIN; None where too many wrong ones were tried, and it is not even looked at."""
    account: Account = request.user  # type: ignore[assignment]
    key = str(account.id)
    if not ratelimit.consume(request, action="unlock", key=key):
        return None
    if not account.lock or not check_password(pin.strip(), account.lock):
        return False
    ratelimit.clear(request, action="unlock", key=key)
    request.session[OPENED] = at.timestamp()
    return True


@transaction.atomic
def set_lock(account: Account, pin: str, at: datetime) -> None:
    """Keep a PIN that the client chose.

    Raises:
        WeakSecretError: it is none, easy to guess, or the secret of the sign-in.
    """
    digits = pin.strip()
    if not (digits.isdecimal() and LEAST <= len(digits) <= MOST):
        raise WeakSecretError(DIGITS)
    check_pin(digits, LEAST)
    if account.check_password(digits):
        raise WeakSecretError(SAME)
    account.lock = make_password(digits)
    account.save(update_fields=["lock"])
    note("lock.set", account=account, by=str(account.id), at=at)


@transaction.atomic
def take_off_lock(account: Account, *, by: str, at: datetime, why: str) -> None:
    """Take the PIN off: by the client, who knows the secret; or by the clinic, where it was forgotten."""
    account.lock = ""
    account.save(update_fields=["lock"])
    note("lock.take-off", account=account, by=by, at=at, why=why)
