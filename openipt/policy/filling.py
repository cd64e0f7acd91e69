"""The table worked out once: for each role, tie, kind and action the ways in which it is allowed, best first."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cache

from openipt.policy.cells import Grant
from openipt.policy.ruling import EXTENTS, Ruling, denied
from openipt.policy.table import ACTIONS, NO_TIE, Table, Unknown, table

Key = tuple[str, str, str, str]  # role, tie, kind, action


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which an act is allowed: all of `wants` must be true of the item, then the ruling holds.

    `wants_if_limited` counts in place of `wants` for an item that the client keeps to themself.
    """

    ruling: Ruling
    wants: frozenset[str]
    wants_if_limited: frozenset[str]


@dataclass(frozen=True, slots=True)
class Cell:
    """What one role may do through one tie. Without `ways` it is refused, and `refusal` says why."""

    ways: tuple[Way, ...]
    refusal: Ruling
    limited: bool  # an item that the client keeps back is closed here unless it was shared
    write_only: bool  # closed on a phone that only writes
    leaves: str


@cache
def cells() -> dict[Key, Cell]:
    """Return every cell, worked out from the table once in a process."""
    page = table()
    return {key: cell for kind in page.kinds for role in page.roles for key, cell in fill(page, role, kind)}


def find(role: str, tie: str, kind: str, action: str) -> Cell:
    """Return one cell; raise Unknown, saying which name is wrong and which are known."""
    try:
        return cells()[role, tie, kind, action]
    except KeyError:
        raise _unknown(role, tie, kind, action) from None


def _unknown(role: str, tie: str, kind: str, action: str) -> Unknown:
    page = table()
    asked: list[tuple[str, str, Collection[str]]] = [
        ("role", role, page.roles),
        ("tie", tie, page.ties),
        ("kind of record", kind, page.kinds),
        ("action", action, ACTIONS),
    ]
    return next(Unknown(what, name, known) for what, name, known in asked if name not in known)


def fill(page: Table, role: str, kind: str) -> Iterator[tuple[Key, Cell]]:
    """Work out one cell of the page for every tie and action."""
    grants = page.parse(page.kinds[kind].cells[role])
    for action in ACTIONS:
        can = [grant for grant in grants if grant.action == action]
        for tie in page.ties:
            yield (role, tie, kind, action), _cell(page, role, tie, kind, action, can)


def _cell(page: Table, role: str, tie: str, kind: str, action: str, can: list[Grant]) -> Cell:
    carried = [grant for grant in can if tie in (grant.via or page.roles[role].through)]
    about = page.kinds[kind]
    keeps_back = about.limited and role != "client"
    ways = sorted((_way(grant, tie, keeps_back) for grant in carried), key=_worth, reverse=True)
    why = "no_tie" if tie == NO_TIE else "other_tie" if can else "not_for_role"
    only_writes = about.write_only and role == "client" and action == "read"
    return Cell(tuple(ways), denied(why), keeps_back, only_writes, about.leaves)


def _way(grant: Grant, tie: str, keeps_back: bool) -> Way:
    ruling = Ruling(True, grant.extent, f"policy.through.{tie}", grant.needs, grant.bounds)
    return Way(ruling, grant.wants, grant.wants | {"shared"} if keeps_back else grant.wants)


def _worth(way: Way) -> tuple[int, int, int]:
    return (-EXTENTS.index(way.ruling.extent), -len(way.ruling.needs), -len(way.ruling.bounds))


def for_solo(ruling: Ruling) -> Ruling:
    """Put a delay and a written reason where a second person is asked for and there is none (RULINGS 14)."""
    if "second_person" not in ruling.needs:
        return ruling
    needs = (need for each in ruling.needs for need in (table().solo if each == "second_person" else (each,)))
    return replace(ruling, needs=tuple(needs))
