"""Which backups stay: the newest so many. Keys may be kept for a shorter time than records.

A client's key that was erased lives on in older copies of the keys. A newer copy of the keys opens an older record, but
for those clients; so copies of the keys are thrown away earlier, and erasing becomes true.
"""

from __future__ import annotations

from pathlib import Path

from openipt.exchange.backup.manifest import ENDING, read_manifest
from openipt.therapy.shelf import Refused

PATTERN = f"openipt-*{ENDING}"


def backups_in(folder: Path) -> list[Path]:
    """Return the manifests of a folder's backups, the newest first."""
    return sorted(folder.glob(PATTERN), key=lambda page: page.name, reverse=True)


def keep_newest(folder: Path, keep: int | None, keep_keys: int | None = None) -> list[str]:
    """Throw away what is older than the newest backups; return the names of the files that went.

    Only files that a manifest of ours names are touched.

    Args:
        folder: Where the backups are.
        keep: How many stay; None keeps all.
        keep_keys: Of how many the keys stay; None: as many as records.
    """
    gone: list[str] = []
    for place, page in enumerate(backups_in(folder)):
        if keep is not None and place >= keep:
            gone += _remove(folder, page, ("record", "keys"))
        elif keep_keys is not None and place >= keep_keys:
            gone += _remove(folder, page, ("keys",))
    return gone


def _remove(folder: Path, page: Path, stores: tuple[str, ...]) -> list[str]:
    try:
        manifest, _ = read_manifest(page)
    except Refused:  # not ours to throw away
        return []
    names = [manifest.files[store].name for store in stores]  # type: ignore[index]
    if "record" in stores:
        names.insert(0, page.name)  # first: what is half gone must not look whole
    return [name for name in names if _gone(folder / name)]


def _gone(path: Path) -> bool:
    there = path.is_file()
    path.unlink(missing_ok=True)
    return there
