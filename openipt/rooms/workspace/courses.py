"""How the therapist's pages open a course, and which moments of a day they show."""

from __future__ import annotations

from datetime import date, datetime, time, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone

from openipt.casebook.queries.courses import Course, open_course
from openipt.policy import Actor
from openipt.rooms.filling.asked_for import zone_of

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["Course", "course", "evening", "morning", "who", "zone_here"]

MORNING = time(9)  # a page of a day shows it as that morning stood: questionnaires answered at the door are in


def course(request: HttpRequest, course_id: str, subject: str = "") -> Course:
    """Open a course for whoever asks; the opening is noted."""
    return open_course(who(request), course_id, timezone.now(), subject)


def who(request: HttpRequest) -> Actor:
    """Return who asks. The door lets nobody through who is not signed in."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def zone_here(request: HttpRequest) -> ZoneInfo:
    """Return the zone of the service of whoever asks: a day is a day there."""
    return ZoneInfo(zone_of(who(request).organisation))


def morning(day: date, zone: tzinfo) -> datetime:
    """Return the moment at which a day's pages are shown, where the service is."""
    return datetime.combine(day, MORNING, zone)


def evening(day: date, zone: tzinfo) -> datetime:
    """Return the end of a day where the service is: nothing that was written on it comes later."""
    return datetime.combine(day, time.max, zone)
