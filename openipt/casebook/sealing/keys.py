"""Key-encryption keys, and which secrets are too plain to be one."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

SECRET_BYTES = 32  # AES-256

# 32 random bytes hold about 30 different values; fewer than 16 do not happen by chance (below 1 in 10**18).
_FEWEST_VALUES = 16


@dataclass(frozen=True, slots=True)
class Key:
    """One key-encryption key: the day it was made and its 32 secret bytes."""

    made: date
    secret: bytes = field(repr=False)

    @classmethod
    def new(cls, made: date) -> Key:
        """Make a key from the system's source of chance."""
        return cls(made, secrets.token_bytes(SECRET_BYTES))

    @property
    def id(self) -> str:
        """16 hexadecimal digits that follow from the secret and do not betray it: a wrong secret has another id."""
        return hashlib.sha256(b"openipt key id 1\0" + self.secret).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys of one key file, oldest first. More than one only while the key is being changed."""

    keys: tuple[Key, ...]

    @property
    def newest(self) -> Key:
        """The key that wraps whatever is wrapped from now on."""
        return self.keys[-1]

    def find(self, key_id: str) -> Key | None:
        """Return a key by its id."""
        return next((key for key in self.keys if key.id == key_id), None)


def weakness(secret: bytes) -> str | None:
    """Say why a secret cannot be a key, or None. It finds what people type or leave empty, not every bad source."""
    if len(secret) != SECRET_BYTES:
        return f"is too {'short' if len(secret) < SECRET_BYTES else 'long'} ({len(secret)} bytes)"
    if not any(secret):
        return "is all zeros"
    if len(set(secret)) < _FEWEST_VALUES or secret[:16] == secret[16:]:
        return "repeats the same few bytes"
    if len({(after - before) % 256 for before, after in pairwise(secret)}) == 1:
        return "counts in even steps"
    return None
