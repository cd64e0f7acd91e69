"""Who looked: what a client is told about everybody who saw or wrote the client's record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

from openipt.audit.appearing import hour_of
from openipt.audit.models import Appearance, AuditEvent


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody saw or wrote a client's record.

    Attributes:
        at: When; of lists, the beginning of the first hour of that day in which the client stood on one.
        by: The account, or the name of a job.
        act: What was done, as it was noted: `record.open`.
        purpose: Of a look; empty where something was written.
        times: How often; more than once only of lists.
        listed: Whether the client only stood on a list over several clients.
    """

    at: datetime
    by: str
    act: str
    purpose: str
    times: int = 1
    listed: bool = False

    @property
    def wrote(self) -> bool:
        """Whether something was written."""
        return not self.purpose


def looks(client: str, *, zone: tzinfo = UTC, since: datetime | None = None) -> list[Look]:
    """Return every look at a client's record, the newest first; appearances on lists folded per person and day.

    Two queries, however many looks there are.

    Args:
        client: The client's id.
        zone: The zone of the service; days are counted in it.
        since: Leave out what was before.
    """
    found = [*_own(client, zone, since), *_lists(client, zone, since)]
    return sorted(found, key=lambda look: look.at, reverse=True)


def _own(client: str, zone: tzinfo, since: datetime | None) -> Iterator[Look]:
    events = AuditEvent.objects.filter(chain=client, client=client).order_by("place")
    if since:
        events = events.filter(at__gte=since)
    for at, by, act, purpose in events.values_list("at", "by", "act", "purpose"):
        yield Look(at.astimezone(zone), by, act, purpose)


def _lists(client: str, zone: tzinfo, since: datetime | None) -> Iterator[Look]:
    appearances = Appearance.objects.filter(client=client).order_by("hour")
    if since:
        appearances = appearances.filter(hour__gte=hour_of(since))
    first: dict[tuple[date, str, str, str], datetime] = {}
    times: Counter[tuple[date, str, str, str]] = Counter()
    for hour, by, act, purpose, n in appearances.values_list("hour", "by", "act", "purpose", "times"):
        at = hour.astimezone(zone)
        key = (at.date(), by, act, purpose)
        first.setdefault(key, at)
        times[key] += n
    for key, at in first.items():
        _, by, act, purpose = key
        yield Look(at, by, act, purpose, times=times[key], listed=True)
