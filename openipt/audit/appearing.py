"""Who stood on whose lists: folded per hour when the list is shown, so that a client's question needs one query.

The events are the truth. What is folded can be made again from them, and `verify` compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import sha256

from django.db import connection, transaction
from django.db.models import TextField
from django.db.models.functions import Cast

from openipt.audit.listed import as_text
from openipt.audit.models import Appearance, AuditEvent

_FOLD = """
INSERT INTO audit_appearance (client, hour, "by", act, purpose, times)
SELECT shown.value, %s, %s, %s, %s, 1 FROM {each} AS shown WHERE true
ON CONFLICT (client, hour, "by", act, purpose) DO UPDATE SET times = audit_appearance.times + 1
"""
_EACH = {"sqlite": "json_each(%s)", "postgresql": "jsonb_array_elements_text(%s::jsonb)"}
_MODULUS = 1 << 256


def appear(event: AuditEvent) -> None:
    """Count a list's clients, each once, in one query. Part of the list's own transaction."""
    hour = Appearance._meta.get_field("hour").get_db_prep_value(hour_of(event.at), connection)
    with connection.cursor() as cursor:
        cursor.execute(
            _FOLD.format(each=_EACH[connection.vendor]),
            [hour, event.by, event.act, event.purpose, as_text(event.shown)],
        )


def hour_of(at: datetime) -> datetime:
    """Return the beginning of the hour, in UTC."""
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


class Tally:
    """The sum of many appearances, whatever their order: two sums are equal when the same appearances went in."""

    def __init__(self) -> None:
        self.sum = 0

    def add(self, clients: Iterable[str], hour: str, *what: str, times: int = 1) -> None:
        """Add that clients appeared on a list: by whom, by which act, what for; hours as `hour_text` writes them."""
        rest = "\n".join(("", hour, *what))
        for client in clients:
            number = int.from_bytes(sha256((client + rest).encode()).digest(), "big")
            self.sum = (self.sum + number * times) % _MODULUS


def hour_text(at: datetime) -> str:
    """Write the hour of a moment, in UTC, as SQLite writes times: `2025-10-27 09:00:00`."""
    return f"{at.astimezone(UTC).isoformat(' ')[:13]}:00:00"


def folded() -> Tally:
    """Return the sum of what is folded."""
    tally = Tally()
    rows = Appearance.objects.annotate(since=Cast("hour", TextField())).values_list(
        "client", "since", "by", "act", "purpose", "times"
    )
    for client, hour, *what, times in rows.iterator(chunk_size=5000):
        tally.add((client,), hour.removesuffix("+00"), *what, times=times)  # PostgreSQL adds the zone
    return tally


def rebuild_appearances() -> int:
    """Fold all lists anew from the events; return how many lists there were. Lists that are shown meanwhile wait."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE audit_auditevent IN SHARE MODE")
        Appearance.objects.all().delete()
        lists = 0
        for event in _lists():
            appear(event)
            lists += 1
    return lists


def _lists() -> Iterator[AuditEvent]:
    return AuditEvent.objects.filter(client="").exclude(shown=[]).order_by("id").iterator(chunk_size=500)
