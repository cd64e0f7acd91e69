"""What moved between two circles, in words: never why, and never whether it is good."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from openipt.exchange.drawing import ties_by
from openipt.rooms.filling.rings import ring_words
from openipt.therapy.record import Entry, Record
from openipt.therapy.words import Sentence, say

Row = Mapping[str, Any]


def changes(record: Record, then: Entry, now: Entry, names: Mapping[str, str]) -> list[Sentence]:
    """Say what differs between two circles: who moved, came or left, which wish changed, which lines are new.

    Args:
        record: The record both belong to.
        then: The earlier circle.
        now: The later one.
        names: What the people are called on this page.
    """
    on = then.happened_at.date()
    before, after = _rows(then), _rows(now)
    found: list[Sentence] = []
    for who in dict.fromkeys([*before, *after]):
        name = names.get(who, who)
        found += [*_of(name, before.get(who), after.get(who), on), *_touch(name, who, then, now)]
    found += _ties(record, then, now, names)
    return found or [say("people.same", on=on)]


def _rows(entry: Entry) -> dict[str, Row]:
    rows = entry.answers.get("places") or ()
    return {row["person"]: row for row in rows if row.get("person") and row.get("ring")}


def _of(who: str, before: Row | None, after: Row | None, on: Any) -> Iterator[Sentence]:
    if before is None or after is None:
        yield say("people.came" if before is None else "people.left", who=who, on=on)
        return
    moved = before["ring"] - after["ring"]
    if moved:
        yield say("people.nearer" if moved > 0 else "people.further", who=who, n=abs(moved), on=on)
    if moved and before.get("wished_ring") == after["ring"]:
        yield say("people.wish_reached", who=who, on=on)
    yield from _wish(who, before, after)


def _touch(name: str, who: str, then: Entry, now: Entry) -> Iterator[Sentence]:
    """Say who was lost touch with, or is in touch again."""
    was, is_now = (who in (entry.answers.get("lost_or_out") or ()) for entry in (then, now))
    if was != is_now:
        yield say("people.lost" if is_now else "people.in_touch", who=name, on=then.happened_at.date())


def _wish(who: str, before: Row, after: Row) -> Iterator[Sentence]:
    """A wish that was reached, and one for the place somebody stands on, is none to be told."""
    was, now = (row.get("wished_ring") if row.get("wished_ring") != row["ring"] else None for row in (before, after))
    if now and now != before.get("wished_ring"):
        yield say("people.wish_new", who=who, ring=ring_words()[now])
    elif was and not now and after["ring"] == before["ring"]:
        yield say("people.wish_gone", who=who)


def _ties(record: Record, then: Entry, now: Entry, names: Mapping[str, str]) -> Iterator[Sentence]:
    before, after = ([(tie.one, tie.other, tie.kind) for tie in ties_by(record, one)] for one in (then, now))
    yield from (say("people.tie_new", tie=tie_words(tie, names)) for tie in after if tie not in before)
    yield from (say("people.tie_gone", tie=tie_words(tie, names)) for tie in before if tie not in after)


def tie_words(tie: tuple[str, str, str], names: Mapping[str, str]) -> Sentence:
    """Say one line between two people."""
    one, other, kind = tie
    return say(f"people.tie.{kind}", one=names.get(one, one), other=names.get(other, other))
