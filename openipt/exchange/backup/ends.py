"""Where the chains of the audit ended in a copy, as an anchor tells it. Restored, it must end at the same place."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from openipt.audit.chaining import hash_of

_ENDS = """
SELECT event.chain, event.place, event.hash FROM audit_auditevent event JOIN
(SELECT chain, MAX(place) AS place FROM audit_auditevent GROUP BY chain) newest
ON newest.chain = event.chain AND newest.place = event.place
"""


@dataclass(frozen=True, slots=True)
class Ends:
    """The id of the newest event, how many events in how many chains, and a hash over the end of each chain."""

    upto: int
    events: int
    chains: int
    heads: str


def ends_of(store: sqlite3.Connection) -> Ends:
    """Return where the chains of a store end; the same as `audit.anchors.cover` says of it."""
    upto, events = store.execute("SELECT COALESCE(MAX(id), 0), COUNT(*) FROM audit_auditevent").fetchone()
    ends = sorted(store.execute(_ENDS).fetchall())
    return Ends(upto, events, len(ends), hash_of("\n".join(f"{chain} {place} {hash_}" for chain, place, hash_ in ends)))
