"""How many open courses somebody has in charge: a number and nothing else, for whoever ends a role."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from openipt.casebook.models import Tie
from openipt.casebook.queries.visible import live

IN_CHARGE = ("assigned", "group")


def in_charge_of(accounts: Collection[UUID], at: datetime) -> dict[UUID, int]:
    """Return how many open courses each of these accounts leads now; whoever leads none is not named. One query."""
    led = Tie.objects.filter(live(at), account__in=accounts, kind__in=IN_CHARGE, enrolment__standing__open=True)
    counted = led.values("account").annotate(n=Count("enrolment", distinct=True)).order_by()
    return dict(counted.values_list("account", "n"))
