"""The table as it stands on its page: strict, frozen, and refused whole where one name in it is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

from openipt.policy.cells import Grant, parse
from openipt.therapy import shelf

PAGE = Path(__file__).with_name("table.yaml")
ACTIONS = ("read", "write")
NO_TIE = "none"

When = Literal["before", "while", "after"]


class Unknown(ValueError):  # noqa: N818 - the name is unknown, that is no fault of the program
    """A role, tie, kind, action or fact that the table does not know. Never answered with a guess."""

    def __init__(self, what: str, name: object, known: Iterable[str]) -> None:
        super().__init__(f"no {what} {ascii(name)[:60]} in the policy; it knows {', '.join(known)}")


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Role(_Strict):
    """What somebody may be, and through which ties that works."""

    means: str
    through: tuple[str, ...]


class Kind(_Strict):
    """A kind of record: what belongs to it, and a cell for every role."""

    title: str
    means: str
    forms: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    leaves: str = "freely"  # in print, export or another program: freely, never, or with this need
    limited: bool = False  # the client may keep an item of it to themself
    write_only: bool = False  # the client may choose that it cannot be read again on a phone
    cells: dict[str, str]
    notes: dict[str, str] = {}


class Numbers(_Strict):
    """The numbers of the policy, each once."""

    least_group: int
    solo_delay_hours: int
    emergency_minutes: int
    review_hours: int
    client_told_days: int


class Table(_Strict):
    """The whole page."""

    grammar: Literal["openipt-policy/1"]
    numbers: Numbers
    roles: dict[str, Role]
    ties: dict[str, str]
    facts: dict[str, str]
    needs: dict[str, When]
    break_glass: tuple[str, ...]
    solo: tuple[str, ...]
    bounds: tuple[str, ...]
    visibilities: dict[str, str]
    default: dict[Literal["questionnaire", "worksheet"], str]
    kinds: dict[str, Kind]

    @model_validator(mode="after")
    def _known(self) -> Table:
        for what, used, known in self._uses():
            for name in used:
                if name not in known:
                    raise ValueError(f"the {what} {name!r} is not on this page; expected one of {', '.join(known)}")
        for what in ("forms", "things"):
            named = [name for kind in self.kinds.values() for name in getattr(kind, what)]
            twice = sorted({name for name in named if named.count(name) > 1})
            if twice:
                raise ValueError(f"{', '.join(twice)} belongs to two kinds; expected each of the {what} once")
        for kind_id, kind in self.kinds.items():
            if list(kind.cells) != list(self.roles):
                cells = ", ".join(kind.cells)
                raise ValueError(f"{kind_id} has cells for {cells}; expected, in order, {', '.join(self.roles)}")
        return self

    def _uses(self) -> Iterator[tuple[str, Iterable[str], Iterable[str]]]:
        bound_ties = [tie for tie in self.ties if tie != NO_TIE]
        for role in self.roles.values():
            yield "tie", role.through, bound_ties
        yield "need", (*self.break_glass, *self.solo), self.needs
        yield "kind", (*self.visibilities.values(), *self.default.values()), self.kinds
        for kind in self.kinds.values():
            yield "way of leaving", (kind.leaves,), ("freely", "never", *self.needs)
            yield "role", kind.notes, self.roles
            for cell in kind.cells.values():
                for grant in self.parse(cell):
                    yield "tie", grant.via, bound_ties
                    yield "fact", grant.wants, self.facts
                    yield "need", grant.needs, self.needs
                    yield "bound", grant.bounds, self.bounds

    def parse(self, cell: str) -> tuple[Grant, ...]:
        """Read one cell with what this page means by breaking the glass."""
        return parse(cell, self.break_glass)


@cache
def table() -> Table:
    """Return the table; raise Refused naming the line where the page is not sound."""
    return shelf.to_model(shelf.read_definition(PAGE, "policy/table.yaml"), Table)


def roles() -> tuple[str, ...]:
    """List the roles, in the order of the table."""
    return tuple(table().roles)


def ties() -> tuple[str, ...]:
    """List the ties, `none` first."""
    return tuple(table().ties)


def kinds() -> tuple[str, ...]:
    """List the kinds of record, in the order of the table."""
    return tuple(table().kinds)


def facts() -> frozenset[str]:
    """Return every fact that a cell can ask for. Given to `decide`, it answers what is possible at most."""
    return frozenset(table().facts)


def numbers() -> Numbers:
    """Return the numbers of the policy: least people in an aggregate, hours, minutes and days."""
    return table().numbers


def check_kind(kind: str) -> None:
    """Raise Unknown where the table has no such kind of record."""
    if kind not in table().kinds:
        raise Unknown("kind of record", kind, kinds())


def check_action(action: str) -> None:
    """Raise Unknown where there is no such action."""
    if action not in ACTIONS:
        raise Unknown("action", action, ACTIONS)
