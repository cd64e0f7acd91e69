"""Doors to forms: the shelf, one form empty, one entry as it was filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from openipt.exchange.paper import NoPaperError, form_pdf
from openipt.policy import open_door
from openipt.rooms.filling.afterwards import TOLD, heard, made_up_words
from openipt.rooms.filling.asked_for import may_write, zone_of
from openipt.rooms.filling.called import client_sees, field_name
from openipt.rooms.filling.fill import Back, fill, nowhere
from openipt.rooms.filling.signing_in import LastingDoor
from openipt.rooms.filling.spoken import heard_in_form, recording
from openipt.rooms.filling.talk import SHOWN, talk_of
from openipt.rooms.filling.wanting import wanting
from openipt.therapy.course.left_blank import of_entry
from openipt.therapy.forms import Form, has_form, open_form, open_forms
from openipt.therapy.forms.definition import Fact
from openipt.therapy.forms.layout import lay_out
from openipt.therapy.forms.meaning import Answers
from openipt.therapy.forms.result import Derived
from openipt.therapy.record import Record, alias
from openipt.therapy.shelf import Refused

__all__ = ["LastingDoor", "entry", "fill", "form", "forms", "pdf", "recording"]
SHELF = "What stands on the shelf is about nobody."
FEW = 10  # of fewer rows a share is told as what it is: "2 of 3"


@open_door(SHELF)
def forms(request: HttpRequest) -> HttpResponse:
    """Show the shelf: every questionnaire and worksheet."""
    found = open_forms()
    shelf = [
        (
            "Questionnaires that may be shown",
            [form for form in found if form.kind == "questionnaire" and form.may_ship],
        ),
        (
            "Questionnaires held as structure only",
            [form for form in found if form.kind == "questionnaire" and not form.may_ship],
        ),
        ("Worksheets and cards", [form for form in found if form.kind == "worksheet" and "client" in form.filled_by]),
        ("Written by staff", [form for form in found if form.kind == "worksheet" and "client" not in form.filled_by]),
    ]
    return render(request, "filling/forms.html", {"here": "forms", "shelf": shelf})


@open_door(SHELF)
def form(request: HttpRequest, form_id: str) -> HttpResponse:
    """Show one form, empty; it prints as a paper sheet."""
    found = _form(form_id)
    staff = request.GET.get("for") == "staff" or "client" not in found.filled_by
    page = {"here": "forms", "form": found, "items": lay_out(found, staff=staff), "staff": staff}
    page["heard_here"] = heard_in_form(found)
    page["called"] = field_name(found) if client_sees(found) else ""
    return render(request, "filling/form.html", page)


@open_door(SHELF)
def pdf(request: HttpRequest, form_id: str) -> HttpResponse:
    """Give one form as a tagged PDF, empty, for the pen."""
    found = _form(form_id)
    try:
        made = form_pdf(found, staff=request.GET.get("for") == "staff")
    except NoPaperError as missing:
        raise Http404("PDFs are not installed here. The page itself prints as a paper sheet.") from missing
    return HttpResponse(
        made, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{found.id}.pdf"'}
    )


def entry(
    request: HttpRequest, course_id: str, entry_id: str, find: Callable[[str], Record | None], back: Back = nowhere
) -> HttpResponse:
    """Show one entry of a record as it was filled in.

    `find` is how the room above looks a record up, `back` where whoever reads came from.
    """
    record = find(course_id)
    found = next((one for one in record.entries if one.id == entry_id), None) if record else None
    if record is None or found is None or not has_form(found.form):
        raise Http404("No such entry.")
    filled = open_form(found.form)
    names = {thing.id: alias(record, thing.id) or thing.id for thing in record.people}
    talk = talk_of(filled, found.answers, names)
    result = record.result(found) if found.kind == "answers" else None
    at, zone = timezone.now(), zone_of(request.actor.organisation)  # type: ignore[attr-defined]
    page = {
        "here": "caseload",
        "form": filled,
        "called": field_name(filled),
        "client_sees": client_sees(filled),
        "entry": found,
        "course_id": course_id,
        "back": back(record),
        "items": [item for item in lay_out(filled, found.answers, True, names) if not talk or item.id not in SHOWN],
        "talk": talk,
        "new_lines": any(line.rewritten for line in talk),
        "source": next((one for one in record.entries if one.id == found.about), None),
        "told": TOLD.get(request.GET.get("told", ""), "").format(field_name(filled)),
        "wanting": wanting(record, found) if "told" in request.GET else None,
        "heard": heard(record, found, at, zone),
        "made_up": made_up_words(record, filled, found),
        "left_blank": of_entry(record, found),
        "can_write": found.retracted_at is None and may_write(request.actor, course_id, filled, at),  # type: ignore[attr-defined]
        "result": result,
        "band": filled.band_label(result.band) if result else None,
        "facts": _facts(filled, result.facts, found.answers) if result else [],
        "primary": result.scores.get(filled.primary) if result and filled.primary else found.total,
    }
    return render(request, "filling/entry.html", page)


def _facts(form: Form, facts: Iterable[Derived], answers: Answers) -> list[tuple[str, str]]:
    defined = {fact.id: fact for fact in form.facts}
    return [(defined[fact.id].label, _told(defined[fact.id], fact.value, answers)) for fact in facts]


def _told(fact: Fact, value: Any, answers: Answers) -> str:
    rows = len(answers.get(fact.share_of) or ()) if fact.share_of else 0
    if 0 < rows < FEW:
        return f"{round(value * rows / 100)} of {rows}"
    value = round(value) if fact.unit == "%" else value
    return f"{_plain(value)}{' ' + fact.unit if fact.unit else ''}"


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _form(form_id: str) -> Form:
    try:
        return open_form(form_id)
    except Refused as problem:
        raise Http404("No such form on this shelf.") from problem
