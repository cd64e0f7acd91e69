"""Envelopes: AES-256-GCM under a key, bound to the one place where the result may lie. Pure; knows no tables.

A closed envelope is one version byte, 12 random bytes (the nonce), the text encrypted, and 16 bytes that prove that
neither text nor place was changed (NIST SP 800-38D). Random nonces are safe up to 2**32 envelopes under one key; the
longest record of one scope stays far below 2**20.
"""

from __future__ import annotations

import hmac
from os import urandom
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from openipt.casebook.sealing.keys import SECRET_BYTES, Key
from openipt.casebook.sealing.problems import Tampered

VERSION = b"\x01"
NONCE_BYTES = 12
HEAD = len(VERSION) + NONCE_BYTES

Place = tuple[str, str, str]  # table, column, row id


class DataKey:
    """The opened key of one scope, ready to seal. Its secret is in no attribute and in no repr."""

    __slots__ = ("_bound", "_cipher", "_marking", "scope")

    def __init__(self, scope: UUID, secret: bytes) -> None:
        self.scope = scope
        self._bound = b"openipt field" + VERSION + scope.bytes
        self._cipher = AESGCM(secret)
        self._marking = HKDF(SHA256(), SECRET_BYTES, scope.bytes, b"openipt fingerprint 1").derive(secret)

    def seal(self, place: Place, text: bytes) -> bytes:
        """Return the text as an envelope for one place, 29 bytes longer."""
        return _close(self._cipher, self._bound + _spell(place), text)

    def unseal(self, place: Place, blob: bytes) -> bytes:
        """Return the text of an envelope; raise Tampered unless it was sealed for this scope and this place."""
        try:
            return _open(self._cipher, self._bound + _spell(place), blob)
        except InvalidTag:
            raise Tampered(f"{place[0]}.{place[1]} of row {place[2]} in scope {self.scope}") from None

    def fingerprint(self, text: bytes) -> bytes:
        """Return 32 bytes: equal for equal text within this scope, and telling nothing without its key."""
        return hmac.digest(self._marking, text, "sha256")


def new_secret() -> bytes:
    """Return the secret of a new data key."""
    return AESGCM.generate_key(SECRET_BYTES * 8)


def wrap(key: Key, scope: UUID, kind: str, secret: bytes) -> bytes:
    """Return a scope's secret as an envelope under a key-encryption key, bound to scope, kind and key."""
    return _close(AESGCM(key.secret), _whose(key, scope, kind), secret)


def unwrap(key: Key, scope: UUID, kind: str, wrapped: bytes) -> bytes:
    """Return a scope's secret; raise Tampered unless it was wrapped by this key for this scope and kind."""
    try:
        return _open(AESGCM(key.secret), _whose(key, scope, kind), wrapped)
    except InvalidTag:
        raise Tampered(f"the key of scope {scope} ({kind}), wrapped by key {key.id},") from None


def _close(cipher: AESGCM, bound: bytes, text: bytes) -> bytes:
    nonce = urandom(NONCE_BYTES)
    return VERSION + nonce + cipher.encrypt(nonce, text, bound)


def _open(cipher: AESGCM, bound: bytes, blob: bytes) -> bytes:
    if blob[:1] != VERSION or len(blob) < HEAD:
        raise InvalidTag
    return cipher.decrypt(blob[1:HEAD], blob[HEAD:], bound)


def _spell(place: Place) -> bytes:
    # With the lengths in front no two places are spelled alike, whatever letters their names hold.
    table, column, row = place
    return f"{len(table)}:{table}{len(column)}:{column}{row}".encode()


def _whose(key: Key, scope: UUID, kind: str) -> bytes:
    return b"openipt scope key" + VERSION + scope.bytes + f"{kind}:{key.id}".encode()
