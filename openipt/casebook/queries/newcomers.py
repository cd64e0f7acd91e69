"""Whose clients came in on a new phone or computer lately: who is in charge hears of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from openipt.accounts.devices import Device
from openipt.casebook.models import Tie
from openipt.casebook.queries.visible import live, rule
from openipt.policy import Actor

NEW = timedelta(days=7)
IN_CHARGE = ("assigned", "cover", "group")


def new_devices(at: datetime) -> QuerySet[Device]:
    """Return what came in during the last days, but for the first of each client: that one the clinic let in."""
    earlier = Device.objects.filter(account=OuterRef("account"), first_seen_at__lt=OuterRef("first_seen_at"))
    return Device.objects.filter(Exists(earlier), first_seen_at__gt=at - NEW)


def courses_with_new_devices(actor: Actor, at: datetime) -> list[str]:
    """Return the labels of the actor's own courses whose client came in on something new. One query."""
    kinds = [kind for kind in IN_CHARGE if rule(actor, {kind}, "identity", "read").allowed]
    mine = Tie.objects.filter(live(at), account_id=UUID(actor.id), kind__in=kinds)
    found = mine.filter(enrolment__client__in=new_devices(at).values("account__client"))
    return sorted(set(found.values_list("enrolment__label", flat=True)))
