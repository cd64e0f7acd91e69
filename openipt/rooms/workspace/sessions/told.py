"""What was just saved in a session, said in words where one looks next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from openipt.rooms.filling.called import field_name
from openipt.rooms.filling.wanting import wanting
from openipt.rooms.workspace.sessions.meeting import Meeting
from openipt.therapy.forms import open_form
from openipt.therapy.record import Entry
from openipt.therapy.words import catalogue
from openipt.therapy.words import render as put

IN_WORDS = {
    "back": "Taken back. It is kept, and no page tells it any more.",
    "started": "The session stands in the record. What comes next is below.",
    "amended": "The session was changed. How it stood before is kept.",
}
PLACES = {"saved": "after", "sheet": "sheets"}  # where the address leads; anything else is told at the top


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence about what was saved, and the part of the page it stands in."""

    words: str
    place: str


def told(word: str, met: Meeting) -> Told | None:
    """Return the sentence for a word of the address; None where there is none to say.

    Args:
        word: What the address says was done.
        met: The session, with what was saved in its record.
    """
    said = {"saved": _card, "sheet": _sheet}.get(word)
    words = said(met) if said else IN_WORDS.get(word, "")
    return Told(words, PLACES.get(word, "top")) if words else None


def _sheet(met: Meeting) -> str:
    """Name the sheet that came in last."""
    newest: Entry | None = max((entry for _, entry in met.entries), key=lambda one: one.recorded_at, default=None)
    name = field_name(open_form(newest.form)) if newest else "The sheet"
    still = wanting(met.course.record, newest) if newest else None
    return f"{name} is in the record. It stands with this session." + (f" {put(still)}" if still else "")


def _card(met: Meeting) -> str:
    name = f"The card of session {met.session.number}" if met.session.number else "The card of this meeting"
    holds = list(_holds(met))
    return f"{name} is in the record" + (f": {catalogue().together(holds)}." if holds else ".")


def _holds(met: Meeting) -> Iterator[str]:
    said = met.sheet
    if said.get("mood") is not None:
        yield f"mood {said['mood']:g} of 10"
    if tasks := len(said.get("tasks") or ()):
        yield f"{tasks} task{'s' if tasks > 1 else ''} done"
    if met.next_step:
        yield "one step"
    if said.get("next_date"):
        yield f"the next date, {catalogue().spell(datetime.fromisoformat(str(said['next_date'])), 'weekday')}"
