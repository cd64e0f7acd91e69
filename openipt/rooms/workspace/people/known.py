"""What a record says of the people in a client's life, ready for a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from openipt.exchange.drawing import circles, name_of
from openipt.rooms.filling.rings import ring_words
from openipt.therapy.insight import hidden_people
from openipt.therapy.record import Entry, Record, met_again, no_longer_here
from openipt.therapy.record.people import GONE
from openipt.therapy.vocabulary import label

SHEET, CIRCLE, TIES, ROLES = "interpersonal-inventory", "closeness-circle", "ties", "roles-card"
LEFT_OUT = "leave_out_of_insight"


@dataclass(frozen=True, slots=True)
class Someone:
    """One person as they stand now."""

    id: str
    name: str
    said: Mapping[str, Any]
    sheet: Entry | None
    ring: int | None
    wished: int | None
    met_again: bool = False  # a newer circle shows them in touch, whatever the older sheet says
    left_out: bool = False  # of what goes along with mood

    @property
    def relation(self) -> str:
        """Who they are to the client, in the client's own word where there is one."""
        own, kind = self.said.get("relation_words"), self.said.get("relation")
        return str(own or (label("relations", kind).lower() if kind else ""))

    @property
    def gone(self) -> bool:
        """Whether they are no longer part of this life."""
        return no_longer_here(self.said.get("status"), met_again=self.met_again)

    @property
    def status(self) -> str:
        """How things stand, where that is worth a word."""
        status = self.said.get("status")
        plain = not status or status == "current" or (status in GONE and not self.gone)
        return "" if plain else label("person_statuses", str(status)).lower()

    @property
    def place(self) -> str:
        """The place on the circle in words; empty where there is none."""
        return ring_words().get(self.ring, "") if self.ring else ""

    @property
    def wish(self) -> str:
        """The wished place in words, where it is another one."""
        return ring_words().get(self.wished, "") if self.wished and self.wished != self.ring else ""


def everybody(record: Record) -> list[Someone]:
    """Return the people of a record, those of the newest circle with their places."""
    drawn = circles(record)
    newest = drawn[-1] if drawn else None
    hidden = hidden_people(record)
    return [_someone(record, thing.id, newest, thing.id in hidden) for thing in record.people]


def _someone(record: Record, who: str, circle: Entry | None, left_out: bool) -> Someone:
    sheet = record.newest(SHEET, who)
    said = dict(sheet.answers) if sheet else {}
    rows = circle.answers.get("places") or () if circle else ()
    row: Mapping[str, Any] = next((one for one in rows if one.get("person") == who), {})
    met = met_again(record, who)
    return Someone(who, name_of(record, who), said, sheet, row.get("ring"), row.get("wished_ring"), met, left_out)


def named(people: Iterable[Someone]) -> dict[str, str]:
    """Return what everybody is called, by their ids."""
    return {one.id: one.name for one in people}


def ring_for(closeness: float | None) -> int | None:
    """Propose a ring for a closeness from 0 to 10, before the circle is first drawn (PROTOCOLS, WS_INVENTORY)."""
    if closeness is None:
        return None
    return 1 if closeness >= 9 else 2 if closeness >= 6 else 3 if closeness >= 3 else 4
