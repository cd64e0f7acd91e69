"""Opened data keys, held in memory for a minute at most, so that a page does not open the same key a hundred times."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from threading import Lock
from uuid import UUID

from openipt.casebook.sealing.envelope import DataKey

SECONDS = 60.0  # how long an erased key may still be readable in another process


class Held:
    """The opened keys of this process. Any thread may call anything.

    `erasures` counts what was forgotten: whoever fetched a key before an erasing and comes back after it finds that
    the count has moved on, and the key is not kept.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.erasures = 0
        self._keys: dict[UUID, tuple[DataKey, float]] = {}
        self._lock = Lock()

    def get(self, scope: UUID) -> DataKey | None:
        """Return an opened key, or None when it was never held or is older than a minute."""
        kept = self._keys.get(scope)
        if kept is None:
            return None
        key, until = kept
        return key if self.clock() < until else None

    def keep(self, opened: Mapping[UUID, DataKey], erasures: int) -> None:
        """Hold keys for a minute, unless something was erased since `erasures` was read; drop those held too long."""
        now = self.clock()
        with self._lock:
            self._drop_old(now)
            if erasures == self.erasures:
                for scope, key in opened.items():
                    self._keys.pop(scope, None)  # so that the oldest always stands first
                    self._keys[scope] = (key, now + SECONDS)

    def forget(self, scope: UUID) -> None:
        """Hold this key no more; keys that are just being fetched are not kept either."""
        with self._lock:
            self.erasures += 1
            self._keys.pop(scope, None)

    def empty(self) -> None:
        """Hold no key at all."""
        with self._lock:
            self.erasures += 1
            self._keys.clear()

    def _drop_old(self, now: float) -> None:
        while self._keys:
            scope, (_, until) = next(iter(self._keys.items()))
            if now < until:
                break
            del self._keys[scope]


held = Held()
