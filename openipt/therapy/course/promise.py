"""What a service can promise: its hours, whether somebody answers outside them, and the deadlines that follow.

CLINICAL-RULES 2.6: every deadline and every sentence on screen about "when a person will see this" is made from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from openipt.therapy.vocabulary import vocabulary

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
OFFICE = {day: ["09:00", "17:00"] for day in DAYS[:5]}  # where a service has not said otherwise
LOOK_AHEAD = 15  # days; a service that is closed longer has said no hours


@dataclass(frozen=True, slots=True)
class Promise:
    """The hours of a service in its own zone. `hours[weekday]` is (opens, closes), None on a closed day."""

    zone: ZoneInfo
    hours: tuple[tuple[time, time] | None, ...]
    duty: bool  # somebody answers outside the hours

    def is_open(self, moment: datetime) -> bool:
        """Whether the service is open at a moment."""
        here = moment.astimezone(self.zone)
        hours = self.hours[here.weekday()]
        return hours is not None and hours[0] <= here.time() < hours[1]

    def closes(self, moment: datetime) -> datetime:
        """Return the end of the working day a moment belongs to; after closing, the end of the next one."""
        here = moment.astimezone(self.zone)
        for ahead in range(15):
            day = (here + timedelta(days=ahead)).date()
            hours = self.hours[day.weekday()]
            if hours is not None and (ahead or here.time() < hours[1]):
                return datetime.combine(day, hours[1], self.zone)
        return moment  # a service without hours promises nothing later than now

    def opens(self, moment: datetime) -> datetime | None:
        """Return when the service opens next; None where it has no hours."""
        here = moment.astimezone(self.zone)
        for ahead in range(LOOK_AHEAD):
            day = (here + timedelta(days=ahead)).date()
            hours = self.hours[day.weekday()]
            if hours is not None and datetime.combine(day, hours[0], self.zone) > here:
                return datetime.combine(day, hours[0], self.zone)
        return None

    def working(self, moment: datetime, span: timedelta) -> datetime:
        """Return the moment after so much time within the hours of the service."""
        left, now = span, moment.astimezone(self.zone)
        for _ in range(60):
            closes = self.closes(now)
            hours = self.hours[closes.weekday()]
            if hours is None:
                return moment
            begins = max(now, datetime.combine(closes.date(), hours[0], self.zone))
            if begins + left <= closes:
                return begins + left
            left -= closes - begins
            now = closes
        return now


def promise(said: Mapping[str, Any], zone: str) -> Promise:
    """Read what a service wrote at set-up: `{"hours": {"monday": ["09:00", "17:00"], ...}, "duty": false}`."""
    hours = said.get("hours") or OFFICE
    read = tuple(
        (time.fromisoformat(hours[day][0]), time.fromisoformat(hours[day][1])) if hours.get(day) else None
        for day in DAYS
    )
    return Promise(ZoneInfo(zone), read, bool(said.get("duty")))


def deadline(rule: str, received_at: datetime, given: Promise) -> datetime:
    """Return by when a person must have answered a flag, counted from when the answer was received.

    The spans are the vocabulary's (`flag_rules`). Four hours mean hours of the service unless somebody is on duty.
    """
    line = vocabulary()["flag_rules"][rule]
    span = line["deadline"]
    if span == "same_working_day":
        return given.closes(received_at)
    if span == "same_day":
        here = received_at.astimezone(given.zone)
        return datetime.combine(here.date(), time(23, 59), given.zone)
    if span == "PT4H":
        hours = timedelta(hours=4)
        return received_at + hours if given.duty else given.working(received_at, hours)
    return received_at + {"P3D": timedelta(days=3), "PT24H": timedelta(hours=24)}.get(span, timedelta())
