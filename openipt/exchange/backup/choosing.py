"""Which two files a restore begins with: named one by one, or by the manifest that stands with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from openipt.casebook.sealing import Keyring
from openipt.exchange.backup.ends import Ends
from openipt.exchange.backup.head import STORES, Head, Store, head_of
from openipt.exchange.backup.manifest import ENDING, Manifest, check_mark, read_manifest
from openipt.exchange.backup.package import sha256_of
from openipt.exchange.backup.places import plain_words, refused


@dataclass(frozen=True, slots=True)
class Chosen:
    """The two files, their heads, and where the audit of the record ended, if a manifest tells."""

    paths: dict[Store, Path]
    heads: dict[Store, Head]
    ends: Ends | None

    @property
    def made_at(self) -> datetime:
        """The moment as of which the record is restored."""
        return self.heads["record"].made_at


def choose(files: Sequence[Path], ring: Keyring) -> Chosen:
    """Find the record and the keys among files; all that can be known before decrypting is checked here.

    Args:
        files: The two files, or a manifest that has them beside it.
        ring: The keys there are.

    Raises:
        Refused: One is missing or doubled, made with another key, altered; or the keys are older than the record.
    """
    paths: dict[Store, Path] = {}
    for path in (found for file in files for found in _beside(file)):
        store = head_of(path).store
        if store in paths:
            raise refused(path.name, f"is a second file of the {store}", f"one, and {paths[store].name} was named too")
        paths[store] = path
    for store in STORES:
        if store not in paths:
            raise refused("the backup", f"no file of the {store} was named", "two files, or the manifest beside them")
    heads = {store: head_of(paths[store]) for store in STORES}
    for store in STORES:
        _check_key(paths[store], heads[store], ring)
    if heads["keys"].made_at < heads["record"].made_at:
        raise refused(
            paths["keys"].name,
            f"these keys are of {_when(heads['keys'])}, older than the record of {_when(heads['record'])}: "
            "clients who came in between could not be read",
            "the keys made with the record, or newer ones",
        )
    return Chosen(paths, heads, _ends(paths, heads, ring))


def _beside(file: Path) -> list[Path]:
    if not file.name.endswith(ENDING):
        return [file]
    manifest, _ = read_manifest(file)
    record, keys = (file.with_name(manifest.files[store].name) for store in STORES)
    return [record, keys if keys.exists() else _newer_keys(keys)]


def _newer_keys(gone: Path) -> Path:
    """Keys are kept for a shorter time: the next newer ones open the record too."""
    newer = sorted(one for one in gone.parent.glob("openipt-*.keys") if one.name > gone.name)
    if not newer:
        raise refused(gone.name, "is not there, and no newer keys are beside it", "the keys of this backup or newer")
    return newer[0]


def _check_key(path: Path, head: Head, ring: Keyring) -> None:
    if ring.find(head.key) is None:
        held = ", ".join(key.id for key in ring.keys)
        raise refused(
            path.name,
            f"was made with key {head.key}; the keys given are {held}",
            "the key file or the recovery sheet of that time",
        )


def _ends(paths: dict[Store, Path], heads: dict[Store, Head], ring: Keyring) -> Ends | None:
    """Return what the manifest says of the audit, once manifest and files were found to fit; None without one."""
    page = paths["record"].with_suffix(ENDING)
    if not page.is_file():
        return None
    manifest, said = read_manifest(page)
    _check_manifest(page, manifest, said, ring)
    if manifest.backup != heads["record"].backup:
        raise refused(page.name, "belongs to another backup", "the manifest of this record")
    for store in STORES:
        _check_sum(paths[store], heads[store], manifest)
    return manifest.audit


def _check_manifest(page: Path, manifest: Manifest, said: dict[str, Any], ring: Keyring) -> None:
    key = ring.find(manifest.key)
    if key is None:
        raise refused(page.name, f"names key {manifest.key}, which is not given", "the manifest of this record")
    check_mark(said, key, page.name)


def _check_sum(path: Path, head: Head, manifest: Manifest) -> None:
    if head.backup != manifest.backup:
        return  # newer keys, from another backup; their own chunks tell whether they are whole
    copied = manifest.files[head.store]
    with plain_words(path):
        whole = path.stat().st_size == copied.size and sha256_of(path) == copied.sha256
    if not whole:
        raise refused(path.name, "is not the file its manifest describes: it was cut or altered", "the file as made")


def _when(head: Head) -> str:
    return f"{head.made_at:%Y-%m-%d %H:%M}"
