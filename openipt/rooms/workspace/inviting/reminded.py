"""The door to the log of reminders: what was due, what went out, what became of it, and why something did not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import door
from openipt.post.models import Reminder, ReminderStep
from openipt.post.reminding.reaching import WISHES, reach_of
from openipt.rooms.filling.asked_for import may_write, zone_of
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.courses import who
from openipt.therapy.forms import open_form
from openipt.therapy.words import Sentence, say

SHOWN = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One reminder: what it is about, when a clock on the wall shows its time, and what happened to it."""

    about: Sentence
    wall: datetime
    zone: str
    steps: tuple[tuple[datetime, Sentence], ...]


@door("identity", "read")
@require_safe
def reminded(request: HttpRequest, course_id: str) -> HttpResponse:
    """Show the reminders of a course, the newest first."""
    actor, now = who(request), timezone.now()
    one = find_course(request, course_id)
    seen = find_enrolment(actor, course_id, "identity", "read", now)
    zone = zone_of(actor.organisation)
    reach = reach_of(one.record, ZoneInfo(zone)) if seen.named else None
    page = {
        "here": "caseload",
        "tab": "invite",
        "all": one,
        "lines": list(_lines(seen.enrolment.id)),
        "reach": reach,
        "why": say(f"reminder.reach.{reach.why}") if reach and reach.why else None,
        "may_write": one.named and may_write(actor, course_id, open_form(WISHES), now),
        "wishes": one.record.newest(WISHES),
        "zone": zone,
    }
    return render(request, "workspace/inviting/reminded.html", page)


def _lines(enrolment: UUID) -> Iterator[Line]:
    rows = list(Reminder.objects.filter(enrolment=enrolment).order_by("-due_at")[:SHOWN])
    steps: dict[UUID, list[tuple[datetime, Sentence]]] = {row.id: [] for row in rows}
    for step in ReminderStep.objects.filter(reminder__in=rows).order_by("at", "id"):
        steps[step.reminder_id].append((step.at, say(f"reminder.{step.why or step.state}")))
    for row in rows:
        wall = datetime.fromisoformat(row.wall)
        yield Line(say(f"reminder.kind.{row.kind}"), wall, row.zone, tuple(steps[row.id]))
