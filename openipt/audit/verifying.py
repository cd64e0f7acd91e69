"""Verify that the record is what was written, and that all of it was noted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, router
from django.db.models import Model

from openipt.audit import faults
from openipt.audit.anchors import anchor_faults
from openipt.audit.appearing import folded
from openipt.audit.append_only import append_only_tables
from openipt.audit.canonical import digest
from openipt.audit.faults import Fault
from openipt.audit.models import Anchor, AuditEvent, Head
from openipt.audit.snapshot import snapshot
from openipt.audit.walking import Walk, notes

_CHUNK = 500


def verify(models: Sequence[type[Model]] = ()) -> Iterator[Fault]:
    """Yield every fault of the chains, the anchors, the guards, and the rows of append-only models.

    Reads one state of the database while others go on writing; the connection writes nothing until the last fault was
    taken. What it cannot see: events that were cut off, or written anew, since the last anchor, where they noted no
    row; and new events that were forged with the right hashes. Lines of anchors that somebody else keeps
    (`check_against`) show a rewrite of everything up to them.

    Args:
        models: The append-only models whose every row is noted by an event.
    """
    with snapshot():
        yield from _guards(models)
        walk = Walk([model._meta.db_table for model in models])
        yield from walk.faults()
        yield from _rows(models, walk.noted)
        if folded().sum != walk.lists.sum:
            yield faults.appearances_differ()
        yield from anchor_faults()


def _guards(models: Sequence[type[Model]]) -> Iterator[Fault]:
    guarded: dict[str, frozenset[str]] = {}
    checked: list[type[Model]] = [AuditEvent, Anchor, Head, *models]
    for model in checked:
        store = router.db_for_read(model) or DEFAULT_DB_ALIAS
        if store not in guarded:
            guarded[store] = append_only_tables(store)
        if model._meta.db_table not in guarded[store]:
            yield faults.guard_lost(model._meta.db_table)


def _rows(models: Sequence[type[Model]], noted: set[str]) -> Iterator[Fault]:
    """Take away every digest that a row answers to; what is left over on either side is a fault."""
    strange: set[tuple[str, str]] = set()
    readable: dict[str, type[Model]] = {}
    for model in models:
        table = model._meta.db_table
        try:
            strange |= {(table, row) for row in _strangers(model, noted)}
            readable[table] = model
        except (ValueError, TypeError, AttributeError, ValidationError):  # a column holds what it cannot hold
            yield faults.row_unreadable(table)
    if strange or noted:
        yield from _explained(readable, strange, noted)


def _strangers(model: type[Model], noted: set[str]) -> Iterator[str]:
    for row in model._base_manager.order_by("pk").iterator(chunk_size=_CHUNK):
        found = digest(row)
        if found in noted:
            noted.discard(found)
        else:
            yield str(row.pk)


def _explained(models: dict[str, type[Model]], strange: set[tuple[str, str]], noted: set[str]) -> Iterator[Fault]:
    unanswered = {(table, row) for table, row, found in notes() if table in models and found in noted}
    for table, row in sorted(strange | unanswered):
        if (table, row) not in unanswered:
            yield faults.row_unnoted(table, row)
        elif (table, row) in strange or _is_there(models[table], row):
            yield faults.row_differs(table, row)
        else:
            yield faults.row_gone(table, row)


def _is_there(model: type[Model], row: str) -> bool:
    try:
        return model._base_manager.filter(pk=row).exists()
    except (ValueError, TypeError, ValidationError):  # a note that names no id
        return False
