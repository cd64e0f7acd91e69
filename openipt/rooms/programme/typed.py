"""What was typed into the sheets of this room: boxes of which several were ticked, beside what every page asks."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from openipt.rooms.filling.on_page import ID, OnPage
from openipt.rooms.filling.said import clock_of

__all__ = ["FOR", "ID", "Pairs", "Typed"]
FOR = "_for"
NOT_OURS = frozenset({"csrfmiddlewaretoken", FOR})
Pairs = Sequence[tuple[str, str]]


class Typed(OnPage):
    """The fields of one sheet. What cannot be taken leaves its words in `wrong`, by field."""

    longest = 500

    def __init__(self, pairs: Pairs = ()) -> None:
        self.every = [(name, text) for name, text in pairs if name not in NOT_OURS]
        super().__init__(dict(self.every))

    @property
    def said(self) -> dict[str, str]:
        """What was typed, by field; of a field that came twice the last."""
        return self.typed

    def some_of(self, name: str, offered: Collection[str]) -> list[str]:
        """Return every answer that was ticked, in the order of the page."""
        ticked = [text for field, text in self.every if field == name]
        strange = [text for text in ticked if text not in offered]
        if strange:
            self.wrong[name] = f"“{strange[0][:40]}” is not one of the answers here."
        return [one for one in offered if one in ticked]

    def clock(self, name: str) -> str:
        """Return a time as 09:00, however it was typed; what is no time stays as it came, for words about it."""
        return clock_of(self.said.get(name, "").strip())
