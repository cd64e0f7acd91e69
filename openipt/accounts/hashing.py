"""How passwords are kept: Argon2id, made slow enough for a thief and quick enough for a morning at the clinic."""

from __future__ import annotations

from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

# Two cores: a third hash at the same time would be no quicker and hold another 46 MiB.
_AT_ONCE = BoundedSemaphore(2)


class Hasher(Argon2PasswordHasher):
    """Argon2id with 46 MiB, four passes, one lane: 110 ms of one core (2 cores, Python 3.11; Django's default: 160 ms).

    OWASP's password storage sheet asks for 46 MiB with one pass at least; three more bring a guess to a tenth of a
    second. One lane, because a web worker has no idle cores to lend; 46 MiB and not Django's 100, because two at once
    must fit beside the pages in a worker's 150 MB. Raising a number here is enough: a hash made with less is made anew
    at the next sign-in.
    """

    time_cost = 4
    memory_cost = 47_104
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Return the hash of a password."""
        with _AT_ONCE:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Whether a password fits a hash."""
        with _AT_ONCE:
            return super().verify(password, encoded)
