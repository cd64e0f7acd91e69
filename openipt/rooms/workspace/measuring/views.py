"""The door to measures: symptoms and life with people beside each other, and what the manual asks for next."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from openipt.policy import door
from openipt.rooms.filling.asked_for import may_write, zone_of
from openipt.rooms.workspace.course.insight import names_of
from openipt.rooms.workspace.course.relations import gains
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.courses import who
from openipt.rooms.workspace.measuring.followed import measures_of
from openipt.rooms.workspace.measuring.piles import due_measures
from openipt.therapy.course import outcome_form, state


@door("questionnaires", "read")
@require_safe
def measures(request: HttpRequest, course_id: str) -> HttpResponse:
    """Show every measure of a course."""
    one, now = find_course(request, course_id), timezone.now()
    today = now.astimezone(ZoneInfo(zone_of(who(request).organisation))).date()
    day = one.record.ended_on or today
    followed = measures_of(one)
    main = outcome_form(one.manual, one.record)
    page = {
        "here": "caseload",
        "tab": "measures",
        "all": one,
        "state": state(one.manual, one.record, day),
        "gains": gains(one.manual, one.record, names_of(one)),
        "sides": [(name, [row for row in followed if row.side == name]) for name in ("symptoms", "people", "together")],
        "due": due_measures(one, today),
        "may_write": may_write(who(request), course_id, main, now),
    }
    return render(request, "workspace/measuring/measures.html", page)
