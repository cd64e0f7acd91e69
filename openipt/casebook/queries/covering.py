"""Who stands in for whom, from when to when; and which courses somebody has in charge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openipt.accounts.models import Membership
from openipt.audit.writing import saw
from openipt.casebook import sealing
from openipt.casebook.models import Standing, Tie
from openipt.casebook.models.sealed import read_body
from openipt.casebook.queries.visible import live
from openipt.policy import Actor

IN_CHARGE, COVER = "assigned", "cover"


@dataclass(frozen=True, slots=True)
class InCharge:
    """A running course that somebody has in charge, by its label and what the client is called."""

    label: str
    name: str


@dataclass(frozen=True, slots=True)
class Cover:
    """Somebody stands in for somebody. `mine`: the actor is the one who stands in."""

    course: str
    name: str
    account: UUID
    who: str
    since: datetime
    until: datetime
    mine: bool


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who can stand in."""

    id: UUID
    name: str


def in_charge_of(actor: Actor, at: datetime) -> list[InCharge]:
    """Return the running courses that an actor has in charge, by name; noted as a list."""
    tied = Tie.objects.filter(live(at), account_id=actor.id, kind=IN_CHARGE)
    rows = list(
        Standing.objects.filter(
            enrolment__in=tied.values("enrolment"), organisation_id=actor.organisation, open=True
        ).select_related("enrolment__client")
    )
    names = _names(rows)
    shown = [str(row.enrolment.client_id) for row in rows]
    saw(act="caseload.list", by=actor.id, at=at, organisation=actor.organisation, client=None, shown=shown)
    found = [InCharge(row.enrolment.label, names[row.enrolment_id]) for row in rows]
    return sorted(found, key=lambda one: one.name)


def covers(actor: Actor, at: datetime) -> list[Cover]:
    """Return who stands in for the actor's courses now or later, and for whose courses the actor does."""
    mine = Tie.objects.filter(live(at), account_id=actor.id, kind=IN_CHARGE).values("enrolment")
    every = Tie.objects.filter(kind=COVER, until__gt=at, end=None, enrolment__organisation_id=actor.organisation)
    asked = every.filter(enrolment__in=mine) | every.filter(account_id=actor.id)
    ties = list(asked.select_related("account", "enrolment").order_by("since", "id"))
    rows = Standing.objects.filter(enrolment__in=[one.enrolment_id for one in ties if _open(one, actor, at)])
    names = _names(list(rows))
    return [_cover(one, actor, names) for one in ties]


def _open(tie: Tie, actor: Actor, at: datetime) -> bool:
    """A name is shown to whoever has the course in charge, and to whoever stands in from its first day on."""
    return str(tie.account_id) != actor.id or tie.since <= at


def _cover(tie: Tie, actor: Actor, names: dict[UUID, str]) -> Cover:
    assert tie.until is not None  # noqa: S101 - only cover with an end was asked for
    mine = str(tie.account_id) == actor.id
    name = names.get(tie.enrolment_id, "")
    return Cover(tie.enrolment.label, name, tie.account_id, tie.account.name, tie.since, tie.until, mine)


def _names(rows: list[Standing]) -> dict[UUID, str]:
    sealing.load([row.scope for row in rows])
    return {
        row.enrolment_id: str(read_body(row.scope, "standing", row.enrolment_id, bytes(row.told))["name"])
        for row in rows
    }


def colleagues_of(actor: Actor, at: datetime) -> list[Colleague]:
    """Return the other therapists of the service, by name."""
    working = Membership.objects.live(at).filter(
        organisation_id=actor.organisation, account__is_active=True, role="therapist"
    )
    found = working.exclude(account=UUID(actor.id)).select_related("account")
    people = {one.account_id: Colleague(one.account_id, one.account.name) for one in found}
    return sorted(people.values(), key=lambda one: one.name)
