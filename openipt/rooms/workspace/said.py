"""What was typed into the small forms of the workspace: numbers and moments beside what every page asks."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from openipt.rooms.filling.on_page import ID, OnPage
from openipt.rooms.filling.said import clock_of

__all__ = ["ID", "Said"]


class Said(OnPage):
    """The fields of one page."""

    @classmethod
    def of(cls, request: HttpRequest) -> Said:
        """Return what a page sent; of a field that came twice the last."""
        return cls({name: str(text) for name, text in request.POST.items() if name != "csrfmiddlewaretoken"})

    def whole(self, name: str, low: int, high: int) -> int | None:
        """Return a whole number between two; None where nothing was typed."""
        text = self.typed.get(name, "").strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= 6 and low <= int(text) <= high):
            self.wrong[name] = f"This takes a whole number from {low} to {high}; you wrote “{text[:40]}”."
            return None
        return int(text)

    def moment(self, day: str, clock: str, zone: str, **bounds: date | None) -> datetime | None:
        """Return a moment where the service is, from the fields of its day and time; both are needed."""
        on = self.day(day, "Write the day.", **bounds)
        text = clock_of(self.typed.get(clock, "").strip())
        try:
            hour = time.fromisoformat(text)
        except ValueError:
            self.wrong[clock] = f"Write the time as 17:00; you wrote “{text[:40]}”." if text else "Write the time."
            return None
        return datetime.combine(on, hour.replace(tzinfo=None), ZoneInfo(zone)) if on else None
