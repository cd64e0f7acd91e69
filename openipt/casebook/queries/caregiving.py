"""What a caregiver may see, and what a young person may know of it: the list as it stands now, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db.models import F

from openipt.audit.writing import saw
from openipt.casebook.models import Enrolment, Tie
from openipt.casebook.queries.own import OWN, Own, next_session
from openipt.casebook.queries.record import record
from openipt.casebook.queries.visible import NotVisible, live, rule
from openipt.policy import Actor
from openipt.therapy.course.young import Seeing, caregivers
from openipt.therapy.record import Record

TIE = frozenset({"proxy"})
KINDS = {"next_session": "appointments", "attendance": "appointments"}  # of record; the clinic itself is about nobody
PURPOSE = "caregiver"


@dataclass(frozen=True, slots=True)
class Near:
    """What one caregiver sees now. Whatever is not on the list is not in it.

    Attributes:
        enrolment: The course; neither its label nor a name is shown.
        at: The server's time.
        shown: What stands on the list and may be shown.
        until: The last day.
        next_at: The next session; None where there is none, or where it is not on the list.
        came_on: The days of sessions that took place; empty where they are not on the list.
    """

    enrolment: Enrolment
    at: datetime
    shown: frozenset[str]
    until: date | None
    next_at: datetime | None
    came_on: tuple[date, ...]

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the service."""
        return ZoneInfo(self.enrolment.organisation.zone)


def open_near(actor: Actor, at: datetime) -> Near:
    """Open what a caregiver sees, and note it where the young person reads who looked.

    Raises:
        NotVisible: they are no caregiver, or their time is over, for whatever reason: nothing tells which.
    """
    enrolment = _enrolment(actor, at)
    whole = record(enrolment, naming=False)
    zone = ZoneInfo(enrolment.organisation.zone)
    known = caregivers(whole, at.astimezone(zone).date())
    seeing = next((one for one in known if one.account == actor.id and one.is_open), None)
    if seeing is None:
        raise NotVisible("list")
    shown = frozenset(item for item in seeing.sees if _may_see(actor, item))
    saw(
        act="caregiver.open",
        by=actor.id,
        at=at,
        organisation=actor.organisation,
        client=str(enrolment.client_id),
        subject=str(enrolment.id),
        purpose=PURPOSE,
    )
    return Near(
        enrolment=enrolment,
        at=at,
        shown=shown,
        until=seeing.until,
        next_at=next_session(whole, at) if "next_session" in shown else None,
        came_on=_days(whole) if "attendance" in shown else (),
    )


def _enrolment(actor: Actor, at: datetime) -> Enrolment:
    if "proxy" not in actor.roles:
        raise NotVisible("list")
    tied = Tie.objects.filter(
        live(at),
        kind="proxy",
        account_id=actor.id,
        account__proxy_of=F("enrolment__client_id"),
        enrolment__organisation_id=actor.organisation,
    ).select_related("enrolment__client", "enrolment__organisation")
    newest = tied.order_by("-since").first()
    if newest is None:
        raise NotVisible("list")
    found: Enrolment = newest.enrolment
    return found


def _may_see(actor: Actor, item: str) -> bool:
    kind = KINDS.get(item)
    return kind is None or rule(actor, TIE, kind, "read", shared=True).allowed


def _days(whole: Record) -> tuple[date, ...]:
    return tuple(one.day for one in reversed(whole.held()))


def seen_at_home(own: Own) -> tuple[Seeing, ...]:
    """Return what each caregiver sees or saw, for the young person whose course it is."""
    ruling = rule(own.actor, OWN, "proxy_settings", "read", facts=("age_allows",))
    return caregivers(own.known, own.today) if ruling.allowed else ()
