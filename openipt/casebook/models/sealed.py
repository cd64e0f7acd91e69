"""Bodies: what was written, as one sealed text per row, read only when somebody asks for it."""

from __future__ import annotations

import json
from collections.abc import Iterator, KeysView, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from openipt.casebook import sealing


def text_of(value: Any) -> bytes:
    """Return a value as compact JSON, in the order it was written; NaN and infinity are refused."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def seal_body(scope: UUID, table: str, row: UUID, value: Any) -> bytes:
    """Seal a value for the column `body` of one row."""
    return sealing.seal(scope, (table, "body", row.hex), text_of(value))


def read_body(scope: UUID | str, table: str, row: UUID | str, blob: bytes) -> Any:
    """Return what was sealed in the column `body` of a row; ids may be given as 32 hex digits."""
    whose = _scope(scope) if isinstance(scope, str) else scope
    place = (table, "body", row if isinstance(row, str) else row.hex)
    # A record has a hundred: a text that is sealed was written by `text_of`, with nothing before or after it.
    return _value_in(str(sealing.unseal(whose, place, bytes(blob)), "utf-8"))[0]


_value_in = json.JSONDecoder().raw_decode


@lru_cache(maxsize=4096)
def _scope(digits: str) -> UUID:
    return UUID(digits)


def fingerprint(scope: UUID, value: Any) -> bytes:
    """Return a keyed fingerprint (32 bytes): equal for equal content, whatever the order it was written in."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return sealing.fingerprint(scope, text.encode())


class Answers(Mapping[str, Any]):
    """The answers of one entry. They are unsealed at the first look: most pages look at few of a record's sheets."""

    __slots__ = ("_blob", "_read", "_row", "_scope")

    def __init__(self, scope: str, row: str, blob: bytes) -> None:
        self._scope, self._row, self._blob = scope, row, blob
        self._read: dict[str, Any] | None = None

    def _answers(self) -> dict[str, Any]:
        if self._read is None:
            self._read = read_body(self._scope, "entry", self._row, self._blob)["answers"]
        return self._read

    def __getitem__(self, key: str) -> Any:
        return self._answers()[key]

    def get(self, key: str, default: Any = None) -> Any:
        """Return one answer."""
        return self._answers().get(key, default)

    def keys(self) -> KeysView[str]:
        """Return the items that were answered."""
        return self._answers().keys()

    def copy(self) -> dict[str, Any]:
        """Return them as a mapping of one's own, in one step."""
        return self._answers().copy()

    def __iter__(self) -> Iterator[str]:
        return iter(self._answers())

    def __len__(self) -> int:
        return len(self._answers())

    def __repr__(self) -> str:
        return "Answers(sealed)"  # what a traceback or a log may hold
