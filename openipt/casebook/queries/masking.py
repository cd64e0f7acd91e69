"""A record as one actor may see it: kinds the table does not open are left out, names and free text are not shown."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from operator import is_

from openipt.casebook.queries.addresses import BOUND, without_address
from openipt.casebook.queries.coding import WITHHELD, coded
from openipt.casebook.queries.visible import rule
from openipt.policy import Actor, Ruling, kind_of
from openipt.therapy.forms import has_form, open_form
from openipt.therapy.record import Entry, Flag, Record, Session

__all__ = ["WITHHELD", "as_seen", "coded"]
LEAVING_OUT = frozenset({"names_masked", "client_version", "own_part", "aliases", "no_text", "scores_only"})


def as_seen(record: Record, actor: Actor, ties: frozenset[str]) -> Record:
    """Return a record with only the entries an actor may read; pseudonymous ones keep coded answers alone."""
    rulings: dict[tuple[str, str], Ruling] = {}
    as_they_are: set[tuple[str, str]] = set()  # nearly all, for whoever treats: a record has a hundred and fifty
    people = frozenset(thing.id for thing in record.people)
    kept: list[Entry] = []
    for entry in record.entries:
        key = (entry.form, entry.visibility)
        if key not in rulings:
            form_kind = open_form(entry.form).kind if has_form(entry.form) else "worksheet"
            ruling = _ruling(kind_of(entry.form, form_kind, entry.visibility), entry.visibility, actor, ties)
            rulings[key] = ruling
            if ruling.allowed and _whole(ruling) and BOUND not in ruling.bounds:
                as_they_are.add(key)
        if key in as_they_are:
            kept.append(entry)
        elif rulings[key].allowed:
            kept.append(_as_ruled(entry, rulings[key], people))
    kept = _last_two(kept, rulings)
    flags = _flags(record, actor, ties)
    met = _sessions(record, actor, ties, people)
    same = len(kept) == len(record.entries) and all(map(is_, kept, record.entries))
    if same and flags is record.flags and met is record.sessions:
        return record
    return replace(record, entries=tuple(kept), flags=flags, sessions=met, _memo={})


def _sessions(record: Record, actor: Actor, ties: frozenset[str], people: frozenset[str]) -> tuple[Session, ...]:
    """Return the sessions; who came along may stand there by name."""
    if _whole(rule(actor, ties, "session_records", "read")):
        return record.sessions
    return tuple(
        replace(one, with_people=tuple(who if who in people else WITHHELD for who in one.with_people))
        for one in record.sessions
    )


@lru_cache(maxsize=4096)  # the table does not change while a process runs, and a record asks for thirty kinds
def _ruling(kind: str, visibility: str, actor: Actor, ties: frozenset[str]) -> Ruling:
    """Ask the table about an entry. What a client keeps to themself is limited; what they sent is shared with them."""
    limited, shared = visibility == "client_private", visibility == "shared_with_therapist"
    return rule(actor, ties, kind, "read", limited=limited, shared=shared and "own" in ties)


def _whole(ruling: Ruling) -> bool:
    """Whether an entry is shown as it is: not under a code, and nothing of it bound to be left out."""
    return ruling.extent in ("full", "shared") and not set(ruling.bounds) & LEAVING_OUT


def _as_ruled(entry: Entry, ruling: Ruling, people: frozenset[str]) -> Entry:
    seen = entry if _whole(ruling) else coded(entry, people)
    return without_address(seen) if BOUND in ruling.bounds else seen


def _last_two(kept: list[Entry], rulings: dict[tuple[str, str], Ruling]) -> list[Entry]:
    """Keep the last two entries of a form where no more may be seen."""
    bound = {form for (form, _), ruling in rulings.items() if "last_two" in ruling.bounds}
    if not bound:
        return kept
    last = {entry.id for form in bound for entry in [one for one in kept if one.form == form][-2:]}
    return [entry for entry in kept if entry.form not in bound or entry.id in last]


def _flags(record: Record, actor: Actor, ties: frozenset[str]) -> tuple[Flag, ...]:
    """Return the flags as far as they may be seen; what was done about them is somebody's words."""
    ruling = rule(actor, ties, "risk_flags", "read")
    if not ruling.allowed:
        return ()
    if ruling.extent == "full":
        return record.flags
    return tuple(
        replace(flag, outcomes=tuple(replace(one, words=WITHHELD) for one in flag.outcomes)) for flag in record.flags
    )
