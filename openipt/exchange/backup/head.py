"""The head of a backup file: two lines that can be read without a key, and that no chunk fits without.

openipt backup 1
{"backup":"...","store":"record","made_at":"...","openipt":"0.1.0","key":"...","salt":"...","size":4096}
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal

from openipt.therapy.shelf import Problem, Refused

MAGIC = b"openipt backup 1\n"
LONGEST = 4096

Store = Literal["record", "keys"]
STORES: tuple[Store, Store] = ("record", "keys")


@dataclass(frozen=True, slots=True)
class Head:
    """What a backup file says of itself.

    Attributes:
        backup: The backup it belongs to, with its other file.
        store: Which of the two it is.
        made_at: The moment of the copy.
        openipt: The version that made it.
        key: The id of the key-encryption key that opens it.
        salt: 16 bytes, in hexadecimal.
        size: Bytes of what is inside.
    """

    backup: str
    store: Store
    made_at: datetime
    openipt: str
    key: str
    salt: str
    size: int

    def text(self) -> bytes:
        """Return the two lines."""
        said = {**asdict(self), "made_at": self.made_at.isoformat()}
        return MAGIC + json.dumps(said, separators=(",", ":")).encode("ascii") + b"\n"


def read_head(source: BinaryIO, name: str) -> tuple[Head, bytes]:
    """Read the head of a file; return it with its bytes, which the chunks are bound to.

    Raises:
        Refused: It is not a backup, or of another format.
    """
    first = source.readline(len(MAGIC) + 1)
    line = source.readline(LONGEST)
    if first != MAGIC or not line.endswith(b"\n"):
        raise Refused(not_ours(name))
    try:
        return _head(json.loads(line)), first + line
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Refused(not_ours(name)) from None


def _head(said: dict[str, Any]) -> Head:
    if said["store"] not in STORES or len(bytes.fromhex(said["salt"])) != 16:
        raise ValueError("store or salt")
    made_at = datetime.fromisoformat(said.pop("made_at"))
    if made_at.tzinfo is None or type(said["size"]) is not int or said["size"] < 0:
        raise ValueError("time or size")
    head = Head(made_at=made_at, **said)
    if not all(isinstance(one, str) for one in (head.backup, head.openipt, head.key)):
        raise ValueError("id")
    return head


def not_ours(name: str) -> Problem:
    """Say that a file is no backup of ours."""
    wrong = "is not a backup file of OpenIPT, or its head was altered"
    return Problem(name, 0, "", wrong, "a file made by openipt backup")


def head_of(path: Path) -> Head:
    """Read the head of a file by its path; raise Refused."""
    try:
        with path.open("rb") as source:
            return read_head(source, path.name)[0]
    except OSError as error:
        wrong = f"cannot be opened ({error.strerror})"
        raise Refused(Problem(str(path), 0, "", wrong, "a backup file that can be read")) from None
