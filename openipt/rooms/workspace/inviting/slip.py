"""The door to the client's way in: ask first how they can be reached safely, then make the slip."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from openipt.casebook.operations.inviting import invite, sign_client_out, take_pin_off, way_in
from openipt.casebook.queries.addresses import BOUND, without_address
from openipt.casebook.queries.own import CONTACT, PAPER
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import door
from openipt.rooms.filling.asked_for import may_write, zone_of
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.courses import who
from openipt.therapy.forms import open_form
from openipt.therapy.forms.layout import spoken
from openipt.therapy.record import Entry

ACTS = {"pin": take_pin_off, "out": sign_client_out}
NEW = timedelta(days=7)


@door("identity", "read")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, course_id: str) -> HttpResponse:
    """Show how the client comes in; make a new slip, which is shown once."""
    actor, now = who(request), timezone.now()
    one = find_course(request, course_id)
    if request.POST.get("_do") in ACTS:
        ACTS[request.POST["_do"]](by=actor, at=now, enrolment=course_id)
        return redirect("invite", course_id)
    access = invite(by=actor, at=now, enrolment=course_id) if request.method == "POST" else None
    seen = find_enrolment(actor, course_id, "identity", "read", now)
    contact = one.record.newest(CONTACT) if seen.named else None
    contact = without_address(contact) if contact and BOUND in seen.ruling.bounds else contact
    page = {
        "here": "caseload",
        "tab": "invite",
        "all": one,
        "way": way_in(by=actor, at=now, enrolment=course_id),
        "access": access,
        "where": request.build_absolute_uri(reverse("portal-first")),
        "contact": contact,
        "answered": _answered(contact),
        "new_since": now - NEW,
        "on_paper": contact is not None and contact.answers.get("way") == PAPER,
        "may_write": one.named and may_write(actor, course_id, open_form(CONTACT), now),
        "zone": zone_of(actor.organisation),
    }
    return render(request, "workspace/inviting/slip.html", page)


def _answered(contact: Entry | None) -> list[tuple[str, str]]:
    """Return the questions that were answered, with the answers in words."""
    if contact is None:
        return []
    form = open_form(contact.form, contact.version)
    given = ((item, contact.answers.get(item.id)) for item in form.items)
    return [(str(item.label), spoken(form, item, value, {})) for item, value in given if value is not None]
