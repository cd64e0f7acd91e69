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
from openipt.casebook.queries.visible import enrolments
from openipt.policy import Actor

IN_CHARGE, COVER = "assigned", "cover"
KIND = "session_records"  # a name is shown to whoever may read the course's sessions as they stand


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


@dataclass(frozen=True, slots=True)
class StandingIn:
    """What somebody who goes away sees: the courses they could give away, and every cover now or later."""

    in_charge: list[InCharge]
    covers: list[Cover]


def standing_in(actor: Actor, at: datetime) -> StandingIn:
    """Return the running courses an actor has in charge and may read, by name, and who stands in for whom.

    That is: for the actor's courses, and for whose courses the actor does. Noted as a list.
    """
    seen = enrolments(actor, KIND, at)
    mine, standing_in = (
        {key for key, one in seen.items() if tie in one.ties and one.named} for tie in (IN_CHARGE, COVER)
    )
    rows = list(Standing.objects.filter(enrolment__in=mine, open=True).select_related("enrolment__client"))
    shown = [str(row.enrolment.client_id) for row in rows]
    saw(act="caseload.list", by=actor.id, at=at, organisation=actor.organisation, client=None, shown=shown)
    names = _names(rows)
    found = [InCharge(row.enrolment.label, names[row.enrolment_id]) for row in rows]
    return StandingIn(sorted(found, key=lambda one: one.name), _covers(actor, at, mine, standing_in))


def _covers(actor: Actor, at: datetime, mine: set[UUID], standing_in: set[UUID]) -> list[Cover]:
    every = Tie.objects.filter(kind=COVER, until__gt=at, end=None, enrolment__organisation_id=actor.organisation)
    asked = every.filter(enrolment__in=mine) | every.filter(account_id=actor.id)
    ties = list(asked.select_related("account", "enrolment").order_by("since", "id"))
    shown = (mine | standing_in) & {one.enrolment_id for one in ties}
    names = _names(list(Standing.objects.filter(enrolment__in=shown)))
    return [_cover(one, actor, names) for one in ties]


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
