"""When a sheet was answered: now, or a day that has been."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from openipt.rooms.filling.said import Wrong, clock_of
from openipt.rooms.filling.typed import Pairs

DAY, TIME = "_day", "_time"  # fields of the page
NOON = time(12)  # where only the day is known
EARLIEST = date(1900, 1, 1)


def happened(pairs: Pairs, at: datetime, zone: str) -> tuple[datetime | None, list[Wrong]]:
    """Return the moment that was given as the time of answering; None where none was, which means now.

    Args:
        pairs: The fields of the page.
        at: The server's time.
        zone: The zone of the service: its days are meant.
    """
    said = dict(pairs)
    day, clock = said.get(DAY, "").strip(), clock_of(said.get(TIME, "").strip())
    if not day and not clock:
        return None, []
    here = ZoneInfo(zone)
    today = at.astimezone(here).date()
    try:
        on = date.fromisoformat(day) if day else today
        hour = time.fromisoformat(clock) if clock else None
    except ValueError:
        return None, [Wrong(DAY, "Write the day as 2025-10-27 and the time as 18:40, or leave both blank for now.")]
    if not EARLIEST <= on <= today:
        return None, [Wrong(DAY, "This day lies ahead." if on > today else "This day lies too far back.")]
    if hour is None:
        return (None if on == today else datetime.combine(on, NOON, here)), []
    moment = datetime.combine(on, hour.replace(tzinfo=None), here)
    return (moment, []) if moment <= at else (None, [Wrong(TIME, "This time lies ahead.")])
