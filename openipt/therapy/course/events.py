"""Life events in time: which of them came after a day, also where the client knows only the month or the year."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from openipt.therapy.record import Record
from openipt.therapy.record.views import day_of


def events_since(record: Record, kinds: Collection[str], since: date, today: date) -> Iterator[dict[str, Any]]:
    """Return what is said of each life event of these kinds that came after a day, up to today."""
    for thing in record.events:
        said = record.says("timeline", thing.id)
        if said.get("type") in kinds and _came_after(record, thing.id, said.get("date"), since, today):
            yield said


def _came_after(record: Record, event: str, told: object, since: date, today: date) -> bool:
    """Whether an event came after a day. One known only to the month may have: it did if it was first told of later."""
    on = day_of(told)
    if on is not None:
        return since < on <= today
    first = next((entry.happened_at.date() for entry in record.of("timeline", event)), None)
    text = str(told or "")
    return first is not None and since < first <= today and text >= since.isoformat()[: len(text)]
