"""Entries by the hundred.

A frozen dataclass sets each of its fields by a call of its own. Fourteen fields of a hundred and fifty entries cost a
fiftieth of every page, and of every save; so an entry that comes from a table is put together open, and then closed.
"""

from __future__ import annotations

from dataclasses import fields, make_dataclass
from typing import Any

from openipt.therapy.record.facts import Entry

_Open = make_dataclass("_Open", [(one.name, Any) for one in fields(Entry)], slots=True, eq=False)


def entry(*said: Any) -> Entry:
    """Return `Entry(*said)`; all its fields have to be given, in their order."""
    made: Any = _Open(*said)
    made.__class__ = Entry  # two classes of the same fields hold them in the same places
    closed: Entry = made
    return closed
