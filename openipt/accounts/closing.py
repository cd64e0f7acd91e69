"""Ending access: an account is closed, never deleted; a lost second factor comes off so that a new one can be set."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from openipt.accounts.making import withdraw_slips
from openipt.accounts.models import Account, Membership
from openipt.accounts.noting import note


@transaction.atomic
def close_account(*, account: Account, by: str, at: datetime, why: str) -> None:
    """End every role and every sign-in of an account, and let nobody sign in with it again."""
    held = list(Membership.objects.live(at).filter(account=account))
    for one in held:
        one.until = at
    Membership.objects.bulk_update(held, ["until"])
    account.is_active = False
    account.set_unusable_password()
    account.save(update_fields=["is_active", "password"])
    slips = withdraw_slips(account, at)
    end_sign_ins(account)
    note("account.close", account=account, by=by, at=at, rows=[*held, *slips], why=why)


@transaction.atomic
def take_off_second_factor(*, account: Account, by: str, at: datetime, why: str) -> None:
    """Take off a lost telephone and its recovery codes, and end every sign-in; the next one leads to a new set-up.

    The administrator has made sure who asks: by sight, or by a voice they know.
    """
    Authenticator.objects.filter(user=account).delete()
    end_sign_ins(account)
    note("second-factor.take-off", account=account, by=by, at=at, why=why)


def end_sign_ins(account: Account) -> None:
    """End every sign-in of an account, wherever it is."""
    for one in UserSession.objects.filter(user=account):
        one.end()
