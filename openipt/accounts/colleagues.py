"""Who works here: everybody with a staff account, the roles they hold, and how they sign in. Four queries, not more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

from openipt.accounts.models import Account, Membership, Organisation, Slip


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody holds, held, or will hold."""

    id: UUID
    role: str
    since: datetime
    until: datetime | None
    state: str  # now, later, over


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works here, without a word about any client."""

    account: Account
    roles: tuple[Held, ...]
    second_factor: bool
    slip_until: datetime | None  # a way in that was given and not used yet

    @property
    def now(self) -> tuple[Held, ...]:
        """The roles of this moment."""
        return tuple(one for one in self.roles if one.state == "now")

    @property
    def later(self) -> tuple[Held, ...]:
        """Roles that have not begun."""
        return tuple(one for one in self.roles if one.state == "later")

    @property
    def over(self) -> tuple[Held, ...]:
        """Roles that have ended."""
        return tuple(one for one in self.roles if one.state == "over")

    @property
    def signs_in(self) -> bool:
        """Whether they have chosen a password."""
        return self.account.has_usable_password()


def colleagues(organisation: Organisation, at: datetime, only: UUID | None = None) -> list[Colleague]:
    """Return who works in a service, by name; closed accounts at the end.

    Args:
        organisation: The service.
        at: The moment that "now" means.
        only: One account.
    """
    asked = Account.objects.filter(organisation=organisation, client=None, proxy_of=None)
    if only is not None:
        asked = asked.filter(id=only)
    telephone = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    found = list(asked.annotate(telephone=Exists(telephone)).order_by("-is_active", "name", "username"))
    held = _roles(found, at)
    slips = dict(
        Slip.objects.filter(account__in=found, redeemed_at=None, withdrawn_at=None, expires_at__gt=at).values_list(
            "account", "expires_at"
        )
    )
    return [Colleague(one, tuple(held.get(one.id, ())), one.telephone, slips.get(one.id)) for one in found]


def _roles(accounts: Sequence[Account], at: datetime) -> dict[UUID, list[Held]]:
    rows = Membership.objects.filter(account__in=accounts).order_by("since", "role")
    held: dict[UUID, list[Held]] = {}
    for one in rows:
        state = "later" if one.since > at else "now" if one.until is None or one.until > at else "over"
        held.setdefault(one.account_id, []).append(Held(one.id, one.role, one.since, one.until, state))
    return held
