"""Who may run a service: asked of the table, for a service as a whole. Nothing here is about a client."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from openipt.accounts.changes import Change
from openipt.accounts.models import Membership
from openipt.policy import Actor, Ruling, may, numbers, wanting

STAFF, ANSWERING, NUMBERS = "staff", "answering", "crisis_numbers"  # kinds of record of the table
PROGRAMME = "programme"
ANSWERS_FOR_IT = ("lead", "operator", "emergency")  # roles that answer for a service
MAY_CONFIRM = ("lead", "operator")
SECOND_ONLY = "second_only"


class MayNot(PermissionError):  # noqa: N818
    """The table says no. Holds the ruling with its reason."""

    def __init__(self, ruling: Ruling) -> None:
        super().__init__(ruling.reason)
        self.ruling = ruling


class TakesAnother(PermissionError):  # noqa: N818
    """Whoever put a change forward cannot be its second person as well."""


class TooEarly(ValueError):  # noqa: N818
    """Where nobody else could confirm, a day lies between putting a change forward and the second look."""

    def __init__(self, may_from: datetime) -> None:
        super().__init__(f"this can be confirmed from {may_from:%d %B, %H:%M}")
        self.may_from = may_from


def ruling_on(actor: Actor, kind: str, action: str, met: Collection[str] = ()) -> Ruling:
    """Return what the table says to one act about the actor's own service."""
    return may(actor, {PROGRAMME}, kind, action, met=met)


def may_see(actor: Actor, kind: str = STAFF) -> bool:
    """Whether an actor may look at this of their service."""
    ruling = ruling_on(actor, kind, "read")
    return ruling.allowed and ruling.extent == "full"


def may_change(actor: Actor, kind: str = STAFF) -> bool:
    """Whether an actor may change this of their service, alone or with a second person."""
    return ruling_on(actor, kind, "write").allowed


def may_put_forward(actor: Actor) -> bool:
    """Whether an actor may put forward what somebody else then confirms: who only confirms may not."""
    each = (Actor(actor.id, actor.organisation, frozenset({role}), solo=actor.solo) for role in actor.roles)
    rulings = (ruling_on(one, ANSWERING, "write") for one in each)
    return any(ruling.allowed and SECOND_ONLY not in ruling.bounds for ruling in rulings)


def ask(actor: Actor, kind: str, action: str = "write") -> None:
    """Ask the table for leave to do something alone.

    Raises:
        MayNot: it says no, or asks for more first.
    """
    ruling = ruling_on(actor, kind, action)
    if not ruling.allowed or wanting(ruling):
        raise MayNot(ruling)


def ask_to_put_forward(actor: Actor) -> None:
    """Ask the table for leave to put a change forward.

    Raises:
        MayNot: it says no, or lets the actor only confirm.
    """
    if not may_put_forward(actor):
        raise MayNot(Ruling(False, "none", "policy.denied.not_for_role"))


def alone(actor: Actor, at: datetime) -> bool:
    """Whether nobody but the actor could confirm: one clinician works alone, or runs the service alone."""
    if actor.solo:
        return True
    others = Membership.objects.live(at).filter(organisation=UUID(actor.organisation), role__in=MAY_CONFIRM)
    return not others.filter(account__is_active=True).exclude(account=UUID(actor.id)).exists()


def delay() -> timedelta:
    """Return how long it waits where nobody else could confirm."""
    return timedelta(hours=dict(numbers())["solo_delay_hours"])


def confirms_from(actor: Actor, change: Change, at: datetime) -> datetime | None:
    """Return from when an actor may confirm a change; None where it takes somebody else."""
    if not may_change(actor, ANSWERING):
        return None
    if str(change.by_id) != actor.id:
        return change.at
    return change.at + delay() if alone(actor, at) else None


def ask_to_confirm(actor: Actor, change: Change, at: datetime) -> None:
    """Ask the table whether an actor may be the second person to a change, now.

    Raises:
        MayNot: not in any of their roles.
        TakesAnother: they put it forward themself, and somebody else could confirm.
        TooEarly: nobody else could, and the delay is not over.
    """
    same = str(change.by_id) == actor.id
    ruling = ruling_on(actor, ANSWERING, "write")
    may_from = confirms_from(actor, change, at)
    if not ruling.allowed:
        raise MayNot(ruling)
    if may_from is None:
        raise TakesAnother("a change is confirmed by somebody else than whoever put it forward")
    met = {"written_reason"} | ({"delay"} if at >= may_from else set()) | (set() if same else {"second_person"})
    counted = Actor(actor.id, actor.organisation, actor.roles, solo=actor.solo or same)
    if wanting(ruling_on(counted, ANSWERING, "write", met), met):
        raise TooEarly(may_from)
