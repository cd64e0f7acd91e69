"""Make a key file and change its keys, so that no interruption leaves less than one whole file."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from django.core.files import locks

from openipt.casebook.sealing.key_reading import FORMAT
from openipt.casebook.sealing.keys import Key, Keyring
from openipt.casebook.sealing.problems import KeyFileProblem


def make_key_file(path: Path, at: datetime | None = None) -> Key:
    """Make a key file with one new key, mode 0600; return the key.

    Args:
        path: Where. Nothing is ever overwritten.
        at: Now; the day goes into the file, for people to tell keys apart. Nothing is decided by it, so where it is
            left out the machine's own day will do.

    Raises:
        KeyFileProblem: a file is there already, or the folder is missing.
    """
    key = Key.new((at or datetime.now(UTC)).date())
    write_key_file(path, Keyring((key,)))
    return key


def write_key_file(path: Path, ring: Keyring) -> None:
    """Write keys into a file that is not there yet, mode 0600; raise KeyFileProblem where one is."""
    try:
        _write(path, ring)
    except FileExistsError:
        raise KeyFileProblem(
            f"{path} is there already",
            "a place without a key file",
            "If what it once sealed is still needed, keep it; else move it away by hand and try again",
        ) from None
    except OSError as error:
        raise KeyFileProblem(
            f"{path} cannot be written ({error.strerror})",
            "a folder we may write to",
            "Make the folder, or ask its owner",
        ) from error


def replace_key_file(path: Path, ring: Keyring) -> None:
    """Change the keys of a file in one step: whoever reads finds all the old or all the new, also after a power cut."""
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)  # what an interrupted change left behind
    _write(beside, ring)
    _give(beside, path)
    beside.replace(path)
    _sync_folder(path)


@contextmanager
def changing(path: Path) -> Iterator[None]:
    """Let one process at a time change a key file; raise KeyFileProblem where another does. Ends with the process."""
    beside = path.with_name(f"{path.name}.lock")
    try:
        mark = os.fdopen(os.open(beside, os.O_RDWR | os.O_CREAT, 0o600), "a")
    except OSError as error:
        raise KeyFileProblem(
            f"{beside} cannot be written ({error.strerror})",
            "the key file in a folder we may write to",
            "Ask its owner",
        ) from error
    with mark:
        _give(beside, path)
        if not locks.lock(mark, locks.LOCK_EX | locks.LOCK_NB):
            raise KeyFileProblem(
                f"the key in {path} is being changed by another process",
                "one change at a time",
                "Wait until it has ended",
            )
        yield


def _write(path: Path, ring: Keyring) -> None:
    keys = [
        {"id": key.id, "made": key.made.isoformat(), "key": base64.b64encode(key.secret).decode()} for key in ring.keys
    ]
    text = json.dumps({"format": FORMAT, "keys": keys}, indent=2) + "\n"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    _sync_folder(path)


def _give(path: Path, like: Path) -> None:
    # Else a change made by the administrator would take the key away from the service.
    if os.name == "posix" and like.exists() and (owner := like.stat()).st_uid != path.stat().st_uid:
        os.chown(path, owner.st_uid, owner.st_gid)


def _sync_folder(path: Path) -> None:
    if os.name != "posix":
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # else the name may be lost in a power cut although the bytes are safe
    finally:
        os.close(folder)
