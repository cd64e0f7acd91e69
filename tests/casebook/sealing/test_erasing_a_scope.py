"""Scopes: made durably, loaded together, erased for good, never deleted."""

from __future__ import annotations

from contextlib import contextmanager
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connections, transaction
from sealing_home import run

from openipt.casebook import sealing
from openipt.casebook.sealing import scopes
from openipt.casebook.sealing.held import Held
from openipt.casebook.sealing.models import ScopeKey

pytestmark = [pytest.mark.django_db(databases=["default", "keys"]), pytest.mark.usefixtures("key_file")]

PLACE = ("entry", "body", "row")


@contextmanager
def refused():
    with pytest.raises(IntegrityError, match="sealing_scopekey"), transaction.atomic(using="keys"):
        yield


@pytest.fixture
def sealed(at) -> dict[UUID, bytes]:
    """Three scopes of each kind, each with one sealed text."""
    made = [sealing.new_scope(kind, at) for kind in ("client", "group", "author") for _ in range(3)]
    return {scope: sealing.seal(scope, PLACE, b"text") for scope in made}


def test_an_erased_scope_is_unreadable_and_all_others_stay_readable(sealed, at):
    gone, *others = sealed
    sealing.erase(gone, at)

    with pytest.raises(sealing.KeyGone) as refusal:
        sealing.unseal(gone, PLACE, sealed[gone])
    assert refusal.value.erased_at == at
    assert [sealing.unseal(scope, PLACE, sealed[scope]) for scope in others] == [b"text"] * 8


@pytest.mark.parametrize("act", [lambda s: sealing.seal(s, PLACE, b"x"), lambda s: sealing.fingerprint(s, b"x")])
def test_an_erased_scope_seals_and_compares_nothing_more(sealed, at, act):
    gone = next(iter(sealed))
    sealing.erase(gone, at)

    with pytest.raises(sealing.KeyGone, match="cannot be read by anybody"):
        act(gone)


def test_erasing_works_at_once_although_the_key_was_in_memory(clock, sealed, at):
    gone = next(iter(sealed))
    assert sealing.unseal(gone, PLACE, sealed[gone]) == b"text"
    sealing.erase(gone, at)

    with pytest.raises(sealing.KeyGone):
        sealing.unseal(gone, PLACE, sealed[gone])


def test_without_emptying_the_memory_an_erased_scope_would_stay_readable(clock, sealed, at, monkeypatch):
    monkeypatch.setattr(Held, "forget", lambda _self, _scope: None)
    gone = next(iter(sealed))
    sealing.unseal(gone, PLACE, sealed[gone])
    sealing.erase(gone, at)

    assert sealing.unseal(gone, PLACE, sealed[gone]) == b"text"


def test_in_another_process_the_key_is_gone_after_a_minute(clock, sealed, at):
    gone = next(iter(sealed))
    sealing.unseal(gone, PLACE, sealed[gone])
    ScopeKey.objects.filter(pk=gone).update(wrapped=None, erased_at=at)  # as another process does
    clock.now += 59
    assert sealing.unseal(gone, PLACE, sealed[gone]) == b"text"
    clock.now += 1

    with pytest.raises(sealing.KeyGone):
        sealing.unseal(gone, PLACE, sealed[gone])


def test_a_key_that_is_erased_while_it_is_being_opened_is_not_kept(clock, sealed, at, monkeypatch):
    gone = next(iter(sealed))
    scopes.held.empty()

    def slowly(row, keys, open_now=scopes._open):
        opened = open_now(row, keys)
        sealing.erase(gone, at)
        return opened

    with monkeypatch.context() as patched:
        patched.setattr(scopes, "_open", slowly)
        sealing.load([gone])

    with pytest.raises(sealing.KeyGone):
        sealing.unseal(gone, PLACE, sealed[gone])


def test_erasing_twice_keeps_the_first_moment(sealed, at):
    gone = next(iter(sealed))
    sealing.erase(gone, at)
    sealing.erase(gone, at.replace(year=2027))

    assert ScopeKey.objects.get(pk=gone).erased_at == at


@pytest.mark.parametrize("act", [lambda s, at: sealing.seal(s, PLACE, b"x"), sealing.erase])
def test_a_scope_that_this_store_never_had_is_not_called_erased(act, at):
    with pytest.raises(sealing.KeyGone, match="has no scope") as refusal:
        act(uuid4(), at)

    assert refusal.value.erased_at is None


def test_many_keys_are_loaded_with_one_query_and_then_with_none(sealed, django_assert_num_queries):
    scopes.held.empty()

    with django_assert_num_queries(1, using="keys"):
        sealing.load(sealed)
    with django_assert_num_queries(0, using="keys"):
        sealing.load(sealed)
        assert [sealing.unseal(scope, PLACE, blob) for scope, blob in sealed.items()] == [b"text"] * 9


def test_an_erased_and_a_damaged_scope_do_not_keep_others_from_being_loaded(sealed, at, django_assert_num_queries):
    gone, damaged, *others = sealed
    sealing.erase(gone, at)
    ScopeKey.objects.filter(pk=damaged).update(wrapped=b"\1damaged")
    scopes.held.empty()
    sealing.load([gone, damaged, *others, uuid4()])

    with django_assert_num_queries(0, using="keys"):
        assert [sealing.unseal(scope, PLACE, sealed[scope]) for scope in others] == [b"text"] * 7
    with pytest.raises(sealing.Tampered):
        sealing.unseal(damaged, PLACE, sealed[damaged])


def test_a_kind_that_is_not_known_is_refused_by_name(at):
    with pytest.raises(ValueError, match="'family' of a scope is not known; expected one of client, group, author"):
        sealing.new_scope("family", at)


def test_no_key_is_made_or_erased_inside_a_transaction_that_may_take_it_back(sealed, at):
    for act in (lambda: sealing.new_scope("client", at), lambda: sealing.erase(next(iter(sealed)), at)):
        with pytest.raises(RuntimeError, match="durable"), transaction.atomic(using="keys"):
            act()


def test_a_key_is_made_inside_a_transaction_of_the_record_and_stays_when_that_fails(at):
    with transaction.atomic():
        scope = sealing.new_scope("client", at)
        transaction.set_rollback(True)

    assert ScopeKey.objects.filter(pk=scope).exists()


def test_without_a_key_file_no_scope_is_made(at, settings, tmp_path):
    settings.KEY_FILE = tmp_path / "nowhere"

    with pytest.raises(sealing.KeyFileProblem, match="is missing"):
        sealing.new_scope("client", at)
    assert not ScopeKey.objects.exists()


def test_the_row_of_a_key_is_never_deleted_replaced_or_given_to_somebody_else(sealed, at):
    scope, *_ = sealed
    row = ScopeKey.objects.get(pk=scope)

    with refused():
        row.delete()
    with refused():
        ScopeKey.objects.all().delete()
    with refused():
        ScopeKey.objects.filter(pk=scope).update(kind="author")
    with refused():
        ScopeKey.objects.filter(pk=scope).update(id=uuid4())
    assert ScopeKey.objects.get(pk=scope).wrapped == row.wrapped


def test_neither_replace_nor_truncate_slips_past(sealed):
    sneaky = {
        "sqlite": "INSERT OR REPLACE INTO sealing_scopekey SELECT * FROM sealing_scopekey",
        "postgresql": "TRUNCATE sealing_scopekey",
    }

    with refused(), connections["keys"].cursor() as cursor:
        cursor.execute(sneaky[connections["keys"].vendor])


def test_an_erased_key_does_not_come_back(sealed, at):
    scope = next(iter(sealed))
    wrapped = ScopeKey.objects.get(pk=scope).wrapped
    sealing.erase(scope, at)

    with refused():
        ScopeKey.objects.filter(pk=scope).update(wrapped=wrapped, erased_at=None)


def test_without_its_trigger_a_key_could_be_deleted(sealed):
    on_table = "" if connections["keys"].vendor == "sqlite" else " ON sealing_scopekey"
    with connections["keys"].cursor() as cursor:
        cursor.execute(f"DROP TRIGGER sealing_scopekey_never_deleted{on_table}")

    assert ScopeKey.objects.filter(pk=next(iter(sealed))).delete()[0] == 1


def test_nothing_of_an_erased_key_is_left_in_any_file_of_the_store(tmp_path):
    home = tmp_path / "store"
    home.mkdir()
    assert run(home, "fill", "50").returncode == 0
    before = b"".join(path.read_bytes() for path in home.iterdir())
    wrapped = bytes.fromhex(run(home, "erase").stdout)

    assert len(wrapped) == 61
    assert wrapped in before
    assert [path.name for path in home.iterdir() if wrapped in path.read_bytes()] == []
