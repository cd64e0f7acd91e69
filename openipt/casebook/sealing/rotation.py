"""Change the key-encryption key while the service runs.

The order keeps every key readable whenever it is interrupted: first the new key is in the file, beside the old one;
then the data keys are wrapped anew, a few at a time; the old key leaves the file when nothing is wrapped by it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from openipt.casebook.sealing.envelope import unwrap, wrap
from openipt.casebook.sealing.key_file import changing, replace_key_file
from openipt.casebook.sealing.key_reading import read_key_file
from openipt.casebook.sealing.keys import Key, Keyring
from openipt.casebook.sealing.models import ScopeKey
from openipt.casebook.sealing.problems import Tampered
from openipt.casebook.sealing.scopes import in_use, store

BATCH = 200  # data keys in one transaction: the store is locked for milliseconds at a time


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a change of key did."""

    newest: str  # the id of the key that is in use now
    rewrapped: int  # how many data keys were wrapped anew
    dropped: tuple[str, ...]  # the ids of the keys that left the file
    damaged: tuple[UUID, ...]  # scopes whose data key did not open: the old key stays for them


def rotate(at: datetime, batch: int = BATCH) -> Rotation:
    """Change the key-encryption key, or end a change that was interrupted; print a new recovery sheet afterwards.

    Where several machines serve one record, each needs the file with both keys before this is run, and the new file
    after it: the key file is changed on this machine only.

    Args:
        at: Now; the day goes into the key file.
        batch: How many data keys are wrapped anew in one transaction.

    Raises:
        KeyFileProblem: the key file cannot be used, or another process is changing it.
    """
    path = Path(settings.KEY_FILE).resolve()  # a link stays a link
    with changing(path):
        ring = read_key_file(path)
        if len(ring.keys) == 1:
            ring = Keyring((*ring.keys, Key.new(at.date())))
            replace_key_file(path, ring)
        moved = 0
        damaged: list[UUID] = []
        for old in ring.keys[:-1]:
            for rows in _batches(old, batch):
                done, broken = _rewrap(rows, old, ring.newest)
                moved, damaged = moved + done, [*damaged, *broken]
        return Rotation(ring.newest.id, moved, _drop_unused(path, ring), tuple(damaged))


def _batches(old: Key, size: int) -> Iterator[list[ScopeKey]]:
    last = UUID(int=0)
    wrapped = ScopeKey.objects.filter(kek_id=old.id, wrapped__isnull=False).order_by("pk")
    while rows := list(wrapped.filter(pk__gt=last)[:size]):
        yield rows
        last = rows[-1].pk


def _rewrap(rows: list[ScopeKey], old: Key, new: Key) -> tuple[int, list[UUID]]:
    moved, changed, damaged = 0, [], []
    for row in rows:
        before = bytes(row.wrapped or b"")
        try:
            changed.append((row.id, before, wrap(new, row.id, row.kind, unwrap(old, row.id, row.kind, before))))
        except Tampered:
            damaged.append(row.id)
    with transaction.atomic(using=store(), durable=True):
        for scope, before, after in changed:
            # Only if nobody changed it meanwhile: an erased key must not come back.
            moved += ScopeKey.objects.filter(pk=scope, wrapped=before).update(wrapped=after, kek_id=new.id)
    return moved, damaged


def _drop_unused(path: Path, ring: Keyring) -> tuple[str, ...]:
    used = in_use()
    kept = Keyring(tuple(key for key in ring.keys if key is ring.newest or key.id in used))
    if kept != ring:
        replace_key_file(path, kept)
    return tuple(key.id for key in ring.keys if key not in kept.keys)
