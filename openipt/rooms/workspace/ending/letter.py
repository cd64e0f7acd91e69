"""The letter at the end, drafted in the client's own words; and the plan for keeping well on one page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from openipt.casebook.operations.saving import Invalid, Replaced, SameIdOtherBody
from openipt.casebook.operations.sheet import Sheet
from openipt.casebook.operations.together import write_together
from openipt.casebook.queries.visible import NotVisible
from openipt.policy import door
from openipt.rooms.workspace.course.insight import names_of
from openipt.rooms.workspace.courses import Course
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.deciding.opening import FASTER, USED, Desk, lasting, open_desk
from openipt.rooms.workspace.said import Said
from openipt.therapy.course import where
from openipt.therapy.record import Record
from openipt.therapy.words import render as put
from openipt.therapy.words import say

LETTER, PLAN, WENT_WELL = "gains-letter", "relapse-plan", "went-well"
ON_PHONE = "shared_with_therapist"  # so marked, a sheet of the clinician is open to the client as well
GIVEN = (
    ("in_hand", "Given in the session"),
    ("read_aloud", "Read aloud"),
    ("by_post", "Sent, as agreed"),
    ("not_yet", "Not yet"),
)


@lasting("session_records", "write")
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, course_id: str) -> HttpResponse:
    """Show the letter, drafted or as it was written, and keep it."""
    desk = open_desk(request, course_id)
    stands = desk.course.record.newest(LETTER)
    given = {"text": stands.answers.get("text", ""), "given": stands.answers.get("given", "")} if stands else {}
    given |= {"phone": "yes"} if stands and stands.visibility == ON_PHONE else {}
    said = desk.typed({"text": "\n\n".join(drafted(desk.course)), "_replaces": stands.id if stands else "", **given})
    if request.method != "POST":
        return _page(desk, said)
    answers: dict[str, Any] = {"text": said.text("text", "There is no letter yet. Write it, or leave it.")}
    answers["given"] = said.one_of("given", dict(GIVEN))
    if said.wrong:
        return _page(desk, said, 422)
    older = UUID(stands.id) if stands and said.typed.get("_replaces") == stands.id else None
    sheet = Sheet(LETTER, {name: one for name, one in answers.items() if one}, desk.now, said.id(), replaces=older)
    sheet = replace(sheet, visibility=ON_PHONE) if said.typed.get("phone") else sheet
    try:
        write_together(
            "write_letter",
            [sheet],
            by=desk.actor,
            at=desk.now,
            enrolment=course_id,
            in_its_place=lambda known: known.newest(LETTER),
        )
    except Invalid:
        said.wrong["text"] = "This text cannot be kept as it stands."
        return _page(desk, said, 422)
    except (Replaced, SameIdOtherBody) as late:
        said.typed.pop("_id", None)
        again = desk.again()
        now = again.course.record.newest(LETTER)
        said.typed["_replaces"] = now.id if now else ""
        return _page(again, said, 409, FASTER if isinstance(late, Replaced) else USED)
    return redirect("gains-letter", course_id)


def drafted(course: Course) -> Iterator[str]:
    """Yield the paragraphs of the letter: facts and the client's own words, no praise that nobody said."""
    record = course.record
    yield put(say("letter.dear", name=course.name))
    weeks = where(course.manual, record, record.ended_on or _last(record)).weeks
    yield put(say("letter.met", n=len([one for one in record.held() if one.kind != "pre_group"]), weeks=weeks))
    if words := record.says("formulation").get("client_words"):
        yield put(say("letter.began", words=words))
    talk, plan = record.says("ending-talk"), record.says(PLAN)
    collected = [str(one.answers["text"]) for one in record.of(WENT_WELL) if one.answers.get("text")]
    named = [str(row["text"]) for row in talk.get("gains") or () if row.get("text")]
    if gains := list(dict.fromkeys([*named, *collected])):
        yield put(say("letter.gains")) + "\n" + "\n".join(f"- {one}" for one in gains)
    yield from _goals(record)
    if own := talk.get("own_part"):
        yield put(say("letter.own", words=own))
    if worked := [str(row["text"]) for row in plan.get("what_worked") or () if row.get("text")]:
        yield put(say("letter.worked")) + "\n" + "\n".join(f"- {one}" for one in worked)
    if signs := [str(row["text"]) for row in plan.get("my_early_signs") or () if row.get("text")]:
        yield put(say("letter.signs")) + "\n" + "\n".join(f"- {one}" for one in signs)
    if hard := talk.get("still_hard"):
        yield put(say("letter.hard", words=hard))
    back = plan.get("come_back_route") or record.says("ending").get("way_back")
    yield put(say("letter.back", words=back)) if back else put(say("letter.back_open"))


def _goals(record: Record) -> Iterator[str]:
    for thing in record.goals:
        said = record.says("goals-and-boundaries", thing.id)
        ratings = said.get("ratings") or ()
        first, last = said.get("baseline"), ratings[-1].get("value") if ratings else None
        if said.get("statement") and first is not None and last is not None and last > first:
            yield put(say("letter.goal", words=said["statement"], first=first, last=last))


def _last(record: Record) -> Any:
    return record.held()[-1].day if record.held() else record.began_on


def _page(desk: Desk, said: Said, status: int = 200, notice: str = "") -> HttpResponse:
    stands = desk.course.record.newest(LETTER)
    return desk.show(
        "workspace/ending/letter.html", said, status, stands=stands, given=GIVEN, notice=notice, is_draft=stands is None
    )


@door("session_records", "read")
@require_safe
def plan(request: HttpRequest, course_id: str) -> HttpResponse:
    """Show the plan for keeping well on one page, for the client to take along."""
    one = find_course(request, course_id)
    if not one.named:  # a code in place of the name: the plan is somebody's words
        raise NotVisible(course_id)
    said = one.record.says(PLAN)
    people = [
        (names_of(one).get(str(row.get("person")), row.get("person")), row) for row in said.get("people_plan") or ()
    ]
    levels = [(name, (said.get("levels") or {}).get(name) or {}) for name in ("green", "amber", "red")]
    page = {
        "here": "caseload",
        "all": one,
        "plan": said,
        "helpers": people,
        "levels": [one for one in levels if one[1]],
    }
    return render(request, "workspace/ending/plan.html", page)
