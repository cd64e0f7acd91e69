"""What stands in a key file, and reading it. Without it nothing that was sealed can be read.

The file is JSON, readable by its owner alone, with the newest key last::

    {"format": "openipt key file 1", "keys": [{"id": "16 digits", "made": "2026-10-01", "key": "32 bytes in base64"}]}
"""

from __future__ import annotations

import base64
import json
import os
import stat
from datetime import date
from pathlib import Path
from typing import Any

from openipt.casebook.sealing.keys import Key, Keyring, weakness
from openipt.casebook.sealing.problems import KeyFileProblem

FORMAT = "openipt key file 1"
MOST_BYTES = 64_000
RESTORE = "Put the right file back, or make it anew from the recovery sheet"


def read_key_file(path: Path) -> Keyring:
    """Read a key file.

    Raises:
        KeyFileProblem: it is missing, readable by others than its owner, malformed, or holds a key that is none
            (too short, all zeros, repeated bytes). The words never hold a part of the key.
    """
    raw, mode = _content(path)
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyFileProblem(
            f"the key file {path} is open to other users of this machine (mode {stat.S_IMODE(mode):04o})",
            "mode 0600: its owner alone",
            f"Run `chmod 600 {path}`; if others were here, change the key as well",
        )
    return _parse(path, raw)


def current(path: Path) -> Keyring:
    """Return the keys of the file as it is now, for a service that runs; raise KeyFileProblem.

    Other users' access is not asked about again: a file left open stops the next start, not a service in use.
    """
    return _parse(path, _content(path)[0])


def _content(path: Path) -> tuple[bytes, int]:
    try:
        with path.open("rb") as file:
            raw, mode = file.read(MOST_BYTES + 1), os.fstat(file.fileno()).st_mode
    except FileNotFoundError:
        raise KeyFileProblem(f"the key file {path} is missing", "the file that `openipt setup` made", RESTORE) from None
    except OSError as error:
        raise KeyFileProblem(
            f"the key file {path} cannot be opened ({error.strerror})", "a file we may read", RESTORE
        ) from error
    if len(raw) > MOST_BYTES:
        raise _malformed(path, f"is longer than {MOST_BYTES:,} bytes")
    return raw, mode


def _parse(path: Path, raw: bytes) -> Keyring:
    try:
        data = json.loads(raw.decode("utf-8"), object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise _malformed(path, "is not a key file") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise _malformed(path, "names another format")
    listed = data.get("keys")
    if not isinstance(listed, list) or not listed:
        raise _malformed(path, "holds no key")
    keys = tuple(_key(path, place, said) for place, said in enumerate(listed, 1))
    if len({key.id for key in keys}) < len(keys):
        raise _malformed(path, "holds the same key twice")
    return Keyring(keys)


def _key(path: Path, place: int, said: Any) -> Key:
    try:
        made, secret = date.fromisoformat(said["made"]), base64.b64decode(said["key"], validate=True)
        named = said["id"]
    except (ValueError, TypeError, KeyError):
        raise _malformed(path, f"has no id, day and key in base64 at place {place}") from None
    weak = weakness(secret)
    if weak:
        raise KeyFileProblem(
            f"key {place} of {path} {weak}",
            "32 bytes from the system's source of chance",
            RESTORE + "; never type a key",
        )
    key = Key(made, secret)
    if key.id != named:
        raise _malformed(path, f"has an id at place {place} that does not belong to its key")
    return key


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def _malformed(path: Path, wrong: str) -> KeyFileProblem:
    return KeyFileProblem(f"{path} {wrong}", f"JSON of the format {FORMAT!r}, as `openipt setup` writes it", RESTORE)
