"""A long file in encrypted chunks: it comes back as it was, and nothing that was done to it goes unnoticed."""

from __future__ import annotations

import io
from datetime import date

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given, settings
from hypothesis import strategies as st

from openipt.casebook.sealing import Key
from openipt.exchange.backup import cipher
from openipt.exchange.backup.cipher import TAG, decrypted, encrypted, key_of_file

KEY = Key(date(2026, 3, 2), bytes(range(7, 39)))
SECRET = key_of_file(KEY, b"s" * 16, "record")
HEAD = b"the head"
SHORT = 64


@pytest.fixture(autouse=True)
def _short_chunks(monkeypatch) -> None:
    monkeypatch.setattr(cipher, "CHUNK", SHORT)


def closed(text: bytes, head: bytes = HEAD) -> bytes:
    return b"".join(encrypted([text], SECRET, head))


def opened(file: bytes, head: bytes = HEAD) -> bytes:
    return b"".join(decrypted(io.BytesIO(file), SECRET, head))


@given(parts=st.lists(st.binary(max_size=3 * SHORT), max_size=5))
@settings(max_examples=200, deadline=None)
def test_whatever_is_written_comes_back_in_whatever_parts_it_came(parts: list[bytes]) -> None:
    cipher.CHUNK = SHORT
    text = b"".join(parts)
    assert opened(b"".join(encrypted(parts, SECRET, HEAD))) == text


@pytest.mark.parametrize("length", [0, 1, SHORT - 1, SHORT, SHORT + 1, 2 * SHORT, 5 * SHORT + 3])
def test_every_cut_is_noticed(length: int) -> None:
    file = closed(bytes(length))
    for end in range(len(file)):
        with pytest.raises(InvalidTag):
            opened(file[:end])


def test_every_changed_byte_is_noticed() -> None:
    file = closed(b"x" * (2 * SHORT + 5))
    for place in range(len(file)):
        changed = bytearray(file)
        changed[place] ^= 1
        with pytest.raises(InvalidTag):
            opened(bytes(changed))


def test_chunks_cannot_change_places_be_doubled_or_be_left_out() -> None:
    file = closed(b"a" * SHORT + b"b" * SHORT + b"c" * SHORT + b"d")
    size = SHORT + TAG
    chunks = [file[start : start + size] for start in range(0, len(file), size)]
    a, b, c, d = chunks
    for other in ([b, a, c, d], [a, a, c, d], [a, c, d], [a, b, d, c], [a, b, c, d, d], [a, b, c, c]):
        with pytest.raises(InvalidTag):
            opened(b"".join(other))


def test_a_text_does_not_open_under_another_head_or_another_key() -> None:
    file = closed(b"words")
    with pytest.raises(InvalidTag):
        opened(file, b"another head")
    for other in (
        key_of_file(KEY, b"t" * 16, "record"),
        key_of_file(KEY, b"s" * 16, "keys"),
        key_of_file(Key(KEY.made, bytes(range(8, 40))), b"s" * 16, "record"),
    ):
        with pytest.raises(InvalidTag):
            b"".join(decrypted(io.BytesIO(file), other, HEAD))
