"""What can be wrong with the record or its audit, each as one value with a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from openipt.therapy.words import Sentence, say


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that should not be.

    Attributes:
        kind: `guard`, `hash`, `link`, `missing`, `order`, `cut`, `rewritten`, `row_differs`, `row_gone`, `row_unnoted`,
            `row_unreadable`, `appearances`, `anchor` or `line`.
        where: The table, `chain:place`, `table:id` or `anchor:id`. Ids only.
        sentence: The same for people, to be rendered with the catalogue.
    """

    kind: str
    where: str
    sentence: Sentence


def guard_lost(table: str) -> Fault:
    """The database would let rows of an append-only table be changed."""
    return Fault("guard", table, say("audit.fault.guard", table=table))


def changed(chain: str, place: object) -> Fault:
    """An event is not what was hashed when it was written."""
    return Fault("hash", f"{chain}:{place}", say("audit.fault.hash", chain=chain, place=place))


def unlinked(chain: str, place: object) -> Fault:
    """An event does not name the one before it."""
    return Fault("link", f"{chain}:{place}", say("audit.fault.link", chain=chain, place=place))


def missing(chain: str, first: int, n: int) -> Fault:
    """Events are missing within a chain."""
    return Fault("missing", f"{chain}:{first}", say("audit.fault.missing", chain=chain, first=first, n=n))


def out_of_order(chain: str, place: object) -> Fault:
    """An event stands where another one stands, or came later than its place says."""
    return Fault("order", f"{chain}:{place}", say("audit.fault.order", chain=chain, place=place))


def cut(chain: str, place: int, anchor: int) -> Fault:
    """A chain once reached further than now."""
    return Fault("cut", f"{chain}:{place}", say("audit.fault.cut", chain=chain, place=place, anchor=anchor))


def rewritten(chain: str, place: int, anchor: int) -> Fault:
    """A chain holds together, and is another one than it was."""
    return Fault("rewritten", f"{chain}:{place}", say("audit.fault.rewritten", chain=chain, place=place, anchor=anchor))


def row_differs(table: str, row: str) -> Fault:
    """A row is not as its event noted it."""
    return Fault("row_differs", f"{table}:{row}", say("audit.fault.row_differs", table=table, row=row))


def row_gone(table: str, row: str) -> Fault:
    """An event notes a row that is not there."""
    return Fault("row_gone", f"{table}:{row}", say("audit.fault.row_gone", table=table, row=row))


def row_unnoted(table: str, row: str) -> Fault:
    """A row is there that no event notes."""
    return Fault("row_unnoted", f"{table}:{row}", say("audit.fault.row_unnoted", table=table, row=row))


def row_unreadable(table: str) -> Fault:
    """A row holds what its columns cannot hold; the rest of its table was not checked."""
    return Fault("row_unreadable", table, say("audit.fault.row_unreadable", table=table))


def appearances_differ() -> Fault:
    """What clients are told about lists is not what the events say."""
    return Fault("appearances", "audit_appearance", say("audit.fault.appearances"))


def anchor_differs(anchor: int) -> Fault:
    """An anchor is missing, or is not what was anchored."""
    return Fault("anchor", f"anchor:{anchor}", say("audit.fault.anchor", anchor=anchor))


def line_differs(anchor: int) -> Fault:
    """The events are not those of a line that was kept elsewhere."""
    return Fault("line", f"anchor:{anchor}", say("audit.fault.line", anchor=anchor))
