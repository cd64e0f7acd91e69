"""One writer among all processes: a row of lock files, which keeps the order of those who wait.

Whoever wants to write takes the seat at the end of the row, waits for the one in front, and then gives up the one
behind. So a process that has just written cannot write again before those who sit waiting, and nobody passes anybody.
Who comes when every seat is taken stands, and who of the standing sits down first is chance: a busy machine may leave
the same one standing again and again. Therefore there are as many seats as a service has processes that write (two
that serve, the hourly work, a command by hand). The system drops a lock when its process dies, however it dies; the
files stay, empty, and mean nothing by themselves.

We ask again and again in short steps instead of sleeping inside the system call: a call that sleeps knows no time
limit, and at any moment only one thread of each process asks (`fairlock` sees to that).
"""

from __future__ import annotations

import os
import sys
import time

if sys.platform == "win32":
    import msvcrt

    def _taken(file: int) -> bool:
        os.lseek(file, 0, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _free(file: int) -> None:
        os.lseek(file, 0, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _taken(file: int) -> bool:
        # flock, not lockf: a lockf lock is lost as soon as any thread of the process closes the same file
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _free(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)


SEATS = ("third", "second", "next", "writer")
FIRST_PAUSE, LONGEST_PAUSE = 0.0001, 0.0005  # seconds between two questions


class Turnstile:
    """The lock files beside one database. One thread of a process uses it at a time."""

    def __init__(self, database: str) -> None:
        self._paths = [f"{database}-{name}" for name in SEATS]
        self._files: list[int] = []

    def enter(self, until: float) -> bool:
        """Wait for the lock until `time.monotonic()` reads `until`; return whether it was given."""
        while self._went_through(until):
            if self._still_named():
                return True
            self.leave()
            self.forget()
        return False

    def leave(self) -> None:
        """Give the lock back."""
        if self._files:
            _free(self._files[-1])

    def forget(self) -> None:
        """Close the files. In a child after a fork: without unlocking, for the lock is still the parent's."""
        for file in self._files:
            os.close(file)
        self._files = []

    def _went_through(self, until: float) -> bool:
        # From seat to seat: the one in front is taken before the one behind is given up.
        if not self._files:
            self._files = [os.open(path, os.O_RDWR | os.O_CREAT, 0o600) for path in self._paths]
        behind = None
        for seat in self._files:
            try:
                given = _asked(seat, until)
            finally:
                if behind is not None:
                    _free(behind)
            if not given:
                return False
            behind = seat
        return True

    def _still_named(self) -> bool:
        # Somebody may have tidied the lock files away: a lock on a file without a name keeps nobody out.
        try:
            return os.path.samestat(os.fstat(self._files[-1]), os.stat(self._paths[-1]))
        except FileNotFoundError:
            return False


def _asked(file: int, until: float) -> bool:
    pause = FIRST_PAUSE
    while not _taken(file):
        if time.monotonic() >= until:
            return False
        time.sleep(pause)
        pause = min(pause * 1.5, LONGEST_PAUSE)
    return True


def locks_work_in(folder: str) -> bool:
    """Whether the file system of a folder really keeps a second writer out (some network drives only pretend)."""
    probe = os.path.join(folder, f".lock-probe-{os.getpid()}")
    first, second = Turnstile(probe), Turnstile(probe)
    try:
        return first.enter(0) and not second.enter(0)
    except OSError:
        return False
    finally:
        first.forget()
        second.forget()
        for path in first._paths:
            if os.path.exists(path):
                os.unlink(path)
