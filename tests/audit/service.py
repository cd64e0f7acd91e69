"""Tell what happened in a service: who wrote, who looked, who opened a list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from sheets import Sheet

from openipt.audit.models import AuditEvent
from openipt.audit.writing import saw, wrote

BEGAN = datetime(2025, 9, 1, 9, 0, tzinfo=UTC)


def name(what: str) -> str:
    """An id that is the same in every run."""
    return str(uuid5(NAMESPACE_URL, f"openipt:test:{what}"))


SERVICE, ADA, BEN = name("service"), name("ada"), name("ben")
CAROL, DAN, EVE = name("carol"), name("dan"), name("eve")  # clients


class Service:
    """A clinic at work; every act is a minute later than the one before."""

    def __init__(self) -> None:
        self.at = BEGAN

    def tick(self) -> datetime:
        self.at += timedelta(minutes=1, microseconds=7)
        return self.at

    def writes(self, client: str | None, by: str = ADA, **columns: Any) -> AuditEvent:
        with transaction.atomic():
            sheet = Sheet(at=self.tick(), **columns)
            sheet.save(force_insert=True)
            return wrote(act="entry.save", by=by, at=self.at, organisation=SERVICE, client=client, rows=[sheet])

    def opens(self, client: str, by: str = ADA, **more: Any) -> AuditEvent:
        return saw(act="record.open", by=by, at=self.tick(), organisation=SERVICE, client=client, **more)

    def lists(self, clients: Sequence[str], by: str = ADA, **more: Any) -> AuditEvent:
        at = self.tick()
        return saw(act="caseload.list", by=by, at=at, organisation=SERVICE, client=None, shown=clients, **more)

    def works_a_day(self) -> Service:
        """A little of everything, in three clients' chains and the service's own."""
        self.lists([CAROL, DAN])
        for client in (CAROL, DAN, EVE):
            self.opens(client)
            self.writes(client, answers={"q9": 0, "mood": 4.5}, body=client.encode())
        self.lists([CAROL, DAN, EVE], by=BEN, purpose="supervision")
        self.writes(CAROL, by=BEN, words="sealed", number=0.1)
        self.writes(None, by=BEN, whole=3)
        self.opens(CAROL, by=BEN, purpose="emergency")
        return self
