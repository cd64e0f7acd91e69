"""A long file encrypted in chunks, so that a cut, a swap or one changed bit anywhere is found, and memory stays small.

AES-256-GCM (NIST SP 800-38D) over chunks of 1 MiB. Each file has a key of its own, drawn by HKDF (RFC 5869) from the
key-encryption key and a random salt; so the nonce can simply count: eleven bytes for the chunk, one that says whether
it is the last. The head of the file is bound to every chunk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from openipt.casebook.sealing import Key

CHUNK = 1 << 20
TAG = 16


def key_of_file(key: Key, salt: bytes, purpose: str) -> bytes:
    """Return the 32 bytes that encrypt one file: another file, or another purpose, has others."""
    return HKDF(SHA256(), 32, salt, b"openipt backup 1 " + purpose.encode()).derive(key.secret)


def encrypted(parts: Iterable[bytes], key: bytes, head: bytes) -> Iterator[bytes]:
    """Yield a text encrypted, chunk by chunk.

    Args:
        parts: The text in parts of any length.
        key: 32 bytes, never used for another text.
        head: What the text is bound to.
    """
    box, bound = AESGCM(key), hashlib.sha256(head).digest()
    for number, (chunk, last) in enumerate(_with_last(_chunks(parts))):
        yield box.encrypt(_nonce(number, last), chunk, bound)


def decrypted(source: BinaryIO, key: bytes, head: bytes) -> Iterator[bytes]:
    """Yield the text of an encrypted file from where it begins to its end.

    Raises:
        cryptography.exceptions.InvalidTag: A chunk is not what was written at this place of this file, or the file ends
            before its end. What was yielded before was written so; throw it away all the same.
    """
    box, bound = AESGCM(key), hashlib.sha256(head).digest()
    chunks = iter(lambda: source.read(CHUNK + TAG), b"")
    number = -1
    for number, (chunk, last) in enumerate(_with_last(chunks)):
        yield box.decrypt(_nonce(number, last), chunk, bound)
    if number < 0:
        box.decrypt(_nonce(0, True), b"\0" * TAG, bound)  # an empty file has no chunk that says it is the last


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _chunks(parts: Iterable[bytes]) -> Iterator[bytes]:
    """Cut parts of any length into chunks; an empty text is one empty chunk."""
    rest = bytearray()
    any_yet = False
    for part in parts:
        rest += part
        while len(rest) >= CHUNK:
            yield bytes(rest[:CHUNK])
            del rest[:CHUNK]
            any_yet = True
    if rest or not any_yet:
        yield bytes(rest)


def _with_last(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    before: bytes | None = None
    for chunk in chunks:
        if before is not None:
            yield before, False
        before = chunk
    if before is not None:
        yield before, True
