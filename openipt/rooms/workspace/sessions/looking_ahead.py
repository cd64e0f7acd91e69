"""Door to the next session before it begins: what the manual offers for it, to read beforehand. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from openipt.policy import door
from openipt.rooms.filling.asked_for import zone_of
from openipt.rooms.workspace.beginning.start import next_number, waiting
from openipt.rooms.workspace.courses import Course, who
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.sessions.agreed_ahead import date_agreed, steps_ahead
from openipt.rooms.workspace.sessions.ahead_of import focus_of, meanwhile, measured_in, plan_of
from openipt.rooms.workspace.sessions.meeting import Line, PartOfAgenda, diary_since, wants_to_talk
from openipt.rooms.workspace.sessions.safety_first import known_ahead, overdue, stands_above
from openipt.rooms.workspace.sessions.stage_again import stage_again
from openipt.rooms.workspace.sheets.of_tasks import pages_of
from openipt.rooms.workspace.standing_in import Place
from openipt.therapy.course import Agenda, AgendaItem, agenda, due, outcome_form, state
from openipt.therapy.course.at_home import danger_at_home
from openipt.therapy.course.runs_out import runs_out
from openipt.therapy.manuals import open_task
from openipt.therapy.progress import progress
from openipt.therapy.record import step_after
from openipt.therapy.writing.summary import change_sentence


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
    last = held[-1] if held else None
    form = outcome_form(one.manual, one.record)
    readings = one.record.readings(form.id)
    made = progress(form, [reading.value for reading in readings])
    by_then = max(today, last.day + timedelta(days=1)) if last else today
    waits = waiting(request, one)
    danger = known_ahead(one, today)
    page = {
        "here": "caseload",
        "tab": "session",
        "all": one,
        "number": next_number(one),
        "at_home": danger_at_home(one.record, today),
        "runs_out": runs_out(one.manual, one.record, today),
        "planned": found.position.planned,
        "phase": found.position.phase,
        "opener": found.opener,
        "parts": list(parts_of(one, found)),
        # What came in on the day of the last session was measured for that one, and is asked again for the next.
        "due": [item for item in due(one.manual, one.record, by_then) if item.kind != "step"],
        "danger": danger,
        "danger_above": stands_above(danger),
        "overdue": overdue(one) if waits.get("may_write") else (),
        "measured_in": measured_in(one.record, readings[-1].day) if readings else None,
        "last": last,
        "talk_about": wants_to_talk(one, last),
        "state": state(one.manual, one.record, today),
        "change": change_sentence(form.name, made) if made and made.n > 1 else None,
        "diary": diary_since(one, last),
        "focus": focus_of(one.record),
        "plan": plan_of(one, last),
        "since": meanwhile(one, last, today),
        "step": step_after(one.record, last) if last else None,
        "steps": steps_ahead(one.record),
        "date_agreed": date_agreed(one.record, last, today),
        "stage_again": stage_again(one.record),
        "latest": one.newest,
        "may_start": waits.get("may_write", False),
        "may_write": False,  # to read beforehand: a sheet of a task opens empty
        "left_blank": waits.get("left_blank"),
        **{name: waits.get(name) for name in ("next_number", "begin_id", "going_on", "open_flags", "zone")},
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
    pages = pages_of(one.manual, item.task)
    return Line(item, item.task, open_task(item.task), False, pages, Place(one.id))
