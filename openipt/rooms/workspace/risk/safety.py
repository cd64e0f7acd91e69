"""The door to safety: the plan on one page, whom to ring, and the conversation one tap away."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from openipt.casebook.queries.visible import NotAllowed, NotVisible
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import door
from openipt.rooms.filling.asked_for import may_write, names_of, zone_of
from openipt.rooms.filling.plan import FORM, steps_of
from openipt.rooms.ui.crisis_numbers import crisis_numbers, faults
from openipt.rooms.workspace.courses import Course, who
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.risk.promised import in_words, promise_of
from openipt.therapy.course.flags import PLAN_HOLDS, plan_is_current
from openipt.therapy.forms import open_form
from openipt.therapy.record import Entry
from openipt.therapy.record.views import day_of

CONVERSATION = "safety-conversation"


@door("session_records", "read")
@require_safe
def safety(request: HttpRequest, course_id: str) -> HttpResponse:
    """Show the safety plan of a course, with crisis numbers and what the service can promise."""
    actor, now = who(request), timezone.now()
    one = find_course(request, course_id)
    seen = find_enrolment(actor, course_id, "session_records", "read", now)
    today = now.astimezone(ZoneInfo(zone_of(actor.organisation))).date()
    numbers = crisis_numbers()
    page = {
        "here": "caseload",
        "tab": "safety",
        "all": one,
        "today": today,
        "numbers": numbers,
        "faults": list(faults(numbers, today)),
        "promise": in_words(promise_of(seen.enrolment.organisation)),
        "may_see": _may_see(request, course_id),
        "may_plan": may_write(actor, course_id, open_form(FORM), now),
        "may_talk": may_write(actor, course_id, open_form(CONVERSATION), now),
        "talks": [entry for entry in reversed(one.record.of(CONVERSATION)) if entry.kind == "answers"][:3],
        **_plan(one, today),
    }
    return render(request, "workspace/risk/safety.html", page)


def _may_see(request: HttpRequest, course_id: str) -> bool:
    """Whether a plan would be shown if there is one: a client may keep it from whoever leads the group."""
    try:
        find_enrolment(who(request), course_id, "safety_plan", "read", timezone.now())
    except (NotAllowed, NotVisible):
        return False
    return True


def _plan(one: Course, today: Any) -> dict[str, Any]:
    plans = [entry for entry in one.record.of(FORM) if entry.kind == "answers"]
    if not plans:
        return {"plan": None}
    plan = plans[-1]
    return {
        "plan": plan,
        "steps": steps_of(plan, names_of(one.record)) if one.named else (),
        "holds": plan_is_current(one.record, today),
        "holds_until": _until(plan),
        "older": [entry for entry in one.record.entries if entry.form == FORM and entry.id != plan.id],
    }


def _until(plan: Entry) -> Any:
    """A plan holds until its review, and four weeks at most."""
    made = plan.happened_at.date()
    return min(day_of(plan.answers.get("review_by")) or made + PLAN_HOLDS, made + PLAN_HOLDS)
