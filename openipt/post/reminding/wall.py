"""Times as a clock on the wall shows them, and the moments they mean: over every change of the clocks.

Pure: it asks nobody what time it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
LOOK_AHEAD = 3  # days; a time of day that a change of the clocks takes away is there again on the next


@dataclass(frozen=True, slots=True)
class Daytime:
    """Between which times of the day a note may come, in whose zone. Everything else is quiet."""

    zone: ZoneInfo
    earliest: time = time(9)
    latest: time = time(20)

    def is_now(self, moment: datetime) -> bool:
        """Whether a note may come at a moment."""
        return self.earliest <= moment.astimezone(self.zone).time() < self.latest

    def within(self, wanted: time) -> time:
        """Return a time of day that lies within, the nearest to the one that is wanted."""
        last = (datetime.combine(date.min, self.latest) - timedelta(minutes=1)).time()
        return min(max(wanted, self.earliest), max(last, self.earliest))

    def next(self, moment: datetime) -> datetime:
        """Return the moment itself where a note may come then, else the next one at which it may."""
        if self.is_now(moment):
            return moment
        day = moment.astimezone(self.zone).date()
        opens = (meant(datetime.combine(day + DAY * n, self.earliest), self.zone) for n in range(LOOK_AHEAD))
        return next(one for one in opens if one > moment and self.is_now(one))


def meant(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment that a clock on the wall shows, in UTC.

    Where clocks go back a time comes twice: the first is meant. Where they go forward it never comes: then it is meant
    as if they had not, so an hour later on the wall.
    """
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def shown(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return what a clock on the wall shows at a moment."""
    return moment.astimezone(zone).replace(tzinfo=None, fold=0)
