"""What was typed into the small forms of the workspace: read strictly, kept as it came, refused in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from openipt.rooms.filling.said import clock_of
from openipt.therapy.forms.items import LONG_TEXT

ID = "_id"
NOT_KEPT = "There is a character in this text that cannot be kept. Please type it again."


class Said:
    """The fields of one page. Each question that cannot be taken leaves its words in `wrong`, by field."""

    def __init__(self, typed: Mapping[str, str] | None = None) -> None:
        self.typed: dict[str, str] = dict(typed or {})
        self.wrong: dict[str, str] = {}

    @classmethod
    def of(cls, request: HttpRequest) -> Said:
        """Return what a page sent; of a field that came twice the last."""
        return cls({name: str(text) for name, text in request.POST.items() if name != "csrfmiddlewaretoken"})

    def id(self) -> UUID:
        """Return the mark that the page was made with: sent twice, it is one act. A new one where it was lost."""
        try:
            return UUID(self.typed.get(ID, ""))
        except ValueError:
            made = uuid4()
            self.typed[ID] = str(made)
            return made

    def text(self, name: str, needed: str = "", most: int = LONG_TEXT) -> str:
        """Return a text without space around it; `needed` says what to write where there is none."""
        text = self.typed.get(name, "").replace("\r\n", "\n").strip()
        if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
            self.wrong[name] = NOT_KEPT
        elif len(text) > most:
            self.wrong[name] = f"Up to {most:,} characters fit here; these are {len(text):,}."
        elif needed and not text:
            self.wrong[name] = needed
        return text

    def one_of(self, name: str, offered: Collection[str], needed: str = "") -> str:
        """Return one of the answers on offer; empty where none was given and none is needed."""
        text = self.typed.get(name, "").strip()
        if text and text not in offered:
            self.wrong[name] = f"“{text[:40]}” is not one of the answers here."
        elif needed and not text:
            self.wrong[name] = needed
        return text if text in offered else ""

    def whole(self, name: str, low: int, high: int) -> int | None:
        """Return a whole number between two; None where nothing was typed."""
        text = self.typed.get(name, "").strip()
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= 6 and low <= int(text) <= high):
            self.wrong[name] = f"This takes a whole number from {low} to {high}; you wrote “{text[:40]}”."
            return None
        return int(text)

    def day(self, name: str, needed: str = "", first: date | None = None, last: date | None = None) -> date | None:
        """Return a day; None where there is none, or it lies outside."""
        text = self.typed.get(name, "").strip()
        if not text:
            if needed:
                self.wrong[name] = needed
            return None
        try:
            found = date.fromisoformat(text)
        except ValueError:
            self.wrong[name] = f"Write the day as 2025-10-27; you wrote “{text[:40]}”."
            return None
        if (first and found < first) or (last and found > last):
            span = f"from {first} to {last}" if first and last else f"up to {last}" if last else f"from {first} on"
            self.wrong[name] = f"This takes a day {span}; you wrote {text}."
            return None
        return found

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

    def ticked(self, name: str) -> bool:
        """Whether a box was ticked."""
        return bool(self.typed.get(name))
