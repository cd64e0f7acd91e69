"""Flags that wait for a person: whose task each is now, until when, and who has had it before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from openipt.casebook.models import Flag, FlagStep

PASSED = ("handed_over", "passed_on")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A flag that nobody has answered since it was last handed over.

    Attributes:
        flag: As it was raised, with its enrolment, client and service.
        owner: Whose task it is now; None where nobody was in charge when it was raised.
        due_at: By when it must be answered.
        cause: What made it the owner's task: the flag itself, or the step that handed it over.
        had: Everybody whose task it was or is.
    """

    flag: Flag
    owner: UUID | None
    due_at: datetime
    cause: UUID
    had: frozenset[UUID]

    def is_overdue(self, at: datetime) -> bool:
        """Whether the time has passed, or there is nobody whose time it could be."""
        return self.owner is None or self.due_at <= at


def waiting(flag: UUID | None = None) -> list[Waiting]:
    """Return every flag that waits for a person, the one due first standing first. Two queries, however many.

    A flag that was raised as known has a current plan: it is asked about in the next session and is nobody's new task,
    until that is over and it was made one.
    Flags without a deadline came from elsewhere with what became of them (a worked case).

    Args:
        flag: Ask about this one only.
    """
    found = list(_open(Flag.objects.filter(id=flag) if flag else Flag.objects.all()))
    steps = _passed(found)
    return sorted((_waiting(one, steps[one.id]) for one in found), key=lambda one: one.due_at)


def _open(flags: QuerySet[Flag]) -> QuerySet[Flag]:
    newest = FlagStep.objects.filter(flag=OuterRef("pk"), kind__in=(*PASSED, "outcome"))
    newest = newest.order_by("-seq", "-recorded_at", "-id")
    return (
        flags.filter(due_at__isnull=False)
        .annotate(turn=Subquery(newest.values("kind")[:1]))
        .filter(Q(turn__isnull=True, state="new") | Q(turn__in=PASSED))
        .select_related("enrolment__client", "enrolment__organisation")
    )


def _passed(flags: Iterable[Flag]) -> dict[UUID, list[FlagStep]]:
    steps: dict[UUID, list[FlagStep]] = defaultdict(list)
    asked = FlagStep.objects.filter(flag__in=[one.id for one in flags], kind__in=PASSED)
    for step in asked.defer("body").order_by("seq", "recorded_at", "id"):
        steps[step.flag_id].append(step)
    return steps


def _waiting(flag: Flag, steps: list[FlagStep]) -> Waiting:
    last = steps[-1] if steps else None
    due_at = (last.due_at if last else None) or flag.due_at
    assert due_at is not None  # noqa: S101 - only flags with a deadline were asked for
    return Waiting(
        flag=flag,
        owner=last.to if last else flag.owner,
        due_at=due_at,
        cause=last.id if last else flag.id,
        had=frozenset(one for one in (flag.owner, *(step.to for step in steps)) if one),
    )
