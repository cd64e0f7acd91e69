"""Seal a field of a row, unseal it, and compare what is sealed without reading it."""

from __future__ import annotations

from uuid import UUID

from openipt.casebook.sealing.envelope import Place
from openipt.casebook.sealing.scopes import data_key


def seal(scope: UUID, place: Place, text: bytes) -> bytes:
    """Seal a text for one place; 29 bytes longer than the text, and different each time.

    Args:
        scope: Whose key seals it.
        place: Table, column and row id. It opens nowhere else.
        text: What is to be sealed.

    Raises:
        KeyGone: the scope's key is erased or unknown.
        Tampered: the scope's key itself was changed in its store.
        KeyFileProblem: the key file cannot be used.
    """
    return data_key(scope).seal(place, text)


def unseal(scope: UUID, place: Place, blob: bytes) -> bytes:
    """Return what was sealed.

    Raises:
        Tampered: the bytes were changed, cut, or come from another place or scope.
        KeyGone: the scope's key is erased or unknown.
        KeyFileProblem: the key file cannot be used.
    """
    return data_key(scope).unseal(place, blob)


def fingerprint(scope: UUID, text: bytes) -> bytes:
    """Return 32 bytes that are equal for equal texts of one scope (HMAC-SHA256; its key follows from the scope's).

    For "the same as before?" and for finding an exact value without unsealing every row. It shows which texts of a
    scope are equal, and no more; put the name of the column in front of the text where even that is too much.

    Raises:
        KeyGone: the scope's key is erased or unknown.
        KeyFileProblem: the key file cannot be used.
    """
    return data_key(scope).fingerprint(text)
