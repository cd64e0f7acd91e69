"""What was typed into a page that is no sheet of the shelf: read strictly, kept as it came, refused in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID, uuid4

from openipt.therapy.forms.items import LONG_TEXT

ID = "_id"
NOT_KEPT = "There is a character in this text that cannot be kept. Please type it again."
LAST_DAY = date(2200, 12, 31)


class OnPage:
    """The fields of one page. Each question that cannot be taken leaves its words in `wrong`, by field."""

    longest = LONG_TEXT  # so many characters fit where a question says nothing else

    def __init__(self, typed: Mapping[str, str] | None = None) -> None:
        self.typed: dict[str, str] = dict(typed or {})
        self.wrong: dict[str, str] = {}

    def id(self) -> UUID:
        """Return the mark that the page was made with: sent twice, it is one act. A new one where it was lost."""
        try:
            return UUID(self.typed.get(ID, ""))
        except ValueError:
            made = uuid4()
            self.typed[ID] = str(made)
            return made

    def text(self, name: str, needed: str = "", most: int | None = None) -> str:
        """Return a text without space around it; `needed` says what to write where there is none."""
        text, most = self.typed.get(name, "").replace("\r\n", "\n").strip(), most or self.longest
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
        if (first and found < first) or found > (last or LAST_DAY):
            span = f"from {first} to {last}" if first and last else f"from {first} on" if first else f"up to {last}"
            self.wrong[name] = f"This takes a day {span if first or last else f'up to {LAST_DAY}'}; you wrote {text}."
            return None
        return found

    def ticked(self, name: str) -> bool:
        """Whether a box was ticked."""
        return bool(self.typed.get(name))
