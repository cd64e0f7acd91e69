"""Verify the whole record: rows, events, anchors and guards as the audit knows them, and definitions by their own name.

A definition is noted by no event: it is stored under the sha256 of its text, so it proves itself. What that leaves
open: when it was first used, and a manual's text that is gone (which one a course began with is sealed).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from openipt.accounts import changes, devices
from openipt.audit import faults, verifying
from openipt.audit.append_only import append_only_tables
from openipt.audit.faults import Fault
from openipt.audit.snapshot import snapshot
from openipt.casebook.models import APPEND_ONLY, Definition, Entry

# each row of these is noted by an event
NOTED = (
    *(model for model in APPEND_ONLY if model is not Definition),
    *changes.APPEND_ONLY,
    *devices.APPEND_ONLY,
)
TABLE = Definition._meta.db_table


def verify_record() -> Iterator[Fault]:
    """Yield every fault of the record and its audit; nothing where all is as it was written. Needs no key.

    Nothing can be written on this connection until the last fault was taken (`audit.verifying.verify`).
    """
    yield from verifying.verify(NOTED)
    with snapshot():
        yield from _of_definitions()


def _of_definitions() -> Iterator[Fault]:
    if TABLE not in append_only_tables():
        yield faults.guard_lost(TABLE)
    known = set()
    for one in Definition.objects.order_by("sha").iterator(chunk_size=50):
        known.add(one.sha)
        if not _is_itself(one):
            yield faults.row_differs(TABLE, one.sha)
    used = Entry.objects.exclude(definition=None).order_by("definition").values_list("definition", flat=True).distinct()
    for sha in used:
        if sha not in known:
            yield faults.row_gone(TABLE, sha)


def _is_itself(one: Definition) -> bool:
    """Whether a definition's text is the one it is named after, and says the same as the columns beside it."""
    if hashlib.sha256(one.text.encode()).hexdigest() != one.sha:
        return False
    said = json.loads(one.text)
    kind = "form" if "items" in said else "manual"
    return (kind, said["id"], said["version"]) == (one.kind, one.name, one.version)
