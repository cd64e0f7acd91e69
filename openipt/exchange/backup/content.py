"""What a record says, as one hash for each client: two stores that say the same have the same hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from datetime import UTC
from typing import Any
from uuid import UUID

from openipt.casebook import sealing
from openipt.casebook.models import Entry
from openipt.casebook.models.sealed import read_body

BATCH = 500


def content_hashes(only: Collection[UUID] | None = None) -> dict[UUID, str]:
    """Return a sha256 over the unsealed entries of each client, in the order they came; of a group by the group's id.

    A client whose key was erased has the hash of what stays: ids, forms and times.

    Args:
        only: Ids of entries; others are left out. To compare a store that went on with its older copy.

    Raises:
        sealing.Tampered: An entry does not open.
    """
    hashes: dict[UUID, Any] = {}
    for entry in Entry.objects.order_by("enrolment", "group", "seq", "id").iterator(chunk_size=BATCH):
        if only is not None and entry.id not in only:
            continue
        whose = entry.client_id or entry.group_id
        assert whose is not None  # noqa: S101 - an entry belongs to a client or a group
        hashes.setdefault(whose, hashlib.sha256()).update(_text(entry))
    return {whose: one.hexdigest() for whose, one in hashes.items()}


def _text(entry: Entry) -> bytes:
    times = (entry.happened_at.astimezone(UTC).isoformat(), entry.recorded_at.astimezone(UTC).isoformat())
    said = [entry.id.hex, entry.form, entry.version, entry.kind, entry.about, *times, _content(entry)]
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _content(entry: Entry) -> Any:
    try:
        return read_body(entry.scope, "entry", entry.id, bytes(entry.body))
    except sealing.KeyGone:
        return None
