"""What a service has switched on, as one actor may see it, and whether this actor may switch it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from openipt.accounts.models import Account, Organisation
from openipt.casebook.queries.fits import MODULE, is_on
from openipt.casebook.queries.visible import OF_THE_PROGRAMME, NotVisible, enrolment, rule
from openipt.policy import Actor, Ruling

KIND = "modules"
PROGRAMME = "programme"


@dataclass(frozen=True, slots=True)
class Switched:
    """How insight stands in a service: on or off, and who read what it is for, when."""

    organisation: Organisation
    on: bool
    read_by: str | None
    read_on: date | None


def ruling_on_modules(actor: Actor, action: str) -> Ruling:
    """Return whether an actor may do this to what their service has switched on. Asks the table alone."""
    return rule(actor, {PROGRAMME} if actor.roles & OF_THE_PROGRAMME else (), KIND, action)


def may_switch(actor: Actor) -> bool:
    """Whether an actor decides what is switched on; who only carries it out on the server does not."""
    each = (Actor(actor.id, actor.organisation, frozenset({role}), solo=actor.solo) for role in actor.roles)
    rulings = (ruling_on_modules(one, "write") for one in each)
    return any(ruling.allowed and not ruling.bounds for ruling in rulings)


def insight_switch(actor: Actor) -> Switched:
    """Return how insight stands in the actor's service.

    Raises:
        NotVisible: the actor does not decide about it.
    """
    if not may_switch(actor):
        raise NotVisible(KIND)
    found = Organisation.objects.get(id=actor.organisation)
    said = found.promise.get(MODULE) or {}
    read_by, read_on = said.get("read_by"), said.get("read_on")
    reader = Account.objects.filter(id=read_by, organisation=found).first() if read_by else None
    return Switched(
        found,
        is_on(found.promise),
        reader.name if reader else None,
        date.fromisoformat(read_on) if read_on else None,
    )


def insight_is_on(actor: Actor, label: str, at: datetime) -> bool:
    """Whether the service of a course has insight switched on. Costs nothing where the course was opened already."""
    try:
        seen = enrolment(actor, label, "session_records", "read", at)
    except (LookupError, PermissionError):
        return False
    return is_on(seen.enrolment.organisation.promise)
