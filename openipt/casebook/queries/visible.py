"""What an actor may see: every question to the casebook starts here. Policy is asked before existence."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Unpack
from uuid import UUID

from django.db.models import Q, QuerySet

from openipt.accounts.models import Organisation
from openipt.casebook.models import Enrolment, Tie
from openipt.policy import About, Actor, Ruling, may, wanting
from openipt.tables.asking import Question

OF_THE_PROGRAMME = frozenset({"lead", "researcher", "operator"})  # tied to every course of their service
FACTS_OF_TIES = {frozenset({"group"}): "group_course", frozenset({"assigned", "group"}): "about_self"}
OPENING = ("full", "shared", "pseudonymous")  # extents that show one client's record; numbers and counts do not


class NotVisible(LookupError):  # noqa: N818 - said the same whether it exists or not
    """There is nothing of that name here for this actor: missing and forbidden look alike."""


class NotAllowed(PermissionError):  # noqa: N818
    """The actor knows of the record, and may not do this to it. Holds the ruling with its reason."""

    def __init__(self, ruling: Ruling) -> None:
        super().__init__(ruling.reason)
        self.ruling = ruling


@dataclass(frozen=True, slots=True)
class Seen:
    """An enrolment as one actor may see it: how they are tied to it, and what the table rules."""

    enrolment: Enrolment
    ties: frozenset[str]
    ruling: Ruling

    @property
    def named(self) -> bool:
        """Whether the client's name may be shown; else the code stands in its place."""
        return self.ruling.extent == "full"


def live(at: datetime) -> Q:
    """Return the condition that a tie stands at a moment."""
    planned = Q(since__lte=at) & (Q(until__isnull=True) | Q(until__gt=at))
    return planned & (Q(end__isnull=True) | Q(end__at__gt=at))


def _ties_of(actor: Actor, at: datetime) -> QuerySet[Tie]:
    return Tie.objects.filter(live(at), account_id=actor.id, enrolment__organisation_id=actor.organisation)


_TIED = Question(
    lambda account, organisation, label, at: Tie.objects.filter(
        live(at), account_id=account, enrolment__organisation_id=organisation, enrolment__label=label
    ).select_related("enrolment__client", "enrolment__group", "enrolment__organisation")
)


def ties(actor: Actor, enrolment: UUID, at: datetime) -> frozenset[str]:
    """Return how an actor is tied to an enrolment at a moment, what follows from their roles included."""
    found = set(_ties_of(actor, at).filter(enrolment=enrolment).values_list("kind", flat=True))
    return frozenset(found | from_roles(actor))


def from_roles(actor: Actor) -> frozenset[str]:
    """Return the ties that follow from an actor's roles alone."""
    return frozenset({"programme"} if actor.roles & OF_THE_PROGRAMME else ())


def rule(actor: Actor, tied: Iterable[str], kind: str, action: str, **about: Unpack[About]) -> Ruling:
    """Ask the table about one kind of record of an enrolment.

    Through the group tie it is the course of the actor's own group; what is said in supervision of a course is about
    the work of whoever leads it. What is asked for first (a reason, a second sign-in) is not asked for here, so what
    needs it stays shut.
    """
    known = frozenset(tied)
    about["facts"] = [*about.get("facts", ()), *(fact for ways, fact in FACTS_OF_TIES.items() if known & ways)]
    ruling = may(actor, known, kind, action, **about)
    shut = ruling.extent not in OPENING or wanting(ruling)
    return replace(ruling, allowed=False) if ruling.allowed and shut else ruling


def enrolment(actor: Actor, label: str, kind: str, action: str, at: datetime, facts: Collection[str] = ()) -> Seen:
    """Return one enrolment by the label in its address, for an actor who may do this to such a record.

    Args:
        actor: Who asks.
        label: The enrolment's label.
        kind: The kind of record it is about.
        action: `read` or `write`.
        at: The server's time.
        facts: What else is true of it, in the words of the table (`escalated`).

    Raises:
        NotVisible: no such enrolment, or the actor has no tie to it: the two look alike.
        NotAllowed: the actor is tied to it, and the table says no.
    """
    found, tied = looked_up(actor, label, at)
    ruling = rule(actor, tied, kind, action, facts=facts)
    if found is None or (not tied - {"programme", "proxy"} and not ruling.allowed):  # caregivers learn nothing
        raise NotVisible(label)
    if not ruling.allowed:
        raise NotAllowed(ruling)
    return Seen(found, tied, ruling)


def looked_up(actor: Actor, label: str, at: datetime) -> tuple[Enrolment | None, frozenset[str]]:
    """Return an enrolment and how the actor is tied to it; within one request it is looked up once."""
    asked = _asked.get()
    key = (actor.id, actor.organisation, label)
    if asked is not None and key in asked:
        return asked[key]
    tied = _TIED.ask(account=UUID(actor.id), organisation=UUID(actor.organisation), label=label, at=at)
    found = tied[0].enrolment if tied else None
    if found is None and from_roles(actor):  # nobody else sees an enrolment without a tie of their own
        everyone = Enrolment.objects.filter(label=label, organisation_id=actor.organisation)
        found = everyone.select_related("client", "group", "organisation").first()
    ties_held = frozenset(tie.kind for tie in tied) | from_roles(actor) if found else frozenset()
    answer = (found, ties_held)
    if asked is not None and found is not None:
        asked[key] = answer
    return answer


_asked: ContextVar[dict[tuple[str, str, str], tuple[Enrolment | None, frozenset[str]]] | None]
_asked = ContextVar("asked", default=None)


@contextmanager
def one_request() -> Iterator[None]:
    """Remember within one request what was looked up; a page asks about the same course in several places."""
    token = _asked.set({})
    try:
        yield
    finally:
        _asked.reset(token)


def enrolments(actor: Actor, kind: str, at: datetime) -> dict[UUID, Seen]:
    """Return every enrolment of which an actor may see one kind of record now, in three queries at most."""
    mine = _held(opening_ties(actor, kind)).ask(account=UUID(actor.id), organisation=UUID(actor.organisation), at=at)
    tied: dict[UUID, set[str]] = {}
    for tie in mine:
        tied.setdefault(tie.enrolment_id, set()).add(tie.kind)
    found = {tie.enrolment_id: tie.enrolment for tie in mine}
    if everywhere(actor, kind):
        every = Enrolment.objects.filter(organisation_id=actor.organisation)
        found = {one.id: one for one in every.select_related("client", "group")}
    own = _ORGANISATION.first(organisation=UUID(actor.organisation)) if found else None
    for one in found.values():
        one.organisation = own  # the actor's own, read once
    ruled: dict[frozenset[str], Ruling] = {}
    return {key: _seen(actor, one, frozenset(tied.get(key, ())), kind, ruled) for key, one in found.items()}


def everywhere(actor: Actor, kind: str) -> bool:
    """Whether an actor's roles open one kind of record in every course of the service."""
    return rule(actor, from_roles(actor), kind, "read").allowed


def opening_ties(actor: Actor, kind: str) -> tuple[str, ...]:
    """Return the ways of being tied to a course that open one kind of its records to an actor."""
    return tuple(tie for tie in Tie.KINDS if rule(actor, {tie}, kind, "read").allowed)


def held(account: UUID, organisation: UUID, at: datetime, opening: tuple[str, ...]) -> QuerySet[Tie]:
    """Return the ties that an account holds at a moment, of the ways that open something to it."""
    mine = Tie.objects.filter(live(at), account_id=account, enrolment__organisation_id=organisation)
    return mine.filter(kind__in=opening)


@cache
def _held(opening: tuple[str, ...]) -> Question:
    return Question(lambda **of: held(**of, opening=opening).select_related("enrolment__client", "enrolment__group"))


_ORGANISATION = Question(lambda organisation: Organisation.objects.filter(id=organisation))


def _seen(actor: Actor, one: Enrolment, tied: frozenset[str], kind: str, ruled: dict[frozenset[str], Ruling]) -> Seen:
    every = tied | from_roles(actor)
    if every not in ruled:
        ruled[every] = rule(actor, every, kind, "read")
    return Seen(one, every, ruled[every])
