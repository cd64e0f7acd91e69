"""Sealing: what was written is readable only with its scope's key, and only in the row it was written to.

A *scope* is whose key it is: a client's, a group's, or that of the author of process notes. Each scope has one data
key. The data keys lie in a store of their own, each wrapped by the key-encryption key of the service, a file::

    key file  ->  wraps the data key of a scope  ->  seals a field: (table, column, row)

Whoever has only the record, or only the key store, or only the key file, can read nothing. Erasing a scope's key makes
everything sealed with it unreadable for good, in every copy of the record. What stays readable is what was never
sealed: scores, times and ids.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openipt.casebook.sealing.fields import fingerprint, seal, unseal
    from openipt.casebook.sealing.key_file import make_key_file
    from openipt.casebook.sealing.key_reading import read_key_file
    from openipt.casebook.sealing.keys import Key, Keyring
    from openipt.casebook.sealing.problems import KeyFileProblem, KeyGone, Tampered
    from openipt.casebook.sealing.recovery import recovery_sheet, restore_from_sheet, restore_key_file
    from openipt.casebook.sealing.rotation import Rotation, rotate
    from openipt.casebook.sealing.scopes import erase, load, new_scope

__all__ = [
    "Key",
    "KeyFileProblem",
    "KeyGone",
    "Keyring",
    "Rotation",
    "Tampered",
    "erase",
    "fingerprint",
    "load",
    "make_key_file",
    "new_scope",
    "read_key_file",
    "recovery_sheet",
    "restore_from_sheet",
    "restore_key_file",
    "rotate",
    "seal",
    "unseal",
]

_HOMES = {
    "fields": ("fingerprint", "seal", "unseal"),
    "key_reading": ("read_key_file",),
    "key_file": ("make_key_file",),
    "keys": ("Key", "Keyring"),
    "problems": ("KeyFileProblem", "KeyGone", "Tampered"),
    "recovery": ("recovery_sheet", "restore_from_sheet", "restore_key_file"),
    "rotation": ("Rotation", "rotate"),
    "scopes": ("erase", "load", "new_scope"),
}


def __getattr__(name: str) -> Any:
    """Fetch a public name from its home on first use: Django opens this package before it knows any table."""
    for home, names in _HOMES.items():
        if name in names:
            from importlib import import_module

            found = getattr(import_module(f"{__name__}.{home}"), name)
            globals()[name] = found  # the next call costs nothing
            return found
    raise AttributeError(f"module {__name__!r} has no name {name!r}; it offers {', '.join(__all__)}")
