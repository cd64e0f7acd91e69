"""How passwords are kept."""

from __future__ import annotations

import threading

from argon2 import extract_parameters
from django.contrib.auth.hashers import check_password, identify_hasher, make_password

from openipt.accounts.hashing import _AT_ONCE, Hasher

OURS = "openipt.accounts.hashing.Hasher"
OWASP_LEAST_KIB = 47_104  # with one pass and one lane


def test_a_password_is_kept_as_argon2id_with_no_less_than_owasp_asks(settings):
    settings.PASSWORD_HASHERS = [OURS]

    kept = make_password("seven quiet herons")

    assert kept.startswith("argon2$argon2id$v=19$")
    used = extract_parameters("$" + kept.split("$", 1)[1])
    assert used.memory_cost >= OWASP_LEAST_KIB
    assert used.time_cost >= 1
    assert check_password("seven quiet herons", kept)
    assert not check_password("seven quiet heron", kept)


def test_a_hash_made_with_less_is_made_anew_at_the_next_sign_in(settings):
    settings.PASSWORD_HASHERS = [OURS]

    class Weaker(Hasher):
        time_cost = 1
        memory_cost = 8

    weak = Weaker().encode("seven quiet herons", "a salt of twenty-two c")
    renewed: list[str] = []

    assert identify_hasher(weak).must_update(weak)
    assert check_password("seven quiet herons", weak, setter=renewed.append)
    assert renewed == ["seven quiet herons"]


def test_a_kept_hash_fits_its_column(settings):
    from openipt.accounts.models import Account, Slip

    settings.PASSWORD_HASHERS = [OURS]
    longest = len(make_password("x" * 1000))

    assert longest <= Account._meta.get_field("password").max_length
    assert longest <= Slip._meta.get_field("code").max_length


def test_two_hashes_run_at_once_and_a_third_waits():
    done = threading.Event()

    class Quick(Hasher):
        time_cost = 1
        memory_cost = 8

    def third() -> None:
        Quick().encode("x", "a salt of twenty-two c")
        done.set()

    with _AT_ONCE, _AT_ONCE:
        waiting = threading.Thread(target=third)
        waiting.start()
        assert not done.wait(0.05)
    waiting.join(timeout=5)
    assert done.is_set()
