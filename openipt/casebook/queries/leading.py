"""Who may lead a group in a service."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from openipt.accounts.models import Account, Membership
from openipt.policy import Actor


def facilitators(actor: Actor, at: datetime) -> tuple[Account, ...]:
    """Return who else may lead a group in the actor's service now, by name."""
    working = Membership.objects.live(at).filter(
        organisation_id=actor.organisation, account__is_active=True, role="facilitator"
    )
    rows = working.select_related("account").exclude(account=UUID(actor.id))
    people = {one.account_id: one.account for one in rows}
    return tuple(sorted(people.values(), key=lambda one: one.name))
