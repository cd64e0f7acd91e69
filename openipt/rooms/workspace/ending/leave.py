"""Going away: who stands in, for which courses, from which day to which."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from openipt.casebook.operations.handing_over import cover, end_cover
from openipt.casebook.queries.covering import colleagues_of, standing_in
from openipt.rooms.filling.asked_for import zone_of
from openipt.rooms.filling.signing_in import made_for
from openipt.rooms.workspace.courses import who
from openipt.rooms.workspace.deciding.opening import lasting
from openipt.rooms.workspace.said import Said

LONGEST = timedelta(days=180)


@lasting("session_records", "write")
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Show who stands in for whom, and name somebody for the days of a leave. A client is led to their own room."""
    now, actor = timezone.now(), who(request)
    if actor.client is not None:
        return redirect("portal-today")
    today = now.astimezone(ZoneInfo(zone_of(actor.organisation))).date()
    if request.method != "POST":
        given = {"first": today.isoformat(), "last": (today + timedelta(days=13)).isoformat()}
        return _page(request, Said(given), now, fresh=True)
    said = Said.of(request)
    if said.typed.get("_do") == "end":
        return _end(request, said, now)
    people = {str(one.id): one for one in colleagues_of(actor, now)}
    to = said.one_of("to", people, "Choose who stands in.")
    first = said.day("first", "Write the first day.", first=today, last=today + LONGEST)
    last = said.day("last", "Write the last day.", first=today, last=today + LONGEST)
    if first and last and last < first:
        said.wrong["last"] = "The last day lies before the first."
    courses = _courses(said, [one.label for one in standing_in(actor, now).in_charge])
    if said.wrong or first is None or last is None:
        return _page(request, said, now, status=422)
    _name(request, said, now, courses, UUID(to), first, last)
    return redirect("leave")


def _end(request: HttpRequest, said: Said, now: datetime) -> HttpResponse:
    """End a cover early; one that has ended meanwhile is as it should be."""
    known = {(one.course, str(one.account)) for one in standing_in(who(request), now).covers if not one.mine}
    course, account = said.typed.get("course", ""), said.typed.get("account", "")
    if (course, account) in known:
        end_cover(by=who(request), at=now, enrolment=course, account=UUID(account))
    return redirect("leave")


def _courses(said: Said, mine: list[str]) -> dict[str, str]:
    """Return what is to know about each course that was ticked: its own words, else those for all."""
    every = said.text("every")
    courses = {}
    for label in mine:
        if said.ticked(f"course_{label}"):
            words = said.text(f"know_{label}") or every
            if not words:
                said.wrong["every"] = "Write what the colleague needs to know: for all of them, or for each."
            courses[label] = words
    if not courses:
        said.wrong["courses"] = "Tick the courses that somebody stands in for."
    return courses


def _name(
    request: HttpRequest, said: Said, now: datetime, courses: dict[str, str], to: UUID, first: date, last: date
) -> None:
    cover(
        by=who(request),
        at=now,
        courses=courses,
        to=to,
        first=first,
        last=last,
        client_knows=said.ticked("client_knows"),
        id=said.id(),
    )


def _page(request: HttpRequest, said: Said, now: datetime, status: int = 200, *, fresh: bool = False) -> HttpResponse:
    actor = who(request)
    found = standing_in(actor, now)
    page = {
        "here": "caseload",
        "courses": [
            (one, fresh or said.ticked(f"course_{one.label}"), said.typed.get(f"know_{one.label}", ""))
            for one in found.in_charge
        ],
        "people": colleagues_of(actor, now),
        "away": [one for one in found.covers if not one.mine],
        "standing_in": [one for one in found.covers if one.mine],
        "typed": said.typed,
        "wrong": said.wrong,
        "made_id": str(said.id()),
        "made_for": made_for(actor.id, request.path),
        "zone": zone_of(actor.organisation),
    }
    return render(request, "workspace/ending/leave.html", page, status=status)
