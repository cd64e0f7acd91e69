"""Walk through all events once, in the order they were written, and look at each."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast

from openipt.audit import faults
from openipt.audit.appearing import Tally, hour_text
from openipt.audit.chaining import COLUMNS, GENESIS, hash_of, text_of
from openipt.audit.faults import Fault
from openipt.audit.models import AuditEvent

_CHUNK = 5000
_EMPTY = "[]"
_RUBBISH = (TypeError, ValueError, RecursionError)  # what text that was never written by us may bring about


class Walk:
    """One way through all events.

    Memory: one end a chain, and a set of digests with about 100 bytes for each row noted of the tables asked for.
    """

    def __init__(self, tables: Collection[str] = ()) -> None:
        self.tables = frozenset(tables)
        self.ends: dict[str, tuple[int, str]] = {}
        self.noted: set[str] = set()
        self.lists = Tally()
        self.events = 0

    def faults(self) -> Iterator[Fault]:
        """Yield what is wrong with the chains; afterwards `noted` and `lists` are complete."""
        for chain, place, at, *others, hash_ in _stored():
            self.events += 1
            try:
                moment = _moment(at, place)
                if hash_of(text_of(chain, place, moment, *others)) != hash_:
                    yield faults.changed(chain, place)
                yield from self._step(chain, place, others[-1], hash_)
                self._note(moment, *others)
            except _RUBBISH:  # a column holds what was never written to it
                yield faults.changed(str(chain), place if isinstance(place, int) else "?")

    def _step(self, chain: str, place: int, prev: str, hash_: str) -> Iterator[Fault]:
        last, before = self.ends.get(chain, (0, GENESIS))
        if place > last + 1:
            yield faults.missing(chain, last + 1, place - last - 1)
        elif place <= last:
            yield faults.out_of_order(chain, place)
        elif prev != before:
            yield faults.unlinked(chain, place)
        self.ends[chain] = (place, hash_)

    def _note(
        self,
        at: datetime,
        by: str,
        _organisation: str,
        act: str,
        client: str,
        _enrolment: str,
        _subject: str,
        *more: str,
    ) -> None:
        shown, purpose, _why, rows, _prev = more
        if rows != _EMPTY and self.tables:
            self.noted.update(digest for table, _, digest in json.loads(rows) if table in self.tables)
        if shown != _EMPTY and not client:
            self.lists.add(json.loads(shown), hour_text(at), by, act, purpose)


def notes() -> Iterator[tuple[str, str, str]]:
    """Yield table, id and digest of every row that an event notes, in the order of the events."""
    rows = AuditEvent.objects.annotate(noted=Cast("rows", TextField())).exclude(noted=_EMPTY).order_by("id")
    for text in rows.values_list("noted", flat=True).iterator(chunk_size=_CHUNK):
        try:
            yield from ((str(table), str(row), str(digest)) for table, row, digest in json.loads(text))
        except _RUBBISH:
            continue  # the walk has named this event already


def _stored() -> Iterator[tuple[Any, ...]]:
    """Yield the columns that are hashed, then the hash; lists and times as text, whatever stands there."""
    as_stored = {name: f"{name}_stored" for name in ("at", "shown", "rows")}
    events = AuditEvent.objects.annotate(**{alias: Cast(name, TextField()) for name, alias in as_stored.items()})
    columns = [as_stored.get(name, name) for name in (*COLUMNS, "hash")]
    return events.order_by("id").values_list(*columns).iterator(chunk_size=_CHUNK)


def _moment(text: str, place: int) -> datetime:
    """Read a time as stored: SQLite keeps UTC without saying so, and also what is no time and no place at all."""
    if type(place) is not int:
        raise TypeError
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
