"""The door to a caregiver's page: what stands on their list, and nothing beside it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from openipt.casebook.queries.caregiving import open_near
from openipt.casebook.queries.visible import NotVisible
from openipt.rooms.filling.signing_in import LastingDoor
from openipt.rooms.portal.hall.doors import ask_who
from openipt.therapy.course.promise import Promise, promise
from openipt.therapy.words import Sentence, catalogue, say


@never_cache
@require_safe
def near(request: HttpRequest) -> HttpResponse:
    """Show what one caregiver may see; to everybody else, and after its time, it is no page."""
    actor = request.actor  # type: ignore[attr-defined]
    if actor is None:
        return ask_who(request)
    try:
        seen = open_near(actor, timezone.now())
    except NotVisible:
        return render(request, "portal/caregiver/nothing.html", status=404)
    organisation = seen.enrolment.organisation
    page = {
        "near": seen,
        "next_at": seen.next_at.astimezone(seen.zone) if seen.next_at else None,
        "clinic": organisation.name,
        "hours": _open_on(promise(organisation.promise, organisation.zone)),
    }
    return render(request, "portal/caregiver/near.html", page)


near.door = LastingDoor("appointments", "read")  # type: ignore[attr-defined]


def _open_on(given: Promise) -> Sentence:
    names = catalogue().weekdays
    days = tuple(names[n] for n, hours in enumerate(given.hours) if hours is not None)
    if not days:
        return say("young.open_not_said")
    return say("young.open_weekdays") if days == tuple(names[:5]) else say("young.open_days", days=days)
