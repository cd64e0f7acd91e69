"""The manual a course runs by: in the version it is pinned to."""

from __future__ import annotations

from openipt.therapy.manuals import Manual, bare_manual, open_manual
from openipt.therapy.record import Record
from openipt.therapy.shelf import Refused


def manual_of(record: Record, grouped: bool = False) -> Manual:
    """Return the manual of a record in its version; a stand-in that offers nothing where nobody has it any more."""
    try:
        return open_manual(record.manual, record.manual_version)
    except Refused:
        return bare_manual(record.manual, record.manual_version, grouped)
