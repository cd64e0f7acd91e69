"""Door to the end of somebody's part in a life, and to their being back: nothing of them is taken away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from openipt.casebook.operations.people import end_person
from openipt.casebook.operations.saving import Invalid, Replaced, SameIdOtherBody, Saved, save_entry
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.rooms.filling.asked_for import zone_of
from openipt.rooms.filling.sheet import id_of
from openipt.rooms.filling.typed import Pairs
from openipt.rooms.workspace.courses import Course, who
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.people.known import SHEET, Someone
from openipt.rooms.workspace.people.lasting import lasting, notice
from openipt.rooms.workspace.people.person import REPLACES, back_to, person_or_404, show
from openipt.rooms.workspace.said import Said
from openipt.therapy.record.people import GONE

BACK = "current"
FASTER = "This sheet was changed while the page was open. Look at how it stands now, then say it once more."
NO_STATUS = "Say whether they have died, or whether contact was lost."


@lasting("inventory", "write")
def end(request: HttpRequest, pairs: Pairs | None, course_id: str, person_id: str) -> HttpResponse:
    """Write that somebody died, was lost touch with, or is back."""
    find_enrolment(who(request), course_id, "inventory", "write", timezone.now())
    one = find_course(request, course_id)
    here = person_or_404(one, person_id)
    if request.method != "POST":
        return show(request, one, here, above=notice(request, pairs), ending=dict(pairs or []))
    said = Said(dict(pairs or []))
    status = said.one_of("status", (*GONE, BACK), NO_STATUS)
    today = timezone.localdate()
    year = said.whole("year", 1900, today.year) if status == "deceased" else None
    made = id_of(pairs or [])
    if said.wrong or made is None:
        return show(request, one, here, ending=said.typed, ending_wrong=said.wrong, status=422)
    answers = {**here.said, "status": status, **({"date_of_death": str(year)} if year else {})}
    if status != "deceased":
        answers.pop("date_of_death", None)
    try:
        saved = _write(request, one, here, answers, made, said.typed.get(REPLACES, ""))
    except (Replaced, SameIdOtherBody):
        return show(request, one, here, above=FASTER, ending=said.typed, status=409)
    except Invalid:
        return show(request, one, here, ending=said.typed, ending_wrong={"year": "This cannot be kept."}, status=422)
    return back_to(one, here, "again" if not saved.made else "back" if status == BACK else "ended")


def _write(request: HttpRequest, one: Course, here: Someone, answers: dict[str, Any], made: UUID, older: str) -> Saved:
    """Write the new version in the place of the one that was on the page."""
    known = {entry.id for entry in one.record.entries if (entry.form, entry.about) == (SHEET, here.id)}
    how: dict[str, Any] = {
        "by": who(request),
        "at": timezone.now(),
        "enrolment": one.id,
        "answers": answers,
        "id": made,
        "replaces": UUID(older) if older in known else None,
        "zone": zone_of(who(request).organisation),
    }
    if answers["status"] == BACK:
        return save_entry(form=SHEET, about=here.id, **how)
    return end_person(person=here.id, **how)
