"""What must be true of the keys before a service serves. Asked by the server, not by every command of Django."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.db import DatabaseError

from openipt.casebook.sealing.key_reading import read_key_file
from openipt.casebook.sealing.problems import KeyFileProblem
from openipt.casebook.sealing.scopes import foreign_key, in_use, store

TAG = "openipt-home"


def key_file_is_fit(*, databases: Sequence[str] | None = None, **_asked: Any) -> list[CheckMessage]:
    """Refuse a missing, open or weak key file (sealing.E001), and one of another key store (sealing.E002).

    A key store that cannot be asked is refused too (sealing.E003): nothing could be read.

    Args:
        databases: The stores that may be asked. Without the key store among them only the file is looked at.
    """
    try:
        ring = read_key_file(Path(settings.KEY_FILE))
    except KeyFileProblem as problem:
        return [_error(problem, "sealing.E001")]
    if store() not in (databases or ()):
        return []
    try:
        return [_error(foreign_key(used), "sealing.E002") for used in in_use() if ring.find(used) is None]
    except DatabaseError as error:
        hint = "Run `openipt setup`, or look whether its database runs."
        return [Error(f"the key store {store()!r} cannot be asked: {error}", hint=hint, id="sealing.E003")]


def _error(problem: KeyFileProblem, number: str) -> Error:
    return Error(f"{problem.wrong}; expected {problem.expected}.", hint=f"{problem.remedy}.", id=number)
