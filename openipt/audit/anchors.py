"""Anchors: where all chains ended at a moment, on record and as a line that is kept where nobody here can reach it.

A chain alone cannot show that its end was cut off, or that all of it was written anew. An anchor can, and its line
(printed, sent, put on a second machine) can also where the anchors themselves were written anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection, transaction

from openipt.audit import faults
from openipt.audit.canonical import moment_text
from openipt.audit.chaining import GENESIS, hash_of
from openipt.audit.faults import Fault
from openipt.audit.models import Anchor, AuditEvent, Head

End = tuple[str, int, str]  # chain, place, hash
_ENDS = """
SELECT event.chain, event.place, event.hash FROM audit_auditevent event JOIN
(SELECT chain, MAX(place) AS place FROM audit_auditevent WHERE id > %s AND id <= %s GROUP BY chain) newest
ON newest.chain = event.chain AND newest.place = event.place
"""
_LOST = """
SELECT head.chain, head.place, MIN(head.anchor), MAX(CASE WHEN event.hash IS NULL THEN 1 ELSE 0 END)
FROM audit_head head LEFT JOIN audit_auditevent event ON event.chain = head.chain AND event.place = head.place
WHERE event.hash IS NULL OR event.hash <> head.hash GROUP BY head.chain, head.place ORDER BY head.chain, head.place
"""
_LINE = re.compile(
    r"openipt anchor (?P<id>[0-9]{1,18}) \| (?P<at>[0-9T:.+-]{32}) \| up to (?P<upto>[0-9]{1,18}) \| "
    r"(?P<events>[0-9]{1,18}) events \| (?P<chains>[0-9]{1,18}) chains \| (?P<heads>[0-9a-f]{64})"
)


@dataclass(frozen=True, slots=True)
class Covered:
    """What the events up to one of them are: how many, in how many chains, and where the chains end."""

    events: int
    chains: int
    heads: str


def anchor(at: datetime) -> Anchor:
    """Note where all chains end now, and return it; also where nothing happened since the last anchor.

    Reads the chains before it takes any lock; writers wait only while it notes the heads that moved.
    """
    upto = _newest()
    covered = cover(upto)
    with transaction.atomic():
        _one_at_a_time()
        before = Anchor.objects.order_by("-id").first()
        if before and before.upto > upto:
            return before  # somebody else has just anchored more
        moved = _ends(before.upto if before else 0, upto)
        made = Anchor(
            id=before.id + 1 if before else 1,
            at=at,
            upto=upto,
            events=covered.events,
            chains=covered.chains,
            heads=covered.heads,
            prev=before.hash if before else GENESIS,
        )
        made.hash = hash_of(_text(made, moved))
        made.save(force_insert=True)
        Head.objects.bulk_create(
            [Head(anchor=made.id, chain=chain, place=place, hash=hash_) for chain, place, hash_ in moved],
            batch_size=200,
        )
    return made


def cover(upto: int) -> Covered:
    """Return what the events up to an id are, from the events alone."""
    ends = _ends(0, upto)
    events = AuditEvent.objects.filter(id__lte=upto).count()
    return Covered(events, len(ends), hash_of("\n".join(f"{chain} {place} {hash_}" for chain, place, hash_ in ends)))


def as_line(made: Anchor) -> str:
    """Write an anchor as one line of at most 200 letters, to be printed, sent, or kept on a second machine."""
    return (
        f"openipt anchor {made.id} | {moment_text(made.at)} | up to {made.upto} | {made.events} events | "
        f"{made.chains} chains | {made.heads}"
    )


def check_against(line: str) -> list[Fault]:
    """Compare the events, and the anchor on record, with a line that was kept elsewhere.

    Trusts neither the anchors here nor their heads: these only help to name a chain. That an event is still what its
    hash says is what `verify` checks; do both.

    Raises:
        ValueError: The line is not one that `as_line` writes.
    """
    told = _read(line)
    made = Anchor.objects.filter(id=told["id"]).first()
    found = []
    if cover(told["upto"]) != Covered(told["events"], told["chains"], told["heads"]):
        found += [faults.line_differs(told["id"]), *_lost_heads()]
    if made is None or as_line(made) != line.strip():
        found.append(faults.anchor_differs(told["id"]))
    return found


def anchor_faults() -> Iterator[Fault]:
    """Yield what is wrong with the anchors on record, and where a chain is not what they saw."""
    yield from _lost_heads()
    expected, prev, last = 1, GENESIS, None
    heads = groupby(Head.objects.order_by("anchor", "chain").iterator(chunk_size=5000), key=lambda head: head.anchor)
    moved = next(heads, None)
    for made in Anchor.objects.order_by("id").iterator(chunk_size=500):
        ends: Sequence[End] = ()
        while moved and moved[0] <= made.id:
            if moved[0] == made.id:
                ends = sorted((head.chain, head.place, head.hash) for head in moved[1])
            else:
                yield faults.anchor_differs(moved[0])
            moved = next(heads, None)
        if made.id != expected or made.prev != prev or hash_of(_text(made, ends)) != made.hash:
            yield faults.anchor_differs(made.id)
        expected, prev, last = made.id + 1, made.hash, made
    if moved:
        yield faults.anchor_differs(moved[0])
    if last and cover(last.upto) != Covered(last.events, last.chains, last.heads):
        yield faults.line_differs(last.id)


def _lost_heads() -> list[Fault]:
    with connection.cursor() as cursor:
        cursor.execute(_LOST)
        return [
            (faults.cut if gone else faults.rewritten)(chain, place, first)
            for chain, place, first, gone in cursor.fetchall()
        ]


def _ends(after: int, upto: int) -> list[End]:
    with connection.cursor() as cursor:
        cursor.execute(_ENDS, [after, upto])
        return sorted((chain, place, hash_) for chain, place, hash_ in cursor.fetchall())


def _text(made: Anchor, moved: Sequence[End]) -> str:
    own = (str(made.id), moment_text(made.at), str(made.upto), str(made.events), str(made.chains), made.heads)
    return "\n".join((*own, *(f"{chain} {place} {hash_}" for chain, place, hash_ in moved), made.prev))


def _newest() -> int:
    """Return the id of the newest event, such that no event with a smaller id can still come."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # an id is taken before its row is there: wait for those on their way
            cursor.execute("LOCK TABLE audit_auditevent IN SHARE MODE")
        cursor.execute("SELECT COALESCE(MAX(id), 0) FROM audit_auditevent")
        return int(cursor.fetchone()[0])


def _one_at_a_time() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE audit_anchor IN SHARE ROW EXCLUSIVE MODE")


def _read(line: str) -> dict[str, Any]:
    found = _LINE.fullmatch(line.strip())
    if not found:
        raise ValueError(
            "This is not the line of an anchor. Expected one whole line that begins with 'openipt anchor', as it was "
            "printed; compare it with the original"
        )
    told = found.groupdict()
    return {name: told[name] if name in ("at", "heads") else int(told[name]) for name in told}
