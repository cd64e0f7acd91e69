"""Door to two circles side by side: which days there are, what moved between two of them, in words first."""

from __future__ import annotations

from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.exchange.drawing import circles, circles_by_day, draw_two_circles
from openipt.policy import door
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.courses import who
from openipt.rooms.workspace.people.changes import changes
from openipt.rooms.workspace.people.known import everybody, named
from openipt.therapy.record import Entry, Record
from openipt.therapy.words import render as put

BESIDE, BELOW = 664.0, 340.0  # widths that hold two circles side by side, and one above the other


@door("inventory", "read")
def compare(request: HttpRequest, course_id: str) -> HttpResponse:
    """Show two circles side by side: the first and the newest, unless others are asked for."""
    find_enrolment(who(request), course_id, "inventory", "read", timezone.now())
    one = find_course(request, course_id)
    drawn, by_day = circles(one.record), circles_by_day(one.record)
    page = {
        "here": "caseload",
        "tab": "people",
        "all": one,
        "days": [
            (day, list(several)) for day, several in groupby(reversed(drawn), key=lambda one: one.happened_at.date())
        ],
        "count": len(drawn),
    }
    if by_day and len(drawn) > 1:
        then = _asked(request, "then", drawn) or (by_day[0] if len(by_day) > 1 else drawn[0])
        now = _asked(request, "now", drawn) or drawn[-1]
        then, now = sorted((then, now), key=drawn.index)
        page |= _pair(one.record, then, now)
    return render(request, "workspace/people/compare.html", page)


def _asked(request: HttpRequest, name: str, drawn: tuple[Entry, ...]) -> Entry | None:
    """Return the circle an address names; none of this record is no page."""
    wanted = request.GET.get(name, "")
    found = next((entry for entry in drawn if entry.id == wanted), None)
    if wanted and found is None:
        raise Http404("There is no such circle in this course.")
    return found


def _pair(record: Record, then: Entry, now: Entry) -> dict[str, object]:
    """Draw the two, wide and narrow, under what moved between them."""
    moved = changes(record, then, now, named(everybody(record)))
    title = put(moved[0]) if len(moved) == 1 else f"{put(moved[0])} {len(moved) - 1} more below."
    return {
        "picks": [("then", then.id, "Then"), ("now", now.id, "Now")],
        "moved": moved,
        "wide": draw_two_circles(record, then, now, "pair", title=title, width=BESIDE),
        "narrow": draw_two_circles(record, then, now, "pair-narrow", title=title, width=BELOW),
    }
