"""A sealed field opens in the row it was written to, with its scope's key, and nowhere else."""

from __future__ import annotations

import hashlib
import random
from itertools import product
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openipt.casebook import sealing
from openipt.casebook.sealing import envelope
from openipt.casebook.sealing.models import ScopeKey

pytestmark = [pytest.mark.django_db(databases=["default", "keys"]), pytest.mark.usefixtures("key_file")]

PLACE = ("entry", "body", "0192f0c0a1b27c3d8e4f5a6b7c8d9e0f")
MANY = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def scope(at) -> UUID:
    return sealing.new_scope("client", at)


def swaps_accepted(scopes: list[UUID], count: int) -> int:
    """Seal a text at many places, then try to open each somewhere else; count how often that succeeds."""
    rows = [f"row-{number}" for number in range(10)]
    homes = list(product(scopes, product(("entry", "draft"), ("body", "note"), rows)))
    sealed = {home: sealing.seal(home[0], home[1], b"said in confidence") for home in homes}
    chance, accepted = random.Random(20261001), 0
    for _ in range(count):
        here, elsewhere = chance.sample(homes, 2)
        try:
            accepted += sealing.unseal(*elsewhere, sealed[here]) == b"said in confidence"
        except sealing.Tampered:
            continue
    return accepted


@MANY
@given(text=st.binary(max_size=2000), row=st.text(st.characters(codec="utf-8"), max_size=40))
def test_whatever_was_sealed_is_read_back_unchanged(scope, text, row):
    place = ("entry", "body", row)

    assert sealing.unseal(scope, place, sealing.seal(scope, place, text)) == text


def test_what_is_sealed_shows_neither_its_words_nor_that_two_texts_are_equal(scope):
    blobs = {sealing.seal(scope, PLACE, b"I have not told my husband") for _ in range(100)}

    assert len(blobs) == 100
    assert not any(b"husband" in blob for blob in blobs)
    assert {len(blob) for blob in blobs} == {26 + 29}


def test_two_thousand_swaps_between_rows_fields_and_scopes_are_all_refused(at):
    scopes = [sealing.new_scope(kind, at) for kind in ("client", "client", "group", "author")]

    assert swaps_accepted(scopes, 2000) == 0


def test_the_swaps_would_be_noticed_if_the_place_were_not_bound(at, monkeypatch):
    monkeypatch.setattr(envelope, "_spell", lambda _place: b"")
    scopes = [sealing.new_scope("client", at) for _ in range(4)]

    assert swaps_accepted(scopes, 2000) > 100


@pytest.mark.parametrize("other", [("entry", "body", "row2"), ("entry", "bodyr", "ow"), ("entryb", "ody", "row")])
def test_a_place_is_not_mistaken_for_another_with_the_same_letters(scope, other):
    blob = sealing.seal(scope, ("entry", "body", "row"), b"text")

    with pytest.raises(sealing.Tampered):
        sealing.unseal(scope, other, blob)


places = st.tuples(*[st.text(st.characters(codec="utf-8"), max_size=6)] * 3)


@given(places, places)
def test_no_two_places_are_spelled_alike(one, other):
    assert (envelope._spell(one) == envelope._spell(other)) == (one == other)


def test_a_blob_that_was_cut_or_lengthened_is_refused_at_every_length(scope):
    blob = sealing.seal(scope, PLACE, b"a sentence of some length")

    for wrong in [*(blob[:end] for end in range(len(blob))), blob + b"\0", b"\1" + blob]:
        with pytest.raises(sealing.Tampered):
            sealing.unseal(scope, PLACE, wrong)


def test_a_blob_with_any_single_bit_turned_is_refused(scope):
    blob = sealing.seal(scope, PLACE, b"a sentence of some length")
    turned = [
        blob[:byte] + bytes([blob[byte] ^ 1 << bit]) + blob[byte + 1 :] for byte in range(len(blob)) for bit in range(8)
    ]

    assert len(turned) == 8 * len(blob)
    for wrong in turned:
        with pytest.raises(sealing.Tampered):
            sealing.unseal(scope, PLACE, wrong)


def test_wrapped_keys_swapped_between_two_scopes_are_refused(at):
    mine, yours = (sealing.new_scope("client", at) for _ in range(2))
    blob = sealing.seal(mine, PLACE, b"text")
    wrapped = ScopeKey.objects.get(pk=yours).wrapped
    ScopeKey.objects.filter(pk=mine).update(wrapped=wrapped)
    sealing.scopes.held.empty()

    with pytest.raises(sealing.Tampered, match=f"the key of scope {mine}"):
        sealing.unseal(mine, PLACE, blob)


def test_the_scope_is_bound_even_if_two_scopes_had_the_same_secret():
    secret = bytes(range(3, 35))
    mine, yours = (envelope.DataKey(UUID(int=number), secret) for number in (1, 2))

    with pytest.raises(sealing.Tampered):
        yours.unseal(PLACE, mine.seal(PLACE, b"text"))
    assert mine.fingerprint(b"text") != yours.fingerprint(b"text")


def test_a_wrapped_key_opens_for_its_own_scope_kind_and_key_only(at):
    mine, yours = (sealing.Key.new(at) for _ in range(2))
    here, there = UUID(int=1), UUID(int=2)
    wrapped = envelope.wrap(mine, here, "author", b"secret")

    assert envelope.unwrap(mine, here, "author", wrapped) == b"secret"
    for other in ((mine, here, "client"), (mine, there, "author"), (yours, here, "author")):
        with pytest.raises(sealing.Tampered):
            envelope.unwrap(*other, wrapped)


def test_a_refusal_names_the_place_and_holds_nothing_of_the_text(scope):
    blob = sealing.seal(scope, PLACE, b"I have not told my husband")

    with pytest.raises(sealing.Tampered) as refusal:
        sealing.unseal(scope, ("entry", "note", PLACE[2]), blob)

    assert str(refusal.value).startswith(f"entry.note of row {PLACE[2]} in scope {scope} does not open; expected")
    assert "husband" not in f"{refusal.value!r}"
    assert refusal.value.__suppress_context__


def test_equal_texts_have_equal_fingerprints_in_one_scope_only(scope, at):
    other = sealing.new_scope("client", at)

    assert sealing.fingerprint(scope, b"text") == sealing.fingerprint(scope, b"text")
    assert len({sealing.fingerprint(whose, text) for whose in (scope, other) for text in (b"text", b"Text", b"")}) == 6


def test_a_fingerprint_is_no_plain_hash_that_anybody_could_guess(scope):
    assert sealing.fingerprint(scope, b"text") != hashlib.sha256(b"text").digest()
    assert len(sealing.fingerprint(scope, b"text")) == 32


def test_a_fingerprint_outlasts_memory_and_a_change_of_key(scope, at):
    before = sealing.fingerprint(scope, b"text")
    sealing.rotate(at)
    sealing.scopes.held.empty()

    assert sealing.fingerprint(scope, b"text") == before


def test_the_package_names_what_it_offers_when_asked_for_something_else():
    with pytest.raises(AttributeError, match=r"no name 'decrypt'; it offers .*unseal"):
        _ = sealing.decrypt
