"""A client's first step: name and code of a slip, once, then a PIN or password of their own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import BasePasswordHasher
from hypothesis import given
from hypothesis import strategies as st
from signing import NOON, a_client_with_a_slip, somebody

from openipt.accounts import names
from openipt.accounts.closing import close_account
from openipt.accounts.codes import LETTERS, LIFETIME, bare, made_code
from openipt.accounts.making import give_slip
from openipt.accounts.models import Account, Slip
from openipt.accounts.names import made_name, plain
from openipt.accounts.own_secret import WeakSecretError, check_client_secret
from openipt.accounts.redeeming import CodeRefusedError, redeem_code
from openipt.audit.models import AuditEvent

PIN = "730264"
OTHER_PIN = "640918"
BOSS = "0192f0c1-0000-7000-8000-000000000001"


def redeem(access, at=NOON, **other):
    given = {"username": access.username, "code": access.code, "secret": PIN, **other}
    return redeem_code(at=at, **given)


@pytest.mark.django_db
def test_the_code_of_the_slip_opens_once_and_then_the_pin_holds(service):
    access = a_client_with_a_slip(service)

    account = redeem(access)

    assert account.check_password(PIN)
    with pytest.raises(CodeRefusedError):
        redeem(access, secret=OTHER_PIN)
    assert Account.objects.get(pk=account.pk).check_password(PIN)


@pytest.mark.django_db
def test_name_and_code_are_taken_however_they_are_typed(service):
    access = a_client_with_a_slip(service)
    loud = access.username.replace("-", "  ").title()

    assert redeem(access, username=f" {loud} ", code=access.code.replace("-", " ").lower()).check_password(PIN)


@pytest.mark.django_db
def test_a_code_runs_out_after_two_weeks(service):
    access = a_client_with_a_slip(service)

    with pytest.raises(CodeRefusedError):
        redeem(access, at=NOON + LIFETIME)
    assert redeem(access, at=NOON + LIFETIME - timedelta(seconds=1))


@pytest.mark.django_db
def test_a_slip_that_was_replaced_or_whose_account_was_closed_opens_nothing(service):
    first = a_client_with_a_slip(service)
    second = give_slip(account=first.account, by=BOSS, at=NOON)

    with pytest.raises(CodeRefusedError):
        redeem(first)
    close_account(account=first.account, by=BOSS, at=NOON, why="left")
    with pytest.raises(CodeRefusedError):
        redeem(second)


@pytest.mark.django_db
def test_every_refusal_says_the_same_and_costs_the_same_work(service, monkeypatch):
    access, used = a_client_with_a_slip(service), a_client_with_a_slip(service)
    redeem(used)
    somebody(service)
    work = count_hashes(monkeypatch)
    said = set()

    for wrong in (
        {"username": "quiet-river-99"},
        {"username": "m.okoye"},
        {"code": "BCDF-GHJ-KMP"},
        {"username": used.username, "code": used.code},
        {"code": ""},
    ):
        with pytest.raises(CodeRefusedError) as refused:
            redeem(access, **wrong)
        said.add(str(refused.value))
        assert work.pop() == 1
        assert not work

    assert len(said) == 1


def count_hashes(monkeypatch) -> list[int]:
    """A list that grows by one with each hash that is computed."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    done: list[int] = []
    real = MD5PasswordHasher.encode

    def counted(self: BasePasswordHasher, password: str, salt: str) -> str:
        done.append(1)
        return real(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return done


@pytest.mark.django_db
def test_only_a_hash_of_the_code_is_kept(service):
    access = a_client_with_a_slip(service)

    kept = Slip.objects.get().code

    assert bare(access.code) not in kept.upper()
    assert access.code not in str(AuditEvent.objects.values_list())


@pytest.mark.django_db
def test_of_two_who_bring_the_same_code_at_once_one_is_refused(service, monkeypatch):
    access = a_client_with_a_slip(service)
    from openipt.accounts import redeeming

    slip = redeeming._slip_of(access.username, NOON)
    redeem(access)
    monkeypatch.setattr(redeeming, "_slip_of", lambda *_: slip)  # found before the other one took it

    with pytest.raises(CodeRefusedError):
        redeem(access, secret=OTHER_PIN)


@pytest.mark.django_db
@pytest.mark.parametrize("secret", ["12345", "123456", "654321", "777777", "121212", "123123", "qwertyui", "river"])
def test_a_weak_pin_is_refused_in_plain_words_and_the_code_stays_good(service, secret):
    access = a_client_with_a_slip(service)

    with pytest.raises(WeakSecretError, match=r"^(Use|This PIN|Many people)"):
        redeem(access, secret=secret)
    assert redeem(access)


def test_a_clients_own_sign_in_name_is_no_secret():
    with pytest.raises(WeakSecretError, match="your sign-in name"):
        check_client_secret("Quiet River 47", "quiet-river-47")


@given(st.text())
def test_whatever_is_typed_as_a_secret_is_taken_or_refused_in_words(typed):
    refused = words_against(typed)

    assert refused.endswith(".") if refused else len(typed) >= 6


def words_against(secret: str) -> str:
    try:
        check_client_secret(secret)
    except WeakSecretError as problem:
        return str(problem)
    return ""


def test_nearly_every_pin_can_be_chosen():
    drawn = [f"{number:06}" for number in range(0, 1_000_000, 97)]

    assert sum(bool(words_against(pin)) for pin in drawn) / len(drawn) < 0.01


def test_a_made_name_is_two_plain_words_and_a_number_that_survive_typing():
    for _ in range(200):
        name = made_name()
        first, second, number = name.split("-")
        assert first.isalpha()
        assert second.isalpha()
        assert 10 <= int(number) <= 99
        assert plain(name.replace("-", " ").upper()) == name


def test_over_a_million_names_can_be_made_from_words_that_are_plain_and_never_twice():
    first, second = names._words("first.txt"), names._words("second.txt")

    assert len(first) * len(second) * 90 > 1_000_000
    assert len(set(first)) == len(first)
    assert len(set(second)) == len(second)
    assert not set(first) & set(second)
    assert all(word.isascii() and word.isalpha() and word.islower() and len(word) <= 10 for word in (*first, *second))


@given(st.text())
def test_a_plain_name_stays_as_it_is_when_it_is_made_plain_again(typed):
    assert plain(plain(typed)) == plain(typed)


def test_a_code_has_letters_that_nobody_mistakes_and_no_word():
    assert not set("AEIOU015S82ZL") & set(LETTERS)
    drawn = {made_code() for _ in range(500)}
    assert len(drawn) == 500
    assert all(len(bare(code)) == 10 and set(bare(code)) <= set(LETTERS) for code in drawn)
