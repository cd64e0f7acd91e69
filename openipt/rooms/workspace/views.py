"""Doors of the therapist's room: each asks one question and shows the answer."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from openipt.casebook.queries.caseload import caseload as todays
from openipt.casebook.queries.caseload import caseload_as_of
from openipt.casebook.queries.deadlines import deadlines
from openipt.casebook.queries.newcomers import courses_with_new_devices
from openipt.policy import door, open_door
from openipt.rooms.filling import views as filling
from openipt.rooms.workspace.beginning.start import waiting
from openipt.rooms.workspace.caseload.listing import flagged, groups
from openipt.rooms.workspace.caseload.listing import rows as rows_of
from openipt.rooms.workspace.course.beside import beside
from openipt.rooms.workspace.course.story import story
from openipt.rooms.workspace.courses import Course, evening, morning, who, zone_here
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.ending.around import around
from openipt.rooms.workspace.sessions.after import show
from openipt.rooms.workspace.sessions.came_in import unseen
from openipt.rooms.workspace.sessions.meeting import meeting
from openipt.rooms.workspace.sessions.opened_from import mark_task
from openipt.rooms.workspace.sessions.standing_still import standing_still
from openipt.rooms.workspace.sheets.beside_session import way_back
from openipt.rooms.workspace.sheets.faces import face_of
from openipt.rooms.workspace.sheets.of_tasks import OF_TASK
from openipt.therapy.course import choose
from openipt.therapy.manuals import manual_ids, open_manual, open_task
from openipt.therapy.shelf import Refused

CONTACT = "safe-contact"  # how to reach the client is asked first, and then the slip is made
WEEK = timedelta(days=7)
SHELF = "What stands on the shelf is about nobody."


class NotADayError(ValueError):
    """The address names a day that is none."""


@door("session_records", "read")
def caseload(request: HttpRequest) -> HttpResponse:
    """Show every course as a morning stood; a client is led to the client's own room."""
    if who(request).client is not None:
        return redirect("portal-today")
    now = timezone.now()
    try:
        day = _day(request, None)
    except NotADayError as problem:
        return _refused(request, str(problem))
    here = zone_here(request)
    listed = caseload_as_of(who(request), day, morning(day, here), now) if day else todays(who(request), now)
    waits = {} if day else deadlines(who(request), flagged(listed))  # an earlier day knows no deadline of today
    rows = rows_of(listed, waits, {} if day else unseen().by_course(who(request), now), now.astimezone(here))
    day = day or timezone.localdate(now)
    page = {
        "here": "caseload",
        "on": request.GET.get("on", ""),
        "zone": here.key,
        "day": day,
        "before": day - WEEK,
        "after": day + WEEK,
        "groups": list(groups(rows)),
        "running": sum(row.need != "ended" for row in rows),
        "first": sum(row.need == "first" for row in rows),
    }
    return render(request, "workspace/caseload.html", {**page, **({} if page["on"] else _of_today(request, now))})


def _of_today(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """Return what only the list of today says: an earlier day knows no clock and no phone of today."""
    return {**standing_still(who(request), now), "new_devices": courses_with_new_devices(who(request), now)}


@door("session_records", "read")
def course(request: HttpRequest, course_id: str) -> HttpResponse:
    """Show the story of one course, as of a day if one is named."""
    one = find_course(request, course_id)
    last = one.record.ended_on or _last_told(one)
    try:
        day = _day(request, last) or last
    except NotADayError as problem:
        return _refused(request, str(problem))
    known = one.as_of(evening(day, zone_here(request)))
    page = {"here": "caseload", "tab": "course", "story": story(known, day), "all": one, **_kept(request, known)}
    if one.named and not request.GET.get("on"):
        page["around"] = around(who(request), one, timezone.now())
    return render(request, "workspace/course.html", {**page, "beside": beside(known, day), **waiting(request, one)})


@door("session_records", "read")
def session(request: HttpRequest, course_id: str, number: int) -> HttpResponse:
    """Show one session in its four moments."""
    one = find_course(request, course_id)
    found = meeting(one, number)
    if found is None:
        raise Http404(f"{one.name} has no session {number}.")
    return show(request, one, found)


@door("session_records", "read")
def entry(request: HttpRequest, course_id: str, entry_id: str) -> HttpResponse:
    """Show one entry of a course as it was filled in."""
    return filling.entry(
        request,
        course_id,
        entry_id,
        find=lambda name: find_course(request, name, entry_id).record,
        back=lambda record: way_back(course_id, record, request.GET.get("back")),
    )


def fill(request: HttpRequest, course_id: str, form_id: str) -> HttpResponse:
    """Fill in any form of the shelf in a course; some have a page made by hand."""
    answer = filling.fill(
        request,
        course_id,
        form_id,
        find=lambda name: find_course(request, name).record,
        done=lambda entry_id: _goes_on(course_id, form_id, entry_id),
        face=face_of(form_id, request),
        back=lambda record: way_back(course_id, record, request.GET.get("back")),
    )
    task, held = request.GET.get(OF_TASK), request.GET.get("session")
    if answer.status_code == 303 and task and held:  # it is in the record
        mark_task(who(request), timezone.now(), find_course(request, course_id), held, task, form_id)
    return answer


def _goes_on(course_id: str, form_id: str, entry_id: str) -> str:
    """Return where a sheet is shown once it is saved: on the page that it belongs to, where that goes on from there."""
    return reverse("invite", args=[course_id]) if form_id == CONTACT else reverse("entry", args=[course_id, entry_id])


fill.door = filling.LastingDoor("session_records", "write")  # type: ignore[attr-defined]


@door("session_records", "read")
def treatment(request: HttpRequest, course_id: str) -> HttpResponse:
    """Show how every manual stands for a client, from the facts on record before the first session."""
    one = find_course(request, course_id)
    day = one.record.began_on or _today()
    known = one.as_of(evening(day, zone_here(request)))
    found = choose(known.record, day)
    others = sum(bool(met.made_for_others) for met in found)
    page = {"here": "caseload", "tab": "treatment", "all": one, "day": day, "found": found, "others": others}
    return render(request, "workspace/treatment.html", page)


@open_door(SHELF)
def manuals(request: HttpRequest) -> HttpResponse:
    """Show the manuals on the shelf."""
    return render(
        request, "workspace/manuals.html", {"here": "manuals", "manuals": [open_manual(name) for name in manual_ids()]}
    )


@open_door(SHELF)
def manual(request: HttpRequest, manual_id: str) -> HttpResponse:
    """Show one manual as a page to read."""
    try:
        found = open_manual(manual_id)
    except Refused as problem:
        raise Http404("No such manual on this shelf.") from problem
    named = list(
        dict.fromkeys([offer.task for offer in found.offers] + [step for area in found.areas for step in area.steps])
    )
    tasks = [(name, open_task(name)) for name in named]
    return render(request, "workspace/manual.html", {"here": "manuals", "manual": found, "tasks": tasks})


def _last_told(one: Course) -> date:
    """Return the day of the newest fact: a page of a course shows it as it was known then."""
    days = [session.day for session in one.record.sessions] + [entry.recorded_at.date() for entry in one.record.entries]
    return max(days, default=_today())


def _today() -> date:
    return timezone.localdate()


def _kept(request: HttpRequest, known: Course) -> dict[str, Any]:
    """Return what the tabs keep: the day that was asked for, and the newest session by then."""
    return {"on": request.GET.get("on", ""), "latest": known.newest}


def _day(request: HttpRequest, default: date | None) -> date | None:
    text = request.GET.get("on")
    if not text:
        return default
    try:
        day = date.fromisoformat(text)
    except ValueError as problem:
        raise NotADayError(f"“{text[:40]}” is not a day. Write it as 2025-10-27.") from problem
    if not date(1900, 1, 8) <= day <= date(2199, 12, 24):
        raise NotADayError(f"{day.isoformat()} lies too far away. These courses run from 2025 to 2027.")
    return day


def _refused(request: HttpRequest, why: str) -> HttpResponse:
    return render(request, "ui/refused.html", {"why": why}, status=400)
