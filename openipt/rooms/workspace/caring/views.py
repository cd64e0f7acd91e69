"""Doors to care: what is taken and who else cares; a change of medication, somebody else who cares."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from openipt.policy import door
from openipt.rooms.filling import views as filling
from openipt.rooms.filling.afterwards import TOLD
from openipt.rooms.filling.asked_for import may_write
from openipt.rooms.filling.fill import Desk
from openipt.rooms.filling.preset import preset
from openipt.rooms.filling.sheet import show
from openipt.rooms.filling.signing_in import COOKIE
from openipt.rooms.filling.writing import pairs_of
from openipt.rooms.workspace.caring.in_words import said_elsewhere
from openipt.rooms.workspace.caring.told import MEDICATION, OTHER, carers, medicines
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.courses import who
from openipt.therapy.forms import open_form

KEPT = ("drug", "prescriber")  # of the medicine that is changed; everything else is told anew


@door("session_records", "read")
@require_safe
def care(request: HttpRequest, course_id: str) -> HttpResponse:
    """Show what the client takes, and who else looks after them."""
    one, now = find_course(request, course_id), timezone.now()
    page = {
        "here": "caseload",
        "tab": "care",
        "all": one,
        "medicines": medicines(one.record),
        "carers": carers(one.record),
        "said_elsewhere": said_elsewhere(one.record) if one.named else (),
        "told": TOLD.get(request.GET.get("told", "")),
        "may_medicine": may_write(who(request), course_id, open_form(MEDICATION), now),
        "may_other": may_write(who(request), course_id, open_form(OTHER), now),
    }
    return render(request, "workspace/caring/care.html", page)


def medicine(request: HttpRequest, course_id: str) -> HttpResponse:
    """Write one change of medication; then back to what is taken."""
    return _fill(request, course_id, MEDICATION)


medicine.door = filling.LastingDoor("medication", "write")  # type: ignore[attr-defined]


def other(request: HttpRequest, course_id: str) -> HttpResponse:
    """Write who else cares, or a new version of it; then back."""
    return _fill(request, course_id, OTHER)


other.door = filling.LastingDoor("session_records", "write")  # type: ignore[attr-defined]


def _fill(request: HttpRequest, course_id: str, form_id: str) -> HttpResponse:
    """Fill in a sheet of care. `?of=` names an entry whose medicine is changed: its name and prescriber stand there."""
    find, done = (lambda name: find_course(request, name).record), (lambda _entry: reverse("care", args=[course_id]))
    older = request.GET.get("of", "")
    if request.method != "POST" and older and COOKIE not in request.COOKIES and request.actor is not None:  # type: ignore[attr-defined]
        desk = Desk(request, course_id, open_form(form_id), who(request), find, done)
        sheet = desk.sheet([])
        found = next((one for one in sheet.record.of(form_id) if one.id == older), None)
        if found is None:
            raise Http404("There is no such sheet in this course.")
        kept = {name: found.answers[name] for name in KEPT if name in found.answers} | preset(desk.form, request.GET)
        return show(request, replace(sheet, pairs=pairs_of(desk.form, kept)))
    return filling.fill(request, course_id, form_id, find=find, done=done)
