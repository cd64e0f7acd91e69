"""The review half-way, and whenever it helps: what changed, markers of the focus, goals, and whether the focus fits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from openipt.casebook.operations.saving import Invalid, Replaced, SameIdOtherBody
from openipt.casebook.operations.sheet import Sheet
from openipt.casebook.operations.together import write_together
from openipt.rooms.workspace.course.insight import names_of
from openipt.rooms.workspace.course.relations import gains
from openipt.rooms.workspace.deciding.kept import Place, settle
from openipt.rooms.workspace.deciding.opening import USED, Desk, lasting, open_desk, says_more
from openipt.rooms.workspace.said import Said
from openipt.rooms.workspace.sheets.beside_session import of_session, way_back
from openipt.therapy.course import outcome, outcome_form, planned_sessions, state, where
from openipt.therapy.manuals.definition import Marker
from openipt.therapy.record import Entry, alias, focus
from openipt.therapy.writing.summary import change_sentence

REVIEW, MARKERS, GOAL = "mid-review", "area-markers", "goals-and-boundaries"
FITS = (("yes", "It fits"), ("partly", "In part"), ("no", "Not any more"))
WORDS = ("changed_symptoms", "changed_people", "focus_words", "client_says", "next")


@dataclass(frozen=True, slots=True)
class MarkerRow:
    """A progress marker: how far it was when last looked at, and what is on the page."""

    marker: Marker
    field: str
    before: int | None
    now: str


@dataclass(frozen=True, slots=True)
class GoalRow:
    """A goal: its words, where it began, where it was last, and what is on the page."""

    id: str
    words: str
    whom: str
    field: str
    before: float | None
    target: float | None
    now: str


@lasting("session_records", "write")
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, course_id: str) -> HttpResponse:
    """Show the review and take it in: its words, the markers and the goals are one act."""
    desk = open_desk(request, course_id, place=Place(REVIEW, "review"))
    said = desk.typed({})
    if request.method != "POST":
        return _page(desk, said)
    if desk.dropped(said):
        return redirect(request.get_full_path())
    sheets = _sheets(desk, said)
    if said.wrong:
        return _page(desk, said, 422)
    if says_more(desk, sheets):
        return _used(desk, said)
    try:
        write_together("review_course", sheets, by=desk.actor, at=desk.now, enrolment=course_id)
    except Invalid as refused:
        said.wrong["client_says"] = f"This cannot be kept as it stands: {refused}."
        return _page(desk, said, 422)
    except (Replaced, SameIdOtherBody):
        return _used(desk, said)
    settle(desk.actor, said)
    return redirect(_next(desk, said))


def _used(desk: Desk, said: Said) -> HttpResponse:
    said.typed.pop("_id", None)
    return _page(desk.again(), said, 409, notice=USED)


def _next(desk: Desk, said: Said) -> str:
    """Return where the review leads: to the focus where it does not fit any more, the session, or the course."""
    back = way_back(desk.course.id, desk.course.record, desk.request.GET.get("back"))
    if said.typed.get("focus_fits") == "no":
        asked = f"?{of_session('formulation', back.session)}" if back else ""
        return reverse("agreed-focus", args=[desk.course.id]) + asked
    return f"{back.address}?told=sheet#h-sheets" if back else f"{reverse('course', args=[desk.course.id])}#h-around"


def _sheets(desk: Desk, said: Said) -> list[Sheet]:
    session = desk.course.record.counted()
    made = said.id()
    answers: dict[str, Any] = {"session": session or None, "focus_fits": said.one_of("focus_fits", dict(FITS))}
    needed = {"client_says": "Write what the client says to it."}
    answers |= {name: said.text(name, needed.get(name, "")) for name in WORDS}
    if answers["focus_fits"] not in ("partly", "no"):
        answers.pop("focus_words")
    sheets = [Sheet(REVIEW, {name: one for name, one in answers.items() if one}, desk.now, made)]
    rated = [
        {"id": row.marker.id, "value": value}
        for row in _markers(desk, said)
        if (value := _whole(said, row, 4)) is not None
    ]
    if rated:
        said_of = {"session": session or 1, "markers": rated}
        sheets.append(Sheet(MARKERS, said_of, desk.now, uuid5(made, MARKERS)))
    return [*sheets, *_goals_rated(desk, said, made, session or 1)]


def _whole(said: Said, row: MarkerRow | GoalRow, most: int) -> int | None:
    return said.whole(row.field, 0, most)


def _goals_rated(desk: Desk, said: Said, made: UUID, session: int) -> Iterator[Sheet]:
    for row in _goals(desk, said):
        value = _whole(said, row, 10)
        older = desk.course.record.newest(GOAL, row.id)
        if value is not None and older is not None:
            answers = dict(older.answers)
            kept = [one for one in answers.get("ratings") or () if one.get("session") != session]
            answers["ratings"] = [*kept, {"session": session, "value": value}]
            name = uuid5(made, f"goal {row.id}")
            yield Sheet(GOAL, answers, desk.now, name, about=older.about, replaces=UUID(older.id))


def _markers(desk: Desk, said: Said) -> list[MarkerRow]:
    record = desk.course.record
    last = record.newest(MARKERS)
    before = {row["id"]: row["value"] for row in (last.answers.get("markers") or ())} if last else {}
    areas = [desk.course.manual.area(name) for name in focus(record)]
    return [
        MarkerRow(one, f"marker_{one.id}", before.get(one.id), said.typed.get(f"marker_{one.id}", ""))
        for area in areas[:1]
        if area
        for one in area.markers
    ]


def _goals(desk: Desk, said: Said) -> list[GoalRow]:
    record = desk.course.record
    rows = []
    for n, thing in enumerate((one for one in record.goals if one.ended_at is None), 1):
        entry = record.newest(GOAL, thing.id)
        if entry is not None and entry.kind == "answers":
            rows.append(_goal(desk, entry, thing.id, f"goal_{n}", said))
    return rows


def _goal(desk: Desk, entry: Entry, name: str, field: str, said: Said) -> GoalRow:
    answers = entry.answers
    ratings = answers.get("ratings") or ()
    before = ratings[-1]["value"] if ratings else answers.get("baseline")
    scope = str(answers.get("scope") or "")
    whom = "" if scope in ("", "self") else alias(desk.course.record, scope) or ""
    words = str(answers.get("statement") or "")
    return GoalRow(name, words, whom, field, before, answers.get("target"), said.typed.get(field, ""))


def _page(desk: Desk, said: Said, status: int = 200, notice: str = "") -> HttpResponse:
    manual, record = desk.course.manual, desk.course.record
    change = outcome(manual, record, desk.today)
    half = -(-planned_sessions(manual, record) // 2)
    return desk.show(
        "workspace/deciding/review.html",
        said,
        status,
        position=where(manual, record, desk.today),
        half=half,
        is_half=record.counted() == half,
        state=state(manual, record, desk.today),
        change=change_sentence(outcome_form(manual, record).name, change) if change and change.n > 1 else None,
        gains=gains(manual, record, names_of(desk.course)),
        markers=_markers(desk, said),
        goals=_goals(desk, said),
        fits=FITS,
        areas=focus(record),
        client_words=record.says("formulation").get("client_words"),
        back=way_back(desk.course.id, record, desk.request.GET.get("back")),
        steps=range(11),
        five=range(5),
        notice=notice,
    )
