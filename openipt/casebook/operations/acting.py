"""One clinical act: one transaction, every row it writes noted in one audit event, nothing without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Max, Model

from openipt.audit.writing import wrote
from openipt.casebook.models import Enrolment, Entry, FlagStep, Group, Standing, Thing
from openipt.tables.asking import Question
from openipt.tables.writing import insert

_NEWEST = Question(lambda enrolment: Standing.objects.filter(enrolment_id=enrolment).values_list("seq"))
THE_SERVICE = "service"  # acts of the tick, which nobody does

Row = TypeVar("Row", bound=Model)
Owner = Enrolment | Group


class Act:
    """What one act has written so far, and the next number in the owner's order."""

    def __init__(self, owner: Owner, at: datetime) -> None:
        self.owner = owner
        self.at = at
        self.rows: list[Model] = []
        self.restated = False
        self._seq: int | None = None

    @property
    def whose(self) -> dict[str, Owner]:
        """The column that says whose a row is."""
        return {"enrolment": self.owner} if isinstance(self.owner, Enrolment) else {"group": self.owner}

    def add(self, row: Row) -> Row:
        """Write one row now."""
        insert([row])
        self.rows.append(row)
        return row

    def add_all(self, rows: Sequence[Model]) -> None:
        """Write many rows of one table at once."""
        insert(rows)
        self.rows.extend(rows)

    def next_seq(self) -> int:
        """Return the next number in the server's own order of this owner's facts: device clocks lie."""
        self._seq = self.seq + 1
        return self._seq

    @property
    def seq(self) -> int:
        """The number of the newest fact. The prepared row knows it; where there is none, the facts are asked."""
        if self._seq is None:
            self._seq = self._of_row() or self.of_facts()
        return self._seq

    def _of_row(self) -> int | None:
        if isinstance(self.owner, Group):
            return None
        known = _NEWEST.first(enrolment=self.owner.id)
        return known[0] if known else None

    def of_facts(self) -> int:
        """Return the highest number that any fact of the owner bears."""
        kinds = (Entry, Thing) if isinstance(self.owner, Group) else (Entry, Thing, FlagStep)
        highest = (kind._default_manager.filter(**self.whose).aggregate(top=Max("seq"))["top"] for kind in kinds)
        return max((top or 0 for top in highest), default=0)

    def close(self) -> None:
        """Let the prepared row know the newest number, where the act did not write the row anew."""
        if self._seq is not None and not self.restated and isinstance(self.owner, Enrolment):
            Standing.objects.filter(enrolment=self.owner).update(seq=self._seq)


@contextmanager
def act(name: str, *, by: str | None, at: datetime, owner: Owner, why: str = "") -> Iterator[Act]:
    """Open one act. When it ends well its audit event stands in the same transaction; when not, nothing stands.

    Args:
        name: The name of the act, a word of the audit (`save_entry`).
        by: The account that acts; None where the service itself does (the tick).
        at: The server's time.
        owner: The enrolment or group whose facts are written.
        why: A reason code; never words of or about a client.
    """
    with transaction.atomic():
        hold(owner)
        one = Act(owner, at)
        yield one
        one.close()
        enrolled = owner if isinstance(owner, Enrolment) else None
        wrote(
            act=name,
            by=by or THE_SERVICE,
            at=at,
            organisation=str(owner.organisation_id),
            client=str(enrolled.client_id) if enrolled else None,
            enrolment=str(owner.id),
            rows=one.rows,
            why=why,
        )


def hold(owner: Owner) -> None:
    """Let only one act at a time write to one owner. SQLite has one writer anyway; PostgreSQL takes a lock."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_lock_number(owner.id)])


def _lock_number(owner: UUID) -> int:
    return int.from_bytes(owner.bytes[-8:], "big", signed=True)
