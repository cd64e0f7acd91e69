"""Whose clients came in on a new phone or computer lately: who is in charge hears of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from openipt.accounts.devices import Device
from openipt.casebook.models import Tie
from openipt.casebook.queries.visible import live, rule
from openipt.policy import Actor
from openipt.tables.asking import Question

NEW = timedelta(days=7)
IN_CHARGE = ("assigned", "cover", "group")


def new_devices(at: datetime) -> QuerySet[Device]:
    """Return what came in during the last days, but for the first of each client: that one the clinic let in."""
    return _new(at - NEW)


def _new(newly: datetime) -> QuerySet[Device]:
    earlier = Device.objects.filter(account=OuterRef("account"), first_seen_at__lt=OuterRef("first_seen_at"))
    return Device.objects.filter(Exists(earlier), first_seen_at__gt=newly)


def courses_with_new_devices(actor: Actor, at: datetime) -> list[str]:
    """Return the labels of the actor's own courses whose client came in on something new. One query."""
    kinds = tuple(kind for kind in IN_CHARGE if rule(actor, {kind}, "identity", "read").allowed)
    return [label for (label,) in _asked(kinds).ask(account=UUID(actor.id), at=at, newly=at - NEW)]


@cache
def _asked(kinds: tuple[str, ...]) -> Question:
    """Return the written question for the ways of being in charge that the table lets an actor use."""

    def write(account: UUID, at: datetime, newly: datetime) -> QuerySet[Tie, Any]:
        mine = Tie.objects.filter(live(at), account_id=account, kind__in=kinds)
        found = mine.filter(enrolment__client__in=_new(newly).values("account__client"))
        return found.order_by("enrolment__label").values_list("enrolment__label").distinct()

    return Question(write)
