"""The first way in of somebody who works here: a printed slip with a one-time code, and a password of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from openipt.accounts.closing import end_sign_ins
from openipt.accounts.codes import LIFETIME, bare, made_code
from openipt.accounts.keeping_changes import Act, What, keep
from openipt.accounts.making import withdraw_slips
from openipt.accounts.models import Account, Slip
from openipt.accounts.names import plain
from openipt.accounts.noting import note
from openipt.accounts.own_secret import check_staff_password
from openipt.accounts.redeeming import REFUSED, CodeRefusedError
from openipt.accounts.staffing import is_safe_to_let_in


class NotSafe(ValueError):  # noqa: N818
    """A new way in could be used by somebody else: the account was used, and has no second factor."""


@dataclass(frozen=True, slots=True)
class WayIn:
    """What stands on the slip. The code stands nowhere else; it is not kept."""

    username: str
    code: str
    expires_at: datetime


@transaction.atomic
def give_slip_to_staff(act: Act, account: Account) -> WayIn:
    """Make a slip with a one-time code. The password they had, and slips from before, stop working now.

    Raises:
        NotSafe: whoever holds the slip could get in as them.
    """
    if not is_safe_to_let_in(account):
        raise NotSafe("this account was used before and has no second factor; they ask for a link by mail themselves")
    account.set_unusable_password()
    account.save(update_fields=["password"])
    end_sign_ins(account)
    old = withdraw_slips(account, act.at)
    code = made_code()
    slip = Slip(account=account, code=make_password(bare(code)), issued_at=act.at, expires_at=act.at + LIFETIME)
    slip.save(force_insert=True)
    keep(act, What("way_in", account, {"how": "slip"}), [*old, slip])
    return WayIn(account.username, code, slip.expires_at)


@transaction.atomic
def note_mail(act: Act, account: Account) -> None:
    """Keep that a link for the first password goes out by mail. It works for an hour; the next one they ask for."""
    if not is_safe_to_let_in(account):
        raise NotSafe("this account was used before and has no second factor; they ask for a link by mail themselves")
    keep(act, What("way_in", account, {"how": "mail"}))


def redeem_staff_slip(*, username: str, code: str, password: str, at: datetime) -> Account:
    """Take the one-time code of a slip and set the password they chose; the code is worth nothing afterwards.

    Args:
        username: The name of the slip, however it was typed.
        code: The code of the slip, however it was typed.
        password: What they chose.
        at: The server's time.

    Raises:
        WeakSecretError: the password is easy to guess; the code is still good.
        CodeRefusedError: unknown name, wrong, used, old or withdrawn code: the same words and work for each.
    """
    check_staff_password(password, None)
    slip = _slip_of(plain(username), at)
    if slip is None:
        make_password(bare(code))
        raise CodeRefusedError(REFUSED)
    if not check_password(bare(code), slip.code):
        raise CodeRefusedError(REFUSED)
    check_staff_password(password, slip.account)
    return _redeemed(slip, password, at)


def _slip_of(username: str, at: datetime) -> Slip | None:
    good = Slip.objects.filter(redeemed_at=None, withdrawn_at=None, issued_at__lte=at, expires_at__gt=at)
    theirs = good.filter(account__username=username, account__is_active=True, account__client=None)
    theirs = theirs.filter(account__proxy_of=None)
    return theirs.select_related("account").order_by("-issued_at").first()


@transaction.atomic
def _redeemed(slip: Slip, password: str, at: datetime) -> Account:
    if not Slip.objects.filter(pk=slip.pk, redeemed_at=None, withdrawn_at=None).update(redeemed_at=at):
        raise CodeRefusedError(REFUSED)
    account = slip.account
    account.set_password(password)
    account.save(update_fields=["password"])
    slip.refresh_from_db()
    note("slip.redeem", account=account, by=str(account.id), at=at, rows=[slip])
    return account
