"""May this actor do this to that, now, and why not: looked up in the table, never guessed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import TypedDict, Unpack

from openipt.policy.filling import Cell, Way, find, for_solo
from openipt.policy.ruling import EXTENTS, Actor, Ruling, denied, wanting
from openipt.policy.table import NO_TIE, Unknown, check_action, check_kind
from openipt.policy.table import facts as known_facts

# A refusal that a fact could lift tells more than one that nothing can lift.
_VAGUE = ("policy.denied.no_role", "policy.denied.no_tie", "policy.denied.other_tie", "policy.denied.not_for_role")


class About(TypedDict, total=False):
    """What is known of the item, as `decide` takes it."""

    author: bool
    shared: bool
    facts: Collection[str]
    limited: bool
    write_only: bool
    leaving: bool


def decide(
    role: str,
    tie: str,
    kind: str,
    action: str,
    *,
    author: bool = False,
    shared: bool = False,
    facts: Collection[str] = (),
    limited: bool = False,
    write_only: bool = False,
    leaving: bool = False,
    solo: bool = False,
) -> Ruling:
    """Rule on one act of one role through one tie. What was not said of the item is taken as not so.

    Args:
        role: What the actor is here.
        tie: How the actor is bound to the enrolment or client, `none` if not at all.
        kind: The kind of record (`kind_of` a form).
        action: `read` or `write`.
        author: The actor wrote it.
        shared: It was shared with this reader, item by item.
        facts: Further facts of the table that are true of it.
        limited: The client keeps it to themself: others see it only if it was shared with them.
        write_only: It is asked for from a phone that the client set to write only.
        leaving: It is to leave the program: print, export, another program.
        solo: The organisation has one clinician: a delay and a reason stand for a second person.

    Raises:
        Unknown: a name that the table does not have; says which names it has.
    """
    cell = find(role, tie, kind, action)
    return settle(cell, _said(author, shared, facts), limited, write_only, leaving, solo)


def settle(cell: Cell, have: frozenset[str], limited: bool, write_only: bool, leaving: bool, solo: bool) -> Ruling:
    """Rule by one cell of the table on an item of which the facts `have` are true."""
    if not cell.ways:
        return cell.refusal
    if write_only and cell.write_only:
        return denied("write_only")
    if leaving and cell.leaves == "never":
        return denied("leaving")
    kept = limited and cell.limited
    if kept and "shared" not in have:
        return denied("limited")
    for way in cell.ways:
        if way.wants <= have:
            return _shaped(way.ruling, cell.leaves if leaving else "freely", kept, solo)
    return denied(min(cell.ways[0].wants - have))


def _shaped(ruling: Ruling, leaves: str, kept: bool, solo: bool) -> Ruling:
    if leaves != "freely" and leaves not in ruling.needs:
        ruling = replace(ruling, needs=(*ruling.needs, leaves))
    if kept and ruling.extent == "full":
        ruling = replace(ruling, extent="shared")
    return for_solo(ruling) if solo else ruling


def _said(author: bool, shared: bool, facts: Collection[str]) -> frozenset[str]:
    have = frozenset(facts)
    if have and not have <= known_facts():
        raise Unknown("fact", min(have - known_facts()), sorted(known_facts()))
    if author:
        have |= {"author"}
    return have | {"shared"} if shared else have


def may(
    actor: Actor, ties: Collection[str], kind: str, action: str, *, met: Collection[str] = (), **about: Unpack[About]
) -> Ruling:
    """Rule on an act by the best of the actor's roles and ties.

    The best is the one that can go on now, then the one that shows most. A role or tie more never takes away.

    Args:
        actor: Who acts.
        ties: Every tie that is live now; none of them, or `none`, opens nothing.
        kind: The kind of record.
        action: `read` or `write`.
        met: Needs that are met already, such as `reauthenticate` and `reason` while an emergency access runs.
        about: What is known of the item, as for `decide`.

    Raises:
        Unknown: a name that the table does not have, also in the actor's roles.
    """
    rulings = [decide(role, tie, kind, action, solo=actor.solo, **about) for role, tie in _pairs(actor, ties)]
    if not rulings:
        check_kind(kind)
        check_action(action)
        return denied("no_role")
    good = [ruling for ruling in rulings if ruling.allowed] or rulings
    return good[0] if len(good) == 1 else max(good, key=lambda ruling: _worth(ruling, met))


def ways(actor: Actor, ties: Collection[str], kind: str, action: str) -> tuple[Way, ...]:
    """Return every way in which an actor may do this to items of a kind, for a query to turn into its filter.

    An item is open where the `wants` of one of them are true of it. No way: nothing of this kind is open.
    """
    found: dict[Way, None] = {}
    for role, tie in _pairs(actor, ties):
        for way in find(role, tie, kind, action).ways:
            found[replace(way, ruling=for_solo(way.ruling)) if actor.solo else way] = None
    return tuple(sorted(found, key=lambda way: _worth(way.ruling, ()), reverse=True))


def _pairs(actor: Actor, ties: Collection[str]) -> Iterator[tuple[str, str]]:
    for role in actor.roles:
        for tie in ties or (NO_TIE,):
            yield role, tie


def _worth(ruling: Ruling, met: Collection[str]) -> tuple[bool, int, int, int, int, str]:
    vague = _VAGUE.index(ruling.reason) if ruling.reason in _VAGUE else len(_VAGUE)
    can_go_on = not ruling.needs or not wanting(ruling, met)
    shows = -EXTENTS.index(ruling.extent)
    return (can_go_on, shows, -len(ruling.needs), -len(ruling.bounds), vague, ruling.reason)
