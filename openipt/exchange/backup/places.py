"""Files and folders of a backup: private, whole or not there at all, and in plain words where there is no room."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.core.files import locks

from openipt.therapy.shelf import Problem, Refused

PART = ".part"  # of a file that is not whole yet


def refused(place: Path | str, wrong: str, expected: str) -> Refused:
    """Return a refusal about a file or folder."""
    return Refused(Problem(str(place), 0, "", wrong, expected))


def open_new(path: Path) -> BinaryIO:
    """Open a file that is not there yet, readable by its owner alone."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


class Opener:
    """Opens files of a folder to write to, each new; remembers them, so that they can be finished or thrown away."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: list[str] = []

    def __call__(self, name: str) -> BinaryIO:
        """Open one under its temporary name."""
        made = open_new(self.folder / f"{name}{PART}")
        self.names.append(name)
        return made

    def finish(self) -> None:
        """Give each its own name, once all of them are safe on the disk."""
        for name in self.names:
            sync(self.folder / f"{name}{PART}")
        for name in self.names:
            (self.folder / f"{name}{PART}").rename(self.folder / name)
        sync(self.folder)

    def throw_away(self) -> None:
        """Remove what is not finished."""
        for name in self.names:
            (self.folder / f"{name}{PART}").unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Wait until a file or folder is safe on the disk."""
    if os.name != "posix" and path.is_dir():
        return
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def need_room(folder: Path, size: int) -> None:
    """Refuse where a folder has no room for so many bytes."""
    free = shutil.disk_usage(folder).free
    if free < size:
        raise refused(folder, f"{_megabytes(free)} are free", f"{_megabytes(size)} for this copy; make room first")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


@contextmanager
def plain_words(place: Path) -> Iterator[None]:
    """Say in plain words what the disk or the system refused inside."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise refused(place, "the disk is full", "room for the whole copy; nothing half was left behind") from error
        named = error.filename or place
        raise refused(named, f"cannot be used ({error.strerror})", "a place we may read and write") from error
    except sqlite3.Error as error:  # also where the disk is full
        raise refused(place, f"SQLite could not go on: {error}", "a whole store, and room for its copy") from error


@contextmanager
def alone(folder: Path, what: str) -> Iterator[None]:
    """Let one process at a time do something with a folder; raise Refused where another does."""
    with plain_words(folder):
        mark = os.fdopen(os.open(folder / f"{what}.lock", os.O_RDWR | os.O_CREAT, 0o600), "a")
    with mark:
        if not locks.lock(mark, locks.LOCK_EX | locks.LOCK_NB):
            raise refused(folder, f"another {what} is running", "one at a time; wait until it has ended")
        yield
