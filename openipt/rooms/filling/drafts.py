"""Doors to drafts: a page keeps what is being typed, every two seconds, until it is handed in."""

from __future__ import annotations

import re
from datetime import datetime
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils import timezone

from openipt.casebook.operations.drafting import StaysOnDevice, save_draft
from openipt.casebook.queries.visible import NotAllowed
from openipt.policy import Actor, door
from openipt.rooms.filling.asked_for import named_in, zone_of
from openipt.rooms.filling.sent import form_or_404, typed_in
from openipt.rooms.filling.sheet import DO, id_of
from openipt.rooms.filling.turned import MARK, held_back
from openipt.rooms.filling.typed import Pairs
from openipt.therapy.forms import Form

_LABEL = re.compile(r"[\w.:-]{1,64}\Z")


@door("session_records", "write")
def draft(request: HttpRequest, course_id: str, form_id: str) -> HttpResponse:
    """Keep a draft; answer the time it was kept at, for the line under the sheet."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form, pairs = form_or_404(form_id), typed_in(request)
    made, at = id_of(pairs), timezone.now()
    actor = cast(Actor, request.actor)  # type: ignore[attr-defined]
    about, older = named_in(request)
    if made is None or not all(_LABEL.match(text) for text in (about, older) if text):
        return JsonResponse({"say": "Not kept: this page has lost its mark. Your text is still here."}, status=400)
    if dict(pairs).get(MARK):
        pairs += held_back(actor, course_id, form, made, at)
    try:
        kept = keep(actor, course_id, form, made, pairs, about, older, at)
    except StaysOnDevice:
        return JsonResponse({"say": "This sheet is kept on this device only, until you save it."}, status=409)
    except NotAllowed:
        return JsonResponse({"say": "Not kept: you may read this record and not write in it."}, status=403)
    return JsonResponse(
        {"kept": f"{at.astimezone(ZoneInfo(zone_of(actor.organisation))):%H:%M}", "handed_in": not kept}
    )


def keep(
    actor: Actor,
    course: str,
    form: Form,
    made: UUID,
    pairs: Pairs,
    about: str | None,
    replaces: str | None,
    at: datetime,
) -> bool:
    """Keep what was typed as its author's draft; False where the sheet was handed in already."""
    body = {"pairs": [pair for pair in pairs if pair[0] not in (DO, MARK)], "replaces": replaces}
    return save_draft(by=actor, at=at, enrolment=course, form=form.id, about=about or "", body=body, id=made)
