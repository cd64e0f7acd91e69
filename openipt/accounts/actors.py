"""Who acts, as the policy knows them: an account with the roles it holds at one moment."""

from __future__ import annotations

from datetime import datetime

from openipt.accounts.models import Account, Membership
from openipt.policy import Actor
from openipt.tables.asking import Question

_HELD = Question(
    lambda account, organisation, at: (
        Membership.objects.live(at)
        .filter(account_id=account, organisation_id=organisation)
        .values_list("role", "organisation__solo")
    )
)


def actor_of(account: Account, at: datetime) -> Actor:
    """Return an account as the policy knows it at a moment. One query, whatever the number of roles.

    Args:
        account: Who is signed in.
        at: The moment; a role that has not begun or has ended by then gives nothing.
    """
    rows = _HELD.ask(account=account.id, organisation=account.organisation_id, at=at) if account.is_active else []
    return Actor(
        id=str(account.id),
        organisation=str(account.organisation_id),
        roles=frozenset(role for role, _ in rows),
        client=str(account.client) if account.client else None,
        solo=any(solo for _, solo in rows),
    )
