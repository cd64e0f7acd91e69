"""A course changes hands, or somebody stands in: what the next person needs to know, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from openipt.accounts.models import Account
from openipt.casebook.operations.handing_groups_over import hand_group_over, led_by
from openipt.casebook.operations.handing_over import came_before, hand_course_over, in_charge
from openipt.casebook.queries.flags import Colleague, colleagues
from openipt.casebook.queries.leading import facilitators
from openipt.casebook.queries.missed import counted, open_plan
from openipt.casebook.queries.visible import NotAllowed
from openipt.rooms.workspace.course.insight import names_of
from openipt.rooms.workspace.deciding.opening import Desk, lasting, open_desk
from openipt.rooms.workspace.said import Said
from openipt.therapy.course import gates, open_flags, points_fallen, state, where
from openipt.therapy.course.flags import plan_is_current
from openipt.therapy.record import focus, focus_people, step_after

HANDING = "handing-over"
NEVER_PRINTED = ("violence",)  # asked alone: it stands on its own sheet, and on no page that may lie on a desk


@lasting("session_records", "write")
@require_http_methods(["GET", "HEAD", "POST"])
def handing_over(request: HttpRequest, course_id: str) -> HttpResponse:
    """Show what the next person needs to know; hand the course over for good, a group with every member."""
    if request.method == "POST" and came_before(Said.of(request).id()):
        return redirect("caseload")  # sent twice: by now it is somebody else's
    desk = open_desk(request, course_id)
    said = desk.typed({})
    of_group = desk.course.group is not None
    others = facilitators(desk.actor, desk.now) if of_group else colleagues(desk.actor, course_id, desk.now)
    if request.method != "POST":
        return _page(desk, said, others)
    people = {str(one.id): one for one in others}
    to = people.get(said.one_of("to", people, "Choose who takes it."))
    words = said.text("to_know", "Write what the next person needs to know.")
    if said.wrong or to is None:
        return _page(desk, said, others, 422)
    hand_over = hand_group_over if of_group else hand_course_over
    hand_over(
        by=desk.actor,
        at=desk.now,
        enrolment=course_id,
        to=to.id,
        to_know=words,
        client_knows=said.ticked("client_knows"),
        id=said.id(),
    )
    return redirect("caseload")


def at_a_glance(desk: Desk) -> dict[str, Any]:
    """Return what the next person needs to know, from the record as it stands."""
    manual, record = desk.course.manual, desk.course.record
    held = record.held()
    names = names_of(desk.course)
    said = record.says("session-record", held[-1].id) if held else {}
    return {
        "position": where(manual, record, desk.today),
        "state": state(manual, record, desk.today),
        "areas": focus(record),
        "people": [names.get(one, one) for one in focus_people(record)],
        "client_words": record.says("formulation").get("client_words"),
        "waiting_flags": open_flags(manual, record, desk.today),
        "safety_plan": plan_is_current(record, desk.today),
        "held_back": [one for one in gates(manual, record, desk.today) if not one.open and one.id not in NEVER_PRINTED],
        "undecided": [one for one in points_fallen(manual, record, desk.today) if one.recorded is None],
        "step": step_after(record, held[-1]) if held else None,
        "next_date": said.get("next_date"),
        "last": held[-1] if held else None,
        "medication": record.of("medication")[-3:],
        "between": record.says("contract").get("between_contact_rule"),
        "plan": open_plan(record, desk.today),
        "count": counted(manual, record, desk.today),
    }


def _page(desk: Desk, said: Said, others: Sequence[Colleague | Account], status: int = 200) -> HttpResponse:
    group = desk.course.group
    try:
        (led_by if group else in_charge)(desk.actor, desk.course.id, desk.now)
        mine = True
    except NotAllowed:
        mine = False
    before = desk.course.record.of(HANDING)
    return desk.show(
        "workspace/ending/handing_over.html",
        said,
        status,
        mine=mine,
        group=group,
        colleagues=others,
        recent=[one for one in before if desk.now - one.recorded_at < timedelta(days=30)],
        **at_a_glance(desk),
    )
