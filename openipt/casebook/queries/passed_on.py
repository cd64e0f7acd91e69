"""A flag that was passed on upwards, for whoever it was passed on to: all that is needed to reach somebody, no more.

Neither a supervisor nor a lead opens the course by it, and neither writes what was done: that is for whoever leads the
course, or stands in for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from openipt.accounts.models import Organisation
from openipt.audit.writing import saw
from openipt.casebook.models import Enrolment, FlagStep, Tie
from openipt.casebook.queries.facts import staff_names
from openipt.casebook.queries.flags import KIND, FlagTold
from openipt.casebook.queries.flags import _told as told_of
from openipt.casebook.queries.manuals import manual_of
from openipt.casebook.queries.record import record
from openipt.casebook.queries.visible import NotVisible, live
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor
from openipt.therapy.manuals import Manual
from openipt.therapy.record import Record

WRITE = ("cover", "assigned", "group")  # who may write the outcome


@dataclass(frozen=True, slots=True)
class Reachable:
    """Somebody who can write the outcome: the name, and where to reach them."""

    name: str
    tie: str
    email: str


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A flag with what the page about it needs. The record is for saying what was answered, and nothing else of it."""

    flag: FlagTold
    seen: bool  # by this actor, before
    name: str
    record: Record
    manual: Manual
    organisation: Organisation
    people: tuple[Reachable, ...]


def passed_on(actor: Actor, course: str, flag: str, at: datetime) -> PassedOn:
    """Return a flag that the tick passed on to this actor; note that it was opened.

    Raises:
        NotVisible: no such flag, or it was not passed on to them: the two look alike.
        NotAllowed: the table says no.
    """
    steps = _steps(actor, course, flag)
    to_them = any(step.kind == "passed_on" and str(step.to) == actor.id for step in steps)
    seen = find_enrolment(actor, course, KIND, "read", at, ("escalated",) if to_them else ())
    if not to_them or seen.ruling.extent != "full":
        raise NotVisible(flag)
    enrolment, row = seen.enrolment, steps[0].flag
    known = record(enrolment, naming=False)
    found = told_of(row, steps, staff_names(enrolment.organisation_id), seen)
    looked = any(step.kind == "seen" and str(step.by) == actor.id for step in steps)
    saw(
        act="flag.open",
        by=actor.id,
        at=at,
        organisation=actor.organisation,
        client=str(enrolment.client_id),
        subject=str(row.id),
        purpose="supervision",
    )
    name = str(known.says("intake").get("alias") or enrolment.client.code)
    return PassedOn(found, looked, name, known, manual_of(known), enrolment.organisation, _people(enrolment, at))


def _steps(actor: Actor, course: str, flag: str) -> list[FlagStep]:
    """Return what happened to the flag by the name in an address, with the flag; one that was passed on has steps."""
    asked = FlagStep.objects.filter(flag__enrolment__label=course, flag__organisation_id=actor.organisation)
    every = asked.select_related("flag").order_by("seq", "recorded_at", "id")
    return [one for one in every if flag in (one.flag.label, str(one.flag.id))]


def _people(enrolment: Enrolment, at: datetime) -> tuple[Reachable, ...]:
    tied = Tie.objects.filter(live(at), enrolment=enrolment, kind__in=WRITE, account__is_active=True)
    by_account = {one.account_id: one for one in tied.select_related("account").order_by("since")}
    found = [Reachable(one.account.name, one.kind, one.account.email) for one in by_account.values()]
    return tuple(sorted(found, key=lambda one: (WRITE.index(one.tie), one.name)))
