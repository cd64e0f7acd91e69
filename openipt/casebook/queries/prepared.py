"""The prepared rows of the caseload as they stand in their table: read plainly, for there are as many as courses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import QuerySet

from openipt.casebook.models import Enrolment, Tie
from openipt.casebook.queries import reading
from openipt.casebook.queries.visible import everywhere, from_roles, held, opening_ties, rule
from openipt.policy import Actor
from openipt.tables.asking import Question

_ENROLMENT = ("id", "label", "client_id", "client__scope", "client__code", "group__label")
_ROW = ("scope", "on", "open", "need", "rank", "since", "cue", "state", "due_on", "flags_open", "told")
_COLUMNS = (*_ENROLMENT, *(f"standing__{name}" for name in _ROW))


class Line(NamedTuple):
    """One course an actor sees, and its prepared row as the driver gives it; what is told in it is still sealed."""

    named: bool  # whether this actor may know the client's name
    enrolment: Any
    label: str
    client: Any
    client_scope: Any
    code: str
    group: str | None
    scope: Any  # None, as all that follows, where no row was prepared yet
    on: Any
    open: Any
    need: str
    rank: int
    since: Any
    cue: str
    state: str
    due_on: Any
    flags_open: int
    told: bytes

    @property
    def of_client(self) -> UUID:
        """Whose key seals what belongs to the client."""
        return reading.as_uuid(self.client_scope)

    def is_of(self, today: date) -> bool:
        """Whether there is a row and it still holds: time alone can change that of a course that is open."""
        return self.scope is not None and (not self.open or reading.day(self.on) == today)


def lines(actor: Actor, kind: str, at: datetime) -> list[Line]:
    """Return the courses of which an actor may see one kind of record now, by need as far as it is known.

    One query; two for whoever sees every course of the service.
    """
    organisation = UUID(actor.organisation)
    mine = _of_ties(opening_ties(actor, kind)).ask(account=UUID(actor.id), organisation=organisation, at=at)
    tied: dict[Any, set[str]] = {}
    for way, *columns in mine:
        tied.setdefault(columns[0], set()).add(way)
    found = {columns[0]: columns for _, *columns in mine}
    if everywhere(actor, kind):
        found = {columns[0]: list(columns) for columns in _OF_SERVICE.ask(organisation=organisation)}
    named = _named(actor, kind)
    return [Line(named(frozenset(tied.get(key, ()))), *columns) for key, columns in found.items()]


def _named(actor: Actor, kind: str) -> Any:
    @cache  # of a hundred courses nearly all are held in the same way
    def named(tied: frozenset[str]) -> bool:
        return rule(actor, tied | from_roles(actor), kind, "read").extent == "full"

    return named


@cache
def _of_ties(opening: tuple[str, ...]) -> Question:
    def write(**of: Any) -> QuerySet[Tie, Any]:
        columns = ("kind", *(f"enrolment__{name}" for name in _COLUMNS))
        return held(**of, opening=opening).order_by(*_by_need("enrolment__standing__")).values_list(*columns)

    return Question(write)


_OF_SERVICE = Question(
    lambda organisation: (
        Enrolment.objects.filter(organisation=organisation).order_by(*_by_need("standing__")).values_list(*_COLUMNS)
    )
)


def _by_need(place: str) -> Iterator[str]:
    return (f"{place}{name}" for name in ("need", "rank", "since"))
