"""Where what the shelf says is kept between two starts: a folder of the user who runs OpenIPT.

It holds nothing but what the pages of the program and of its shelves say, and may be thrown away at any time. A file
counts only where it is whole (it begins with its own hash) and where nobody else could have written it.
"""

from __future__ import annotations

import os
import shutil
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile

from openipt.therapy import shelf

VARIABLE = "OPENIPT_CACHE"
_READER = [Path(shelf.__file__).with_name(name) for name in ("parsing.py", "known_pages.py")]


class Folder:
    """A folder with a file for each page. What cannot be read or written there is as if it were not known."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def find(self, key: str) -> str | None:
        """Return what was kept by this key; None where it is not there or not whole."""
        try:
            seal, _, said = (self.path / key).read_text(encoding="utf-8").partition("\n")
        except (OSError, UnicodeDecodeError):
            return None
        return said if seal == _seal(key, said) else None

    def keep(self, key: str, said: str) -> None:
        """Keep a text. Another process that keeps the same at the same time does no harm."""
        try:
            with NamedTemporaryFile("w", encoding="utf-8", dir=self.path, delete=False) as file:
                file.write(f"{_seal(key, said)}\n{said}")
            os.replace(file.name, self.path / key)
        except OSError:
            return


def know_pages() -> None:
    """Let the shelf look for known pages in the folder of this user, where there is one to be trusted."""
    root = _root()
    place = root / _reader() if root else None
    shelf.know_from(Folder(place) if place and _made(place) else None)


def _root() -> Path | None:
    """Return the folder of all readers: what OPENIPT_CACHE names ("" for none), else one in the user's own cache."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return Path(named) if named else None
    cached = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(cached) if cached else Path.home() / ".cache") / "openipt"
    except RuntimeError:  # a user without a home
        return None


@cache
def _reader() -> str:
    """Return by what pages are read and kept: another reader may make something else of the same text."""
    parts = [*(part.read_text(encoding="utf-8") for part in _READER), version("ruamel.yaml"), version("openipt")]
    return "pages-" + sha256("\n".join(parts).encode()).hexdigest()[:16]


def _made(place: Path) -> bool:
    """Make the folder, alone with its own; return whether it is this user's and closed to everybody else."""
    try:
        if not place.is_dir():
            for old in place.parent.glob("pages-*"):
                shutil.rmtree(old, ignore_errors=True)
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = place.stat()
    except OSError:
        return False
    return not hasattr(os, "getuid") or (found.st_uid == os.getuid() and not found.st_mode & 0o022)


def _seal(key: str, said: str) -> str:
    return sha256(f"{key}\n{said}".encode()).hexdigest()
