"""The page of a flag that was passed on upwards: who has to be reached now, and by whom it can be answered."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openipt.casebook.operations.flagging import see_flag
from openipt.casebook.queries.passed_on import passed_on
from openipt.rooms.filling.asked_for import zone_of
from openipt.rooms.ui.crisis_numbers import crisis_numbers, faults
from openipt.rooms.workspace.courses import who
from openipt.rooms.workspace.risk.answered import asked_in, seen_first, why_of
from openipt.rooms.workspace.risk.promised import in_words, promise_of


def page(request: HttpRequest, course_id: str, flag_id: str, now: datetime) -> HttpResponse:
    """Show a flag to whoever it was passed on to; that they have seen it is noted."""
    actor = who(request)
    found = passed_on(actor, course_id, flag_id, now)
    if found.flag.waits and not found.seen:
        see_flag(by=actor, at=now, flag=found.flag.row)
    numbers = crisis_numbers()
    context = {
        "here": "caseload",
        "name": found.name,
        "flag": found.flag,
        "why": why_of(found.manual, found.record, found.flag, now),
        "asked": asked_in(found.record, found.flag),
        "seen": seen_first(found.flag),
        "mine": str(found.flag.owner) == actor.id,
        "overdue": found.flag.is_overdue(now),
        "people": found.people,
        "promise": in_words(promise_of(found.organisation)),
        "numbers": numbers,
        "today": now.date(),
        "faults": list(faults(numbers, now.date())),
        "zone": zone_of(actor.organisation),
    }
    return render(request, "workspace/risk/passed_on.html", context)
