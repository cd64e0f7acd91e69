"""Restore a backup into an empty folder, which then is the home of the service; or leave nothing behind.

Nothing is restored over anything. What comes out of the files is checked before it gets its name: every chunk, every
sum, SQLite's own check of each store, and that the keys given open the keys that were restored.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag

from openipt.casebook.sealing import Keyring
from openipt.casebook.sealing.key_file import write_key_file
from openipt.exchange.backup.choosing import Chosen, choose
from openipt.exchange.backup.cipher import decrypted, key_of_file
from openipt.exchange.backup.ends import Ends, ends_of
from openipt.exchange.backup.head import STORES, Store, read_head
from openipt.exchange.backup.package import KEYS, RECORD, Unfit, unpack
from openipt.exchange.backup.places import PART, Opener, need_room, plain_words, refused

KEY_FILE = "openipt.key"
Watched = Callable[[str, int, int], None]  # which store, bytes done, of how many


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: the moment it stands at, where its audit ends, and what lies in the folder now."""

    made_at: datetime
    ends: Ends
    compared: bool  # whether a manifest said where the audit ended
    names: tuple[str, ...]


def restore(files: Sequence[Path], into: Path, ring: Keyring, watched: Watched | None = None) -> Restored:
    """Restore a service.

    Args:
        files: The two files of a backup, or its manifest.
        into: A folder that is empty, or not there yet.
        ring: The keys that the files, and the keys in them, were closed with.
        watched: Called as the work goes on, for a progress bar.

    Raises:
        Refused: What is wrong, by name; the folder is as it was before.
    """
    chosen = choose(files, ring)
    was_there = _empty(into)
    with plain_words(into):
        into.mkdir(parents=True, exist_ok=True, mode=0o700)
        into.chmod(0o700)
        try:
            need_room(into, sum(head.size for head in chosen.heads.values()))
            return _restore(chosen, into, ring, watched)
        except BaseException:
            _leave_nothing(into, was_there)
            raise


def _empty(into: Path) -> bool:
    if into.exists() and not into.is_dir():
        raise refused(into, "is a file", "an empty folder")
    there = sorted(path.name for path in into.iterdir()) if into.is_dir() else []
    if there:
        more = f" and {len(there) - 3} more" if len(there) > 3 else ""
        raise refused(into, f"is not empty: {', '.join(there[:3])}{more}", "an empty folder; nothing is overwritten")
    return into.is_dir()


def _restore(chosen: Chosen, into: Path, ring: Keyring, watched: Watched | None) -> Restored:
    opened = Opener(into)
    for store in STORES:
        _open_file(chosen, store, ring, opened, watched)
    record, keys = (into / f"{name}{PART}" for name in (RECORD, KEYS))
    for path in (record, keys):
        _check_store(path)
    ends = _ends(record, chosen)
    ring = _needed(keys, ring)
    opened.finish()
    write_key_file(into / KEY_FILE, ring)
    return Restored(chosen.made_at, ends, chosen.ends is not None, (*sorted(opened.names), KEY_FILE))


def _open_file(chosen: Chosen, store: Store, ring: Keyring, opened: Opener, watched: Watched | None) -> None:
    path, known = chosen.paths[store], chosen.heads[store]
    key = ring.find(known.key)
    assert key is not None  # noqa: S101 - chosen with this ring
    with path.open("rb") as source:
        head, text = read_head(source, path.name)
        parts = decrypted(source, key_of_file(key, bytes.fromhex(head.salt), store), text)
        try:
            unpack(_watched(parts, source, store, path.stat().st_size, watched), store, opened)
        except InvalidTag:
            wrong = "was cut or altered, or is a part of another file"
            raise refused(path.name, wrong, "the file as it was made; try an older backup") from None
        except Unfit as error:
            raise refused(path.name, f"holds {error}", "what openipt backup writes") from None


def _watched(
    parts: Iterator[bytes], source: BinaryIO, store: str, size: int, watched: Watched | None
) -> Iterator[bytes]:
    for part in parts:
        if watched:
            watched(store, source.tell(), size)
        yield part


def _check_store(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as store:
            wrong = store.execute("PRAGMA integrity_check(5)").fetchall()
            lost = store.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        wrong, lost = [(str(error),)], []
    if wrong != [("ok",)] or lost:
        raise refused(path.name.removesuffix(PART), "does not pass SQLite's own check", "a whole store")


def _ends(record: Path, chosen: Chosen) -> Ends:
    with closing(sqlite3.connect(record)) as store:
        found = ends_of(store)
    if chosen.ends is not None and chosen.ends != found:
        raise refused(record.name.removesuffix(PART), "its audit does not end where the manifest says", "this record")
    return found


def _needed(keys: Path, ring: Keyring) -> Keyring:
    """Return those of the given keys that the restored keys are closed with; the newest where there are none yet."""
    with closing(sqlite3.connect(keys)) as store:
        used = {row[0] for row in store.execute("SELECT DISTINCT kek_id FROM sealing_scopekey WHERE wrapped NOT NULL")}
    missing = sorted(used - {key.id for key in ring.keys})
    if missing:
        named = ", ".join(missing)
        raise refused(KEYS, f"is closed with key {named}, which was not given", "the key file of that time as well")
    return Keyring(tuple(key for key in ring.keys if key.id in used) or (ring.newest,))


def _leave_nothing(into: Path, was_there: bool) -> None:
    for path in into.iterdir():
        path.unlink(missing_ok=True)
    if not was_there:
        shutil.rmtree(into, ignore_errors=True)
