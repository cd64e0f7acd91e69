"""Door to the next session before it begins: what the manual offers for it, to read beforehand. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from openipt.casebook.operations.sessions import SHEET
from openipt.policy import door
from openipt.rooms.filling.asked_for import may_write, zone_of
from openipt.rooms.workspace.courses import Course, who
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.meeting import Line, PartOfAgenda
from openipt.rooms.workspace.start import next_number
from openipt.therapy.course import Agenda, AgendaItem, agenda, due
from openipt.therapy.forms import open_form
from openipt.therapy.manuals import open_task, sheets_of
from openipt.therapy.record import step_after
from openipt.therapy.vocabulary import vocabulary


@door("session_records", "read")
@require_safe
def look_ahead(request: HttpRequest, course_id: str) -> HttpResponse:
    """Show the agenda of the session that comes next; a course that has ended has none."""
    one, now = find_course(request, course_id), timezone.now()
    if one.record.ended_on is not None:
        return redirect("course", course_id)
    today = now.astimezone(ZoneInfo(zone_of(who(request).organisation))).date()
    found = agenda(one.manual, one.record, today)
    held = one.record.held()
    page = {
        "here": "caseload",
        "tab": "session",
        "all": one,
        "number": next_number(one),
        "planned": found.position.planned,
        "phase": found.position.phase,
        "opener": found.opener,
        "parts": list(parts_of(one, found)),
        "due": [item for item in due(one.manual, one.record, today) if item.kind != "step"],
        "step": step_after(one.record, held[-1]) if held else None,
        "latest": one.newest,
        "may_start": one.named and may_write(who(request), one.id, open_form(SHEET), now),
    }
    return render(request, "workspace/look_ahead.html", page)


def parts_of(one: Course, found: Agenda) -> Iterator[PartOfAgenda]:
    """Yield the parts of the session frame with their tasks; what was done before and is offered again is folded."""
    frame = [(part.id, part.label, part.minutes) for part in one.manual.frame]
    known = {part_id for part_id, _, _ in frame}
    for n, (part_id, words, minutes) in enumerate(frame or [("", "Agenda", None)]):
        here = [item for item in found.items if item.part == part_id or (n == 0 and item.part not in known)]
        again = [item for item in here if item.reason == "again" and item.done_before]
        first = tuple(_line(one, item) for item in here if item not in again)
        if here:
            yield PartOfAgenda(words, minutes, first, tuple(_line(one, item) for item in again))


def _line(one: Course, item: AgendaItem) -> Line:
    folders = vocabulary()["worksheet_aliases"]
    sheets = [folders[code] for code in sheets_of(one.manual, item.task) if code in folders]
    return Line(
        item, item.task, open_task(item.task), False, tuple((name, open_form(name).title, "") for name in sheets)
    )
