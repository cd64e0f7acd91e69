"""A hand-made face of a sheet: another page over the same definition, the same names of fields and the same checker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from openipt.rooms.filling.typed import Pairs

if TYPE_CHECKING:
    from openipt.rooms.filling.fields import Field
    from openipt.rooms.filling.said import Read
    from openipt.rooms.filling.sheet import Sheet
    from openipt.therapy.record import Record

Gather = Callable[["Sheet", tuple["Field", ...], "Read"], Mapping[str, Any]]
Begin = Callable[["Record", Mapping[str, str]], Mapping[str, Any]]


def nothing(record: Record, address: Mapping[str, str]) -> Mapping[str, Any]:  # noqa: ARG001 - the shape of `Begin`
    """Begin with an empty sheet."""
    return {}


@dataclass(frozen=True, slots=True)
class Face:
    """How a sheet is shown by hand.

    Args:
        template: It extends `filling/fill.html` and shows the same fields in its own order.
        gather: What the template shows besides the fields.
        tidy: Takes away what the page itself filled in and nobody wrote to.
        begin: The answers that an empty sheet opens with, from the record and the address.
        carried: Questions for staff whose answers go along, unseen, while a client has the sheet before them.
    """

    template: str
    gather: Gather
    tidy: Callable[[Pairs], Pairs] = list
    begin: Begin = nothing
    carried: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WayBack:
    """Where somebody came from to fill a sheet in, and goes back to."""

    address: str
    words: str
    session: str = ""  # its label
    tells: bool = False  # whether that page itself tells what was answered and asks for a person
    onward: str = ""  # where one goes straight on from there, once the sheet is saved
    onward_words: str = ""
