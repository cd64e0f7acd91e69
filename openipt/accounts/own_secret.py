"""What a password or PIN must be. Staff have a second factor beside it; a client types theirs on a telephone."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.contrib.auth.password_validation import (
    CommonPasswordValidator,
    MinimumLengthValidator,
    UserAttributeSimilarityValidator,
    validate_password,
)
from django.core.exceptions import ValidationError

from openipt.accounts.models import Account
from openipt.accounts.names import plain

PIN = 6  # digits; a million, tried five at a time (RATE_LIMITS)
SHORTEST_WORDS = 8
SHORTEST_OF_STAFF = 12
COMMON = CommonPasswordValidator()  # reads a list of 20,000: once
VALIDATORS: list[Any] = [
    MinimumLengthValidator(SHORTEST_OF_STAFF),
    COMMON,
    UserAttributeSimilarityValidator(("username", "name", "email")),
]


class WeakSecretError(ValueError):
    """A password or PIN that others would guess."""


def check_staff_password(password: str, account: Account | None) -> None:
    """Refuse a password of staff that is short, common, or like their own name.

    Raises:
        WeakSecretError: What is wrong with it, in words for the person who chose it.
    """
    try:
        validate_password(password, account, VALIDATORS)
    except ValidationError as problem:
        raise WeakSecretError(" ".join(problem.messages)) from None


def check_client_secret(secret: str, username: str = "") -> None:
    """Refuse a client's PIN or password that somebody close would guess first.

    Raises:
        WeakSecretError: What is wrong with it, in plain words.
    """
    if secret.isdecimal():
        check_pin(secret)
    elif len(secret) < SHORTEST_WORDS:
        raise WeakSecretError(f"Use {PIN} digits or more, or {SHORTEST_WORDS} letters or more.")
    if username and plain(secret) == username:
        raise WeakSecretError("This is your sign-in name. Choose something else.")
    try:
        COMMON.validate(secret)
    except ValidationError:
        raise WeakSecretError("Many people use this one. Choose something else.") from None


def check_pin(pin: str, least: int = PIN) -> None:
    """Refuse digits that are too few or follow a pattern.

    Raises:
        WeakSecretError: What is wrong with them, in plain words.
    """
    if len(pin) < least:
        raise WeakSecretError(f"Use {least} digits or more.")
    steps = {int(b) - int(a) for a, b in pairwise(pin)}
    repeats = any(pin == (pin[:n] * len(pin))[: len(pin)] for n in (2, 3))
    if repeats or steps in ({0}, {1}, {-1}):
        raise WeakSecretError("This PIN is easy to guess. Choose digits that do not follow a pattern.")
