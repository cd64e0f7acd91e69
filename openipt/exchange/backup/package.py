"""What lies inside a backup file: a few named files one after the other, with a line in front that lists them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from openipt.exchange.backup.cipher import CHUNK
from openipt.exchange.backup.head import Store
from openipt.exchange.backup.places import Opener

RECORD, KEYS = "record.sqlite3", "keys.sqlite3"
SECRET, SERVICE, CRISIS = "secret", "service.yaml", "crisis-numbers.yaml"
# The secret opens second factors, so it lies with the keys. The key file itself is in no backup.
INSIDE: dict[Store, tuple[str, ...]] = {"record": (RECORD, SERVICE, CRISIS), "keys": (KEYS, SECRET)}
LONGEST_LIST = 4096


class Unfit(ValueError):  # noqa: N818 - what was decrypted is not what a backup holds
    """What was decrypted is not what this program writes."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside: its name, its bytes, the sha256 of them."""

    name: str
    size: int
    sha256: str


def pack(files: Iterable[Path]) -> tuple[int, Iterator[bytes]]:
    """Return the size of a package of files, and its bytes in parts."""
    paths = list(files)
    line = json.dumps([[one.name, one.size, one.sha256] for one in map(member, paths)]).encode("ascii") + b"\n"
    return len(line) + sum(path.stat().st_size for path in paths), _parts(line, paths)


def member(path: Path) -> Member:
    """Describe a file."""
    return Member(path.name, path.stat().st_size, sha256_of(path))


def sha256_of(path: Path) -> str:
    """Return the sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _parts(line: bytes, paths: Iterable[Path]) -> Iterator[bytes]:
    yield line
    for path in paths:
        with path.open("rb") as file:
            yield from iter(lambda file=file: file.read(CHUNK), b"")  # type: ignore[misc]


def unpack(parts: Iterable[bytes], store: Store, opened: Opener) -> list[Member]:
    """Write the files of a package, each into what `opened` gives for its name.

    Args:
        parts: The bytes of the package, in parts.
        store: Which names may be inside.
        opened: Opens a file to write to by its name; it is closed here.

    Raises:
        Unfit: A name that does not belong there, or bytes that are not what the list says.
    """
    stream = _Stream(parts)
    members = _list(stream.line(), store)
    for one in members:
        with opened(one.name) as file:
            _copy(stream, file, one)
    if stream.more():
        raise Unfit("more than its list says")
    return members


def _list(line: bytes, store: Store) -> list[Member]:
    try:
        members = [Member(*one) for one in json.loads(line)]
    except (ValueError, TypeError, RecursionError):
        raise Unfit("no list of what is inside") from None
    names = [one.name for one in members]
    if not set(names) <= set(INSIDE[store]) or len(set(names)) < len(names) or INSIDE[store][0] not in names:
        raise Unfit("other files than a backup holds")
    return members


def _copy(stream: _Stream, file: BinaryIO, one: Member) -> None:
    known = hashlib.sha256()
    left = one.size
    while left:
        part = stream.take(min(left, CHUNK))
        if not part:
            raise Unfit(f"{one.name} is shorter than its list says")
        known.update(part)
        file.write(part)
        left -= len(part)
    if known.hexdigest() != one.sha256:
        raise Unfit(f"{one.name} is not what was copied")


class _Stream:
    """Bytes that come in parts, taken in lengths."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = iter(parts)
        self._rest = b""

    def more(self) -> bool:
        while not self._rest:
            part = next(self._parts, None)
            if part is None:
                return False
            self._rest = part
        return True

    def take(self, most: int) -> bytes:
        self.more()
        taken, self._rest = self._rest[:most], self._rest[most:]
        return taken

    def line(self) -> bytes:
        found = b""
        while len(found) < LONGEST_LIST and (part := self.take(LONGEST_LIST)):
            line, end, rest = part.partition(b"\n")
            found += line
            if end:
                self._rest = rest + self._rest
                return found
        raise Unfit("no list of what is inside")
