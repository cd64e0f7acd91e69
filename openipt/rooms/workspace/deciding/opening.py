"""What every page of deciding and ending begins with: who may write here, and what waited while they signed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from openipt.casebook.operations.sheet import Sheet
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor
from openipt.rooms.filling.asked_for import zone_of
from openipt.rooms.filling.sent import typed_in
from openipt.rooms.filling.signing_in import LastingDoor, ask_to_sign_in, come_back, forget, made_for
from openipt.rooms.workspace.courses import Course, who
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.deciding.kept import DROP, Kept, Place, kept, on_page, settle
from openipt.rooms.workspace.said import Said

FASTER = (
    "Something was written here while this page was open; it stands above, and this is kept beside it. "
    "Look at both. Saving again puts this in its place; the other one stays in the record."
)
USED = "This page was used before for something else. Nothing is lost: look at it, and save once more."
View = Callable[..., HttpResponse]


def lasting(kind: str, action: str) -> Callable[[View], View]:
    """Give a view a door behind which what was typed outlasts a sign-in that ran out."""

    def hang(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            if request.actor is None:  # type: ignore[attr-defined]
                return ask_to_sign_in(request, typed_in(request))
            return view(request, *args, **named)

        answer.door = LastingDoor(kind, action)  # type: ignore[attr-defined]
        return answer

    return hang


@dataclass(frozen=True, slots=True)
class Desk:
    """One request about one course: who asks, the course as they see it, the moment, the clock of the service."""

    request: HttpRequest
    course: Course
    now: datetime
    zone: str
    place: Place | None = None  # where what is typed here keeps itself
    left: Kept | None = None  # what was typed here and not handed in

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return who(self.request)

    @property
    def today(self) -> date:
        """The day where the service is."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    @property
    def here(self) -> datetime:
        """The moment as the clocks of the service show it."""
        return self.now.astimezone(ZoneInfo(self.zone))

    def again(self) -> Desk:
        """Return the desk with the course as it stands now."""
        return replace(self, course=find_course(self.request, self.course.id))

    def typed(self, given: dict[str, str]) -> Said:
        """Return what is on the page: what was posted; what waited for a sign-in; what was kept; else this."""
        if self.request.method == "POST":
            return Said.of(self.request)
        back = come_back(self.request, self.actor.id)
        if back is not None:
            return Said(dict(back))
        return Said(dict(self.left.typed) if self.left else given)

    def dropped(self, said: Said) -> bool:
        """Throw away what was kept of the page, where its button says so."""
        if said.typed.get("_do") != DROP:
            return False
        settle(self.actor, said)
        return True

    def show(self, template: str, said: Said, status: int = 200, **more: Any) -> HttpResponse:
        """Show a page with everything typed on it."""
        made = said.id()
        page = {
            "here": "caseload",
            "tab": "",
            "all": self.course,
            "typed": said.typed,
            "wrong": said.wrong,
            "made_id": str(made),
            "made_for": made_for(self.actor.id, self.request.path),
            "zone": self.zone,
            "today": self.today,
            **(on_page(self.left, self.place.address(self.course.id)) if self.place else {}),
            **more,
        }
        shown = render(self.request, template, page, status=status)
        return forget(self.request, shown) if self.request.method == "GET" else shown


def open_desk(request: HttpRequest, course_id: str, kind: str = "session_records", place: Place | None = None) -> Desk:
    """Open a course for whoever may write this kind of record in it; a reader gets no page to write on.

    Args:
        request: The request.
        course_id: The label of the enrolment.
        kind: The kind of record.
        place: Where what is typed on the page keeps itself.

    Raises:
        NotVisible: there is no such course for this actor. NotAllowed: the table says no.
    """
    now = timezone.now()
    find_enrolment(who(request), course_id, kind, "write", now)
    desk = Desk(request, find_course(request, course_id), now, zone_of(who(request).organisation), place)
    return replace(desk, left=kept(desk, place)) if place and request.method != "POST" else desk


def says_more(desk: Desk, sheets: Sequence[Sheet]) -> bool:
    """Whether a page that was taken in already says something now, in a sheet beside its first, that is not stored.

    Sent twice a page is one act by the id of its first sheet; what another tab wrote to the others must not go unsaid.
    """
    known = {one.id: dict(one.answers) for one in desk.course.record.entries}
    came = str(sheets[0].id) in known
    return came and any(known.get(str(one.id)) != dict(one.answers) for one in sheets[1:])


def lines_of(text: str, most: int = 20) -> list[str]:
    """Return the lines of a text that hold something."""
    return [line.strip(" •-\t") for line in text.splitlines() if line.strip(" •-\t")][:most]
