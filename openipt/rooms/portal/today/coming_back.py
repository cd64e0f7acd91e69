"""The door to the way back: after the end, a talk without being sent again. It opens a task with a name and a time."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from openipt.casebook.queries.own import Own
from openipt.rooms.portal.hall.doors import own_door
from openipt.rooms.portal.hall.promised import when_seen
from openipt.rooms.portal.hall.taking import Sheet, open_sheet, take
from openipt.therapy.forms import open_form
from openipt.therapy.forms.checking import choices_of

FORM = "way-back"


@own_door("goals_homework", "write", on_paper=True)
def way_back(request: HttpRequest, own: Own) -> HttpResponse:
    """Ask to come back; while the course runs, the way to a person is another one."""
    if not own.ended:
        return redirect("portal-tell")
    form = open_form(FORM)
    item = next(one for one in form.items if one.id == "asks_for")
    more = {"choices": choices_of(form, item), "seen": when_seen(own, None)}  # type: ignore[arg-type]
    sheet = Sheet(FORM, "back", tab="today", more=more, kept=False)
    if request.method == "POST":
        return take(request, own, sheet, done="portal-sent")
    return open_sheet(request, own, sheet)
