"""Opened keys stay in memory for a minute, and not a moment after they were erased."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest

from openipt.casebook import sealing
from openipt.casebook.sealing.envelope import DataKey
from openipt.casebook.sealing.held import Held

SECRET = bytes(range(7, 39))


@pytest.mark.django_db(databases=["default", "keys"])
@pytest.mark.usefixtures("key_file")
def test_a_key_is_read_again_when_a_minute_has_passed_and_not_before(at, clock, django_assert_num_queries):
    scope = sealing.new_scope("client", at)
    sealing.seal(scope, ("entry", "body", "row"), b"text")

    clock.now += 59.9
    with django_assert_num_queries(0, using="keys"):
        sealing.fingerprint(scope, b"text")
    clock.now += 0.1
    with django_assert_num_queries(1, using="keys"):
        sealing.fingerprint(scope, b"text")


def test_looking_at_a_key_does_not_make_it_live_longer(clock):
    held, scope = Held(clock), uuid4()
    held.keep({scope: DataKey(scope, SECRET)}, held.erasures)
    for _ in range(3):
        clock.now += 20
        held.get(scope)

    assert held.get(scope) is None


def test_keys_that_nobody_asks_for_again_leave_the_memory(clock):
    held = Held(clock)
    for _ in range(100):
        scope = uuid4()
        held.keep({scope: DataKey(scope, SECRET)}, held.erasures)
        clock.now += 1

    assert len(held._keys) == 60


def test_a_key_fetched_again_counts_from_its_last_fetching_and_keeps_no_other_longer(clock):
    held, first, second = Held(clock), uuid4(), uuid4()
    held.keep({first: DataKey(first, SECRET), second: DataKey(second, SECRET)}, held.erasures)
    clock.now += 40
    held.keep({first: DataKey(first, SECRET)}, held.erasures)
    clock.now += 40
    held.keep({}, held.erasures)

    assert list(held._keys) == [first]


def test_eight_threads_may_keep_and_forget_at_the_same_time(clock):
    held, scopes, wrong = Held(clock), [uuid4() for _ in range(40)], []
    keys = {scope: DataKey(scope, SECRET) for scope in scopes}

    def work(start: int) -> None:
        for turn in range(2000):
            scope = scopes[(start + turn * 7) % 40]
            held.keep({scope: keys[scope]}, held.erasures)
            found = held.get(scope)
            if found is not None and found.scope != scope:
                wrong.append(scope)
            if turn % 5 == 0:
                held.forget(scopes[(start + turn) % 40])

    threads = [threading.Thread(target=work, args=(start,)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
    for scope in scopes:
        held.forget(scope)
    assert all(held.get(scope) is None for scope in scopes)


def test_neither_a_data_key_nor_a_key_of_the_file_shows_its_secret(at):
    key = sealing.Key(at.date(), SECRET)
    shown = f"{DataKey(uuid4(), SECRET)!r} {key!r} {sealing.Keyring((key,))!r} {key}"

    assert repr(SECRET)[2:-1] not in shown
    assert SECRET.hex() not in shown
    assert not hasattr(DataKey(uuid4(), SECRET), "__dict__")
