"""By when the answers that wait must be answered: a few columns for lists, without opening what was written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Subquery

from openipt.casebook.models import Flag, FlagStep
from openipt.casebook.queries.waiting import PASSED
from openipt.policy import Actor


@dataclass(frozen=True, slots=True)
class Deadline:
    """One flag that waits for a person, and until when."""

    flag: UUID
    rule: str
    due_at: datetime


def deadlines(actor: Actor, courses: Collection[str]) -> dict[str, tuple[Deadline, ...]]:
    """Return what waits in courses, by course, the earliest first. One query, however many; none for no course.

    Args:
        actor: Who asks.
        courses: Courses this actor was shown already.
    """
    if not courses:
        return {}
    newest = FlagStep.objects.filter(flag=OuterRef("pk"), kind__in=(*PASSED, "outcome"))
    newest = newest.order_by("-seq", "-recorded_at", "-id")
    asked = Flag.objects.filter(
        organisation_id=actor.organisation, enrolment__label__in=courses, state="new", due_at__isnull=False
    ).annotate(turn=Subquery(newest.values("kind")[:1]), later=Subquery(newest.values("due_at")[:1]))
    found: dict[str, list[Deadline]] = defaultdict(list)
    for flag, course, rule, due_at, turn, later in asked.values_list(
        "id", "enrolment__label", "rule", "due_at", "turn", "later"
    ):
        if turn != "outcome" and due_at is not None:
            found[course].append(Deadline(flag, rule, later or due_at))
    return {course: tuple(sorted(every, key=lambda one: one.due_at)) for course, every in found.items()}
