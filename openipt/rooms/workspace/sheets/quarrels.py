"""Quarrels that the diary tells of since the last session: offered on a sheet by a tap, never written by themselves.

The button carries what it writes, so a tap needs no script and loses nothing that was typed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from openipt.rooms.filling.sheet import Sheet
from openipt.rooms.filling.typed import Pairs
from openipt.therapy.record import Record, alias
from openipt.therapy.vocabulary import label, vocabulary
from openipt.therapy.words import catalogue

TAKE = "_take"
MOST = 3  # the newest ones
QUARREL = "conflict"  # the group of kinds


@dataclass(frozen=True, slots=True)
class Quarrel:
    """What the diary tells of one day with one person."""

    at: datetime
    person: str
    name: str
    told: str


@dataclass(frozen=True, slots=True)
class Offer:
    """One quarrel as it is offered: what a tap writes, and its words."""

    writes: str
    words: str


def quarrels(record: Record, session: str | None, now: datetime) -> tuple[Quarrel, ...]:
    """Return the quarrels of the diary since the session before, the newest first.

    Args:
        record: The record.
        session: The session that a sheet belongs to; None where it belongs to none.
        now: Without a session, everything since the last one before this day counts.
    """
    held = record.held()
    this = next((one for one in held if one.id == session), None)
    day = this.day if this else now.date()
    before = next((one for one in reversed(held) if one.day < day), None)
    found = [one for one in _told(record) if before is None or one.at > before.happened_at]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True)[:MOST])


def _told(record: Record) -> Iterator[Quarrel]:
    people = {thing.id for thing in record.people}
    kinds = {name for name, kind in vocabulary()["event_kinds"].items() if kind["group"] == QUARREL}
    for entry in record.of("mood-diary"):
        for row in entry.answers.get("interactions") or ():
            said, person = tuple(row.get("kinds") or ()), str(row.get("person") or "")
            if person in people and kinds & set(said):
                told = "; ".join(label("event_kinds", kind) for kind in said)
                yield Quarrel(entry.happened_at, person, alias(record, person) or person, told)


def for_a_talk(sheet: Sheet, answers: Mapping[str, Any]) -> list[Offer]:
    """Offer the day and the person of a quarrel for a talk that is written line by line."""
    if answers.get("with_person") and answers.get("when"):
        return []
    return [_offer(one, {"with_person": one.person, "when.day": f"{one.at:%Y-%m-%d}"}) for one in _of_sheet(sheet)]


def for_a_map(sheet: Sheet, answers: Mapping[str, Any]) -> list[Offer]:
    """Offer the person of a quarrel for a dispute map, and its day as what tells where the dispute stands."""
    if answers.get("person"):
        return []
    return [
        _offer(one, {"person": one.person, "stage_evidence": f"{catalogue().spell(one.at.date())}: {one.told}"})
        for one in _of_sheet(sheet)
    ]


def _of_sheet(sheet: Sheet) -> tuple[Quarrel, ...]:
    """Nothing is offered while a client has the sheet before them, nor on a new version: it says already who it is."""
    if sheet.turned or sheet.asked.replaces:
        return ()
    return quarrels(sheet.record, sheet.asked.about, sheet.at)


def _offer(one: Quarrel, writes: Mapping[str, str]) -> Offer:
    return Offer(urlencode(writes), f"{catalogue().spell(one.at.date(), 'weekday')}, {one.name}. {one.told}")


def take(pairs: Pairs, names: Collection[str]) -> Pairs:
    """Write what a tap took where nothing stands; the questions it is about are `names`, and no others.

    Whom and when a quarrel was belong together: both are taken, also over what stood there.
    """
    taken = [one for name, text in pairs if name == TAKE for one in parse_qsl(text) if one[0] in names]
    kept = [pair for pair in pairs if pair[0] != TAKE]
    words = {name for name, text in kept if name == "stage_evidence" and text.strip()}
    fresh = [pair for pair in taken if pair[0] not in words]
    return [*(pair for pair in kept if pair[0] not in dict(fresh)), *fresh]
