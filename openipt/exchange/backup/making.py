"""Make a backup: two encrypted files and a manifest, whole or not there at all.

A copy lies for a moment, unencrypted, in the home folder, beside the stores it was copied from, and nowhere else.
"""

from __future__ import annotations

import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag

from openipt import __version__
from openipt.casebook.sealing import Key
from openipt.exchange.backup.cipher import decrypted, encrypted, key_of_file
from openipt.exchange.backup.copying import copy, in_files, one_moment, pages_of
from openipt.exchange.backup.ends import Ends, ends_of
from openipt.exchange.backup.head import STORES, Head, Store, read_head
from openipt.exchange.backup.manifest import ENDING, Copied, Manifest, manifest_of
from openipt.exchange.backup.package import CRISIS, KEYS, RECORD, SECRET, SERVICE, pack, sha256_of
from openipt.exchange.backup.places import PART, Opener, alone, need_room, plain_words, refused

Watched = Callable[[str, int, int], None]  # which part, how much is done, of how much
ALIASES: dict[Store, str] = {"record": "default", "keys": "keys"}
BESIDE: dict[Store, tuple[str, ...]] = {"record": (SERVICE, CRISIS), "keys": (SECRET,)}
_TEMPORARY = ".backup-"
HALF_FOR = timedelta(hours=1)  # longer than any copy takes to write


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made: its manifest, and the page where it stands."""

    manifest: Manifest
    page: Path

    @property
    def size(self) -> int:
        """Bytes of its files together."""
        return sum(one.size for one in self.manifest.files.values())


def make_backup(into: Path, home: Path, key: Key, at: datetime, watched: Watched | None = None) -> Made:
    """Make a backup of a service in SQLite while it works.

    Args:
        into: The folder to write to; made where it is not there. Not inside the home folder.
        home: The home folder of the service.
        key: The newest key-encryption key; whoever holds it, and only they, can read the backup.
        at: Now.
        watched: Called as the copy goes on, for a progress bar.

    Raises:
        Refused: A store in PostgreSQL or damaged, no room, no right to write, another backup that is running.
    """
    if into.resolve().is_relative_to(home.resolve()):
        raise refused(into, "lies inside the home folder, and would be lost with it", "a folder on another disk")
    in_files(*ALIASES.values())
    with plain_words(into):
        into.mkdir(parents=True, exist_ok=True, mode=0o700)
    with alone(home, "backup"), plain_words(home), _private_folder(home) as folder:
        ends = _copy_stores(folder, into, watched)
        for name in (name for names in BESIDE.values() for name in names if (home / name).is_file()):
            shutil.copyfile(home / name, folder / name)
        with plain_words(into):
            sweep(into, at)
            return _write(folder, into, key, at, ends)


def sweep(into: Path, at: datetime) -> None:
    """Remove what backups that were killed left half written; another service may be writing here just now."""
    for half in into.glob(f"openipt-*{PART}"):
        if half.stat().st_mtime < (at - HALF_FOR).timestamp():
            half.unlink(missing_ok=True)


@contextmanager
def _private_folder(home: Path) -> Iterator[Path]:
    for left in home.glob(f"{_TEMPORARY}*"):  # of a backup that was killed; no other one is running
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_TEMPORARY, dir=home) as folder:
        yield Path(folder)


def _copy_stores(folder: Path, into: Path, watched: Watched | None) -> Ends:
    with one_moment(*ALIASES.values()) as readers:
        size = pages_of(readers)
        need_room(folder, size)
        need_room(into, size)
        for store, name in (("record", RECORD), ("keys", KEYS)):
            step = (lambda done, of, part=store: watched(part, done, of)) if watched else None
            copy(readers[ALIASES[store]], folder / name, step)  # type: ignore[index]
    with closing(sqlite3.connect(folder / RECORD)) as copied:
        return ends_of(copied)


def _write(folder: Path, into: Path, key: Key, at: datetime, ends: Ends) -> Made:
    backup = secrets.token_hex(8)
    stem = f"openipt-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{backup[:4]}"
    opened = Opener(into)
    try:
        heads = {store: _encrypt(folder, store, opened, stem, key, backup, at) for store in STORES}
        files = {store: _checked(into / f"{stem}.{store}{PART}", heads[store], key) for store in STORES}
        manifest = manifest_of(heads["record"], files, ends)
        opened.finish()
        page = Opener(into)  # last of all: a backup without its manifest is none
        with page(f"{stem}{ENDING}") as file:
            file.write(manifest.text(key).encode("utf-8"))
        page.finish()
    finally:
        opened.throw_away()
    return Made(manifest, into / f"{stem}{ENDING}")


def _encrypt(folder: Path, store: Store, opened: Opener, stem: str, key: Key, backup: str, at: datetime) -> Head:
    names = (RECORD if store == "record" else KEYS, *BESIDE[store])
    size, parts = pack(folder / name for name in names if (folder / name).is_file())
    salt = secrets.token_bytes(16)
    head = Head(backup, store, at, __version__, key.id, salt.hex(), size)
    with opened(f"{stem}.{store}") as file:
        file.write(head.text())
        for chunk in encrypted(parts, key_of_file(key, salt, store), head.text()):
            file.write(chunk)
    return head


def _checked(path: Path, head: Head, key: Key) -> Copied:
    """Read a file back and open it before anybody relies on it."""
    with path.open("rb") as source:
        _, text = read_head(source, path.name)
        try:
            size = sum(map(len, decrypted(source, key_of_file(key, bytes.fromhex(head.salt), head.store), text)))
        except InvalidTag:
            size = -1
    if size != head.size:
        raise refused(path, "does not read back as it was written", "a disk that keeps what it is given; use another")
    return Copied(path.name.removesuffix(PART), path.stat().st_size, sha256_of(path))
