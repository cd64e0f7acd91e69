"""The door at which what is written about a flag keeps itself, until it is handed in; and what was left there."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from openipt.casebook.operations.drafting_outcomes import open_outcome_drafts, save_outcome_draft
from openipt.casebook.queries.flags import flag_told
from openipt.policy import Actor, door
from openipt.rooms.filling.asked_for import zone_of
from openipt.rooms.filling.sent import typed_in
from openipt.rooms.filling.sheet import DO, id_of
from openipt.rooms.workspace.courses import who
from openipt.rooms.workspace.deciding.kept import Kept, as_left

NO_MARK = "Not kept: this page has lost its mark. Your text is still here."


@door("risk_flags", "write")
@require_POST
def draft(request: HttpRequest, course_id: str, flag_id: str) -> HttpResponse:
    """Keep what is typed about a flag as its author's draft; answer when."""
    now, actor, pairs = timezone.now(), who(request), typed_in(request)
    made = id_of(pairs)
    if made is None:
        return JsonResponse({"say": NO_MARK}, status=400)
    found = flag_told(actor, course_id, flag_id, now)
    body = {"pairs": [pair for pair in pairs if pair[0] != DO], "replaces": None}
    kept = save_outcome_draft(by=actor, at=now, enrolment=course_id, flag=found.id, body=body, id=made)
    here = now.astimezone(ZoneInfo(zone_of(actor.organisation)))
    return JsonResponse({"kept": f"{here:%H:%M}", "handed_in": not kept})


def left(actor: Actor, course_id: str, flag_id: str, at: datetime) -> Kept | None:
    """Return what somebody began to write about a flag and did not hand in."""
    return as_left(open_outcome_drafts(by=actor, at=at, enrolment=course_id, flag=flag_id))
