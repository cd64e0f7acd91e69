"""By when the answers that wait must be answered: a few columns for lists, without opening what was written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from openipt.casebook.models import Flag, FlagStep
from openipt.casebook.queries.reading import bare_id, driven, moment
from openipt.casebook.queries.waiting import PASSED
from openipt.policy import Actor
from openipt.tables.asking import Question


@dataclass(frozen=True, slots=True)
class Deadline:
    """One flag that waits for a person, and until when."""

    flag: UUID
    rule: str
    due_at: datetime
    answered_at: datetime


def deadlines(actor: Actor, courses: Collection[str]) -> dict[str, tuple[Deadline, ...]]:
    """Return what waits in courses, by course, the earliest first. One query, however many; none for no course.

    Args:
        actor: Who asks.
        courses: Courses this actor was shown already.
    """
    if not courses:
        return {}
    organisation = UUID(actor.organisation)
    if len(courses) == 1:
        rows = _OF_ONE.ask(organisation=organisation, course=next(iter(courses)))
    else:
        rows = list(driven(_waiting(organisation).filter(enrolment__label__in=courses)))
    found: dict[str, list[Deadline]] = defaultdict(list)
    for flag, course, rule, due_at, answered_at, turn, later in rows:
        if turn != "outcome":
            until, answered = moment(later or due_at, UTC), moment(answered_at, UTC)
            found[course].append(Deadline(UUID(bare_id(flag)), rule, until, answered))
    return {course: tuple(sorted(every, key=lambda one: one.due_at)) for course, every in found.items()}


def _waiting(organisation: UUID) -> QuerySet[Flag, Any]:
    newest = FlagStep.objects.filter(flag=OuterRef("pk"), kind__in=(*PASSED, "outcome"))
    newest = newest.order_by("-seq", "-recorded_at", "-id")
    asked = Flag.objects.filter(organisation_id=organisation, due_at__isnull=False)
    turns = asked.annotate(turn=Subquery(newest.values("kind")[:1]), later=Subquery(newest.values("due_at")[:1]))
    turns = turns.filter(Q(state="new") | Q(turn__in=PASSED))  # one that was known is a task once it was made one
    return turns.values_list("id", "enrolment__label", "rule", "due_at", "answered_at", "turn", "later")


_OF_ONE = Question(lambda organisation, course: _waiting(organisation).filter(enrolment__label=course))
