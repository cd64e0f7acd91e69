"""What was typed into the sheets of this room: read strictly, kept as it came, refused in words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID, uuid4

from openipt.rooms.filling.said import clock_of

ID, FOR = "_id", "_for"
NOT_OURS = frozenset({"csrfmiddlewaretoken", FOR})
NOT_KEPT = "There is a character in this text that cannot be kept. Please type it again."
LONGEST = 500
Pairs = Sequence[tuple[str, str]]


class Typed:
    """The fields of one sheet. What cannot be taken leaves its words in `wrong`, by field."""

    def __init__(self, pairs: Pairs = ()) -> None:
        self.every = [(name, text) for name, text in pairs if name not in NOT_OURS]
        self.said = dict(self.every)
        self.wrong: dict[str, str] = {}

    def id(self) -> UUID:
        """Return the mark that the page was made with: sent twice, it is one act. A new one where it was lost."""
        try:
            return UUID(self.said.get(ID, ""))
        except ValueError:
            made = uuid4()
            self.said[ID] = str(made)
            return made

    def text(self, name: str, needed: str = "", most: int = LONGEST) -> str:
        """Return a text without space around it; `needed` says what to write where there is none."""
        text = self.said.get(name, "").replace("\r\n", "\n").strip()
        if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
            self.wrong[name] = NOT_KEPT
        elif len(text) > most:
            self.wrong[name] = f"Up to {most:,} characters fit here; these are {len(text):,}."
        elif needed and not text:
            self.wrong[name] = needed
        return text

    def one_of(self, name: str, offered: Collection[str], needed: str = "") -> str:
        """Return one of the answers on offer; empty where none was given and none is needed."""
        text = self.said.get(name, "").strip()
        if text and text not in offered:
            self.wrong[name] = f"“{text[:40]}” is not one of the answers here."
            return ""
        if needed and not text:
            self.wrong[name] = needed
        return text

    def some_of(self, name: str, offered: Collection[str]) -> list[str]:
        """Return every answer that was ticked, in the order of the page."""
        ticked = [text for field, text in self.every if field == name]
        strange = [text for text in ticked if text not in offered]
        if strange:
            self.wrong[name] = f"“{strange[0][:40]}” is not one of the answers here."
        return [one for one in offered if one in ticked]

    def day(self, name: str, needed: str = "", first: date | None = None, last: date | None = None) -> date | None:
        """Return a day; None where there is none, or it lies outside."""
        text = self.said.get(name, "").strip()
        if not text:
            if needed:
                self.wrong[name] = needed
            return None
        try:
            found = date.fromisoformat(text)
        except ValueError:
            self.wrong[name] = f"Write the day as 2026-10-27; you wrote “{text[:40]}”."
            return None
        if first and found < first:
            self.wrong[name] = f"This takes a day from {first} on; you wrote {text}."
        elif (last and found > last) or found.year > LAST_YEAR:
            self.wrong[name] = f"This takes a day up to {last or date(LAST_YEAR, 12, 31)}; you wrote {text}."
        return None if name in self.wrong else found

    def clock(self, name: str) -> str:
        """Return a time as 09:00, however it was typed; what is no time stays as it came, for words about it."""
        return clock_of(self.said.get(name, "").strip())

    def ticked(self, name: str) -> bool:
        """Whether a box was ticked."""
        return bool(self.said.get(name))


LAST_YEAR = 2200
