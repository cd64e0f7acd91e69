"""Moments for facts that a file dates only by the day.

The order within a day of a session: questionnaires at the door, the session, what was asked in it, what was written
after.
Files name no time zone; their days are taken as UTC.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta

DOOR, MEETING, ASKED, AFTER, EVENING = (time(8), time(12), time(12, 10), time(13), time(23))


def on(day: str | date, at: time = AFTER) -> datetime:
    """Return a moment of a day."""
    return datetime.combine(date.fromisoformat(day) if isinstance(day, str) else day, at, UTC)


def after(moment: datetime, days: int) -> datetime:
    """Return a moment some days later."""
    return moment + timedelta(days=days)


def latest(text: str) -> date:
    """Return the last day that a date known to the day, month or year can mean."""
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 3:
        return date(*parts)
    if len(parts) == 2:
        return date(parts[0], parts[1], monthrange(parts[0], parts[1])[1])
    return date(parts[0], 12, 31)
