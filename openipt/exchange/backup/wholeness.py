"""Whether a service is whole: its audit, its rows, its definitions, its keys, its guards, and the caseload's rows."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connections

from openipt.accounts import changes, devices
from openipt.audit.append_only import append_only_tables
from openipt.audit.faults import Fault, guard_lost
from openipt.audit.models import Anchor, AuditEvent
from openipt.audit.verifying import verify
from openipt.casebook import sealing
from openipt.casebook.models import APPEND_ONLY, Client, Definition, Enrolment, Entry, Group
from openipt.casebook.models.sealed import read_body
from openipt.casebook.operations.new_day import standing_faults
from openipt.casebook.sealing.envelope import unwrap
from openipt.casebook.sealing.models import ScopeKey
from openipt.casebook.sealing.scopes import store
from openipt.post import models as post
from openipt.therapy.words import render

# Every row of these is noted by an event. A definition is noted by its own name, the sha256 of its text.
NOTED = (
    *(model for model in APPEND_ONLY if model is not Definition),
    *changes.APPEND_ONLY,
    *devices.APPEND_ONLY,
    *post.APPEND_ONLY,
)
SAMPLE = 50  # courses whose row is recomputed where not all are asked for
GUARDS_OF_KEYS = 3

Watched = Callable[[str, int, int | None], None]  # which part, how much is done, of how much


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that should not be: its kind, where (ids only), and a sentence for who keeps the service."""

    kind: str
    where: str
    words: str

    def said(self) -> dict[str, str]:
        """Return it as plain data."""
        return asdict(self)


def as_wrong(fault: Fault) -> Wrong:
    """Say a fault of the audit for who keeps the service."""
    return Wrong(fault.kind, fault.where, render(fault.sentence))


def counts() -> dict[str, int]:
    """Return how much there is to check, by its name."""
    return {
        "events": AuditEvent.objects.count(),
        "chains": AuditEvent.objects.filter(place=1).count(),
        "anchors": Anchor.objects.count(),
        "rows": sum(model._default_manager.count() for model in (*NOTED, Definition)),
        "keys": ScopeKey.objects.count(),
        "courses": Enrolment.objects.count(),
    }


def _unwatched(_part: str, _done: int, _of: int | None) -> None:
    pass


def wrongs(all_standing: bool = False, watched: Watched = _unwatched) -> Iterator[Wrong]:
    """Yield everything that is wrong, as it is found.

    Args:
        all_standing: Recompute the caseload's row of every course, not of some.
        watched: Called as the parts go on, for a progress bar.
    """
    watched("audit and rows", 0, None)
    for fault in verify(NOTED):
        yield as_wrong(fault)
    yield from _definitions(watched)
    yield from _keys(watched)
    yield from _sealed(watched)
    yield from _standing(all_standing, watched)


def _definitions(watched: Watched) -> Iterator[Wrong]:
    watched("definitions", 0, None)
    table = Definition._meta.db_table
    if table not in append_only_tables():
        yield as_wrong(guard_lost(table))
    for kept in Definition.objects.order_by("sha").iterator(chunk_size=50):
        if hashlib.sha256(kept.text.encode()).hexdigest() != kept.sha:
            words = f"The kept text of {kept.kind} {kept.name} {kept.version} is not the one it was kept under."
            yield Wrong("definition", f"{table}:{kept.sha}", words)


def _keys(watched: Watched) -> Iterator[Wrong]:
    """Open every key of the key store, and look whether each scope of the record has one."""
    ring = sealing.read_key_file(Path(settings.KEY_FILE))
    rows = ScopeKey.objects.order_by("pk")
    total, known = rows.count(), set()
    for done, row in enumerate(rows.iterator(chunk_size=500)):
        watched("keys", done, total)
        known.add(row.id)
        key = ring.find(row.kek_id)
        if row.wrapped is None:
            continue
        try:
            if key is None:
                yield Wrong("key", f"scope:{row.id}", f"Scope {row.id} needs key {row.kek_id}: not in the key file.")
            else:
                unwrap(key, row.id, row.kind, bytes(row.wrapped))
        except sealing.Tampered:
            yield Wrong("key", f"scope:{row.id}", f"The key of scope {row.id} does not open. It was changed or cut.")
    for scope in sorted(_used() - known):
        yield Wrong("key", f"scope:{scope}", f"The record was sealed for scope {scope}, and the key store has no such.")
    if _guards_of_keys() != GUARDS_OF_KEYS:
        yield as_wrong(guard_lost(ScopeKey._meta.db_table))


def _used() -> set[UUID]:
    models = (Client, Group, Entry)
    return {scope for model in models for scope in model._default_manager.values_list("scope", flat=True).distinct()}


def _guards_of_keys() -> int:
    table = ScopeKey._meta.db_table
    with connections[store()].cursor() as cursor:
        if connections[store()].vendor == "sqlite":
            cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
        else:
            cursor.execute(
                "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal "
                "AND tgenabled <> 'D'",
                [table],
            )
        return int(cursor.fetchone()[0])


def _sealed(watched: Watched) -> Iterator[Wrong]:
    """Open the newest entry of each scope: keys that open, and are not those of this record, show here."""
    newest = dict(Entry.objects.order_by("scope", "seq", "id").values_list("scope", "id"))
    for done, (scope, entry_id) in enumerate(sorted(newest.items())):
        watched("sealed entries", done, len(newest))
        entry = Entry.objects.get(id=entry_id)
        try:
            read_body(scope, "entry", entry.id, bytes(entry.body))
        except sealing.KeyGone:
            continue
        except sealing.Tampered:
            yield Wrong("sealed", f"casebook_entry:{entry_id}", f"Entry {entry_id} does not open with the key it has.")


def _standing(everyone: bool, watched: Watched) -> Iterator[Wrong]:
    asked = Enrolment.objects.select_related("client", "group", "organisation")
    chosen = list(asked.order_by("id") if everyone else asked.order_by("?")[:SAMPLE])

    def each() -> Iterator[Enrolment]:
        for done, one in enumerate(chosen):
            watched("rows of the caseload", done, len(chosen))
            yield one

    for one in standing_faults(each()):
        words = f"The caseload's row of course {one.id} is not what its record says. Run: openipt rebuild standing"
        yield Wrong("standing", f"casebook_standing:{one.id}", words)
