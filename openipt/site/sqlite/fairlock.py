"""The fair lock: whoever has waited longest to write is the next to write.

SQLite lets one connection write at a time and makes the others try again after ever longer naps, so an unlucky one
waits for a second while others pass. Here the threads of a process stand in a queue, and the processes take turns
(`turnstile`). The lock belongs to a connection, not to a thread, and is asked for once per transaction.
"""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections import deque

from openipt.site.sqlite.turnstile import Turnstile

LOOK_AGAIN = 1.0  # seconds after which a waiting thread looks whether the holder still lives


class _Place:
    # One waiting writer; `called` opens when it is its turn.
    __slots__ = ("called", "owner")

    def __init__(self, owner: object) -> None:
        self.owner = weakref.ref(owner)
        self.called = threading.Lock()
        self.called.acquire()


class FairLock:
    """The writers' lock of one database file in this process."""

    def __init__(self, database: str) -> None:
        self.database = database
        self._turnstile = Turnstile(database)
        self.connections: weakref.WeakSet[object] = weakref.WeakSet()
        self.try_again_at = 0  # bytes of log at which a checkpoint that readers hindered is tried again
        self.came_through_fork = False
        self._begin()

    def _begin(self) -> None:
        self._mutex = threading.Lock()
        self._queue: deque[_Place] = deque()
        self._owner: weakref.ref[object] | None = None

    def after_fork(self) -> None:
        """Start anew in a child process: what the parent holds, and who waits there, is the parent's."""
        self.came_through_fork = bool(self.connections)
        self._turnstile.forget()
        self._begin()

    def held_by(self, owner: object) -> bool:
        """Whether this connection may write now."""
        return self._owner is not None and self._owner() is owner

    def acquire(self, owner: object, seconds: float) -> bool:
        """Wait at most so many seconds for the turn of a connection; return whether it came."""
        until = time.monotonic() + seconds
        if not self._queued(owner, until):
            return False
        try:
            given = self._turnstile.enter(until)
        except BaseException:
            self._call_next()
            raise
        if not given:
            self._call_next()
        return given

    def release(self, owner: object) -> None:
        """Let the next one write. Does nothing where this connection does not hold the lock."""
        if self.held_by(owner):
            self._turnstile.leave()
            self._call_next()

    def _queued(self, owner: object, until: float) -> bool:
        with self._mutex:
            if self._owner is None:
                self._owner = weakref.ref(owner)
                return True
            place = _Place(owner)
            self._queue.append(place)
        try:
            return self._called(place, until)
        except BaseException:
            if not self._gave_up(place):
                self._call_next()
            raise

    def _called(self, place: _Place, until: float) -> bool:
        while not place.called.acquire(timeout=max(0.0, min(LOOK_AGAIN, until - time.monotonic()))):
            self._free_from_the_dead()
            if time.monotonic() >= until:
                return not self._gave_up(place)
        return True

    def _gave_up(self, place: _Place) -> bool:
        # False where the turn came at the very last moment
        with self._mutex:
            if place in self._queue:
                self._queue.remove(place)
                return True
        return False

    def _call_next(self) -> None:
        with self._mutex:
            self._pass_on()

    def _pass_on(self) -> None:
        self._owner = None
        if self._queue:
            place = self._queue.popleft()
            self._owner = place.owner
            place.called.release()

    def _free_from_the_dead(self) -> None:
        # A thread that ended in the middle of its transaction took its connection with it, and SQLite rolled back.
        with self._mutex:
            if self._owner is not None and self._owner() is None:
                self._turnstile.leave()
                self._pass_on()


_LOCKS: dict[str, FairLock] = {}
_LOCKS_MUTEX = threading.Lock()


def lock_of(database: str) -> FairLock:
    """Return the one lock of a database file in this process."""
    path = os.path.realpath(database)
    with _LOCKS_MUTEX:
        if path not in _LOCKS:
            _LOCKS[path] = FairLock(path)
        return _LOCKS[path]


def _after_fork() -> None:
    global _LOCKS_MUTEX
    _LOCKS_MUTEX = threading.Lock()
    for lock in _LOCKS.values():
        lock.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
