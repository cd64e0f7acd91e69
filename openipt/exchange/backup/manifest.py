"""The manifest of a backup: which two files, what they hold as sha256, and where the audit ended. No key is needed."""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from openipt.casebook.sealing import Key
from openipt.exchange.backup.cipher import key_of_file
from openipt.exchange.backup.ends import Ends
from openipt.exchange.backup.head import STORES, Head, Store
from openipt.exchange.backup.places import refused

FORMAT = "openipt backup manifest 1"
ENDING = ".manifest.json"


@dataclass(frozen=True, slots=True)
class Copied:
    """One file of a backup."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup is made of."""

    backup: str
    made_at: str
    openipt: str
    key: str
    files: dict[Store, Copied]
    audit: Ends

    def said(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"format": FORMAT, **asdict(self)}

    def text(self, key: Key) -> str:
        """Return the page, with a mark that only a holder of the key can make."""
        said = self.said()
        return json.dumps({**said, "mark": _mark(said, key, self.backup)}, indent=2) + "\n"


def manifest_of(head: Head, files: dict[Store, Copied], audit: Ends) -> Manifest:
    """Return the manifest of two files."""
    return Manifest(head.backup, head.made_at.isoformat(), head.openipt, head.key, files, audit)


def read_manifest(path: Path) -> tuple[Manifest, dict[str, Any]]:
    """Read a manifest; return it, and all that stands on its page.

    Raises:
        Refused: It cannot be read, or is none.
    """
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if said["format"] != FORMAT or set(said["files"]) != set(STORES):
            raise ValueError("format")
        files: dict[Store, Copied] = {store: Copied(**said["files"][store]) for store in STORES}
        if any(Path(one.name).name != one.name for one in files.values()):
            raise ValueError("name")
        made = Manifest(said["backup"], said["made_at"], said["openipt"], said["key"], files, Ends(**said["audit"]))
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        raise refused(path.name, "is not a manifest of a backup", "the file that ends in .manifest.json") from None
    return made, said


def check_mark(said: dict[str, Any], key: Key, name: str) -> None:
    """Refuse a manifest that was altered after it was made."""
    rest = {one: value for one, value in said.items() if one != "mark"}
    if not hmac.compare_digest(str(said.get("mark", "")), _mark(rest, key, str(said["backup"]))):
        raise refused(name, "was altered: its mark does not fit", "the manifest as openipt backup wrote it")


def _mark(said: dict[str, Any], key: Key, backup: str) -> str:
    text = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
    return hmac.new(key_of_file(key, backup.encode(), "manifest"), text, "sha256").hexdigest()
