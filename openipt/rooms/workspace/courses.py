"""How the therapist's pages open a course, and which moments of a day they show."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from django.utils import timezone

from openipt.casebook.queries.courses import Course, open_course
from openipt.policy import Actor

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["Course", "course", "evening", "morning", "who"]

MORNING = time(9)  # a page of a day shows it as that morning stood: questionnaires answered at the door are in
EVENING = time(23)


def course(request: HttpRequest, course_id: str, subject: str = "") -> Course:
    """Open a course for whoever asks; the opening is noted."""
    return open_course(who(request), course_id, timezone.now(), subject)


def who(request: HttpRequest) -> Actor:
    """Return who asks. The door lets nobody through who is not signed in."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def morning(day: date) -> datetime:
    """Return the moment at which a day's pages are shown."""
    return datetime.combine(day, MORNING, UTC)


def evening(day: date) -> datetime:
    """Return the end of a working day."""
    return datetime.combine(day, EVENING, UTC)
