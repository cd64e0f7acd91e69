"""After a session at which nobody met: the same day, day 3, a letter; and how the sessions were counted."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from openipt.casebook.operations.saving import Invalid, Replaced, SameIdOtherBody
from openipt.casebook.operations.sheet import Sheet
from openipt.casebook.operations.together import write_together
from openipt.casebook.queries.missed import CONTACT, Plan, StepDue, counted, plan_of
from openipt.rooms.workspace.deciding.opening import USED, Desk, lasting, open_desk
from openipt.rooms.workspace.said import Said
from openipt.therapy.words import render as put
from openipt.therapy.words import say

STEPS = (("same_day", "The same day"), ("day_3", "On day 3"), ("letter", "By letter"))
CALLED = (
    ("yes", "We spoke"),
    ("message", "Left a message"),
    ("no", "Not reached"),
    ("contact_person", "Asked the contact person, as agreed"),
    ("not_now", "Left out"),
)
WROTE = (("sent", "Letter sent"), ("not_now", "Left out"))


@lasting("session_records", "write")
@require_http_methods(["GET", "HEAD", "POST"])
def missed(request: HttpRequest, course_id: str) -> HttpResponse:
    """Show what is due after a missed session, and write what was tried."""
    desk = open_desk(request, course_id)
    plans = plans_of(desk)
    waiting = next((one for one in plans if one.next is not None), None)
    drafted = draft(desk, waiting.session.day) if waiting else ""
    said = desk.typed({"letter": drafted})
    if request.method != "POST":
        return _page(desk, plans, waiting, said)
    sheet = _sheet(desk, plans, said)
    if said.wrong or sheet is None:
        return _page(desk, plans, waiting, said, 422)
    try:
        write_together("note_contact", [sheet], by=desk.actor, at=desk.now, enrolment=course_id)
    except Invalid as refused:
        said.wrong["words"] = f"This cannot be kept as it stands: {refused}."
        return _page(desk, plans, waiting, said, 422)
    except (Replaced, SameIdOtherBody):
        said.typed.pop("_id", None)
        return _page(desk, plans, waiting, said, 409, USED)
    return redirect("missed-plan", course_id)


def plans_of(desk: Desk) -> list[Plan]:
    """Return the plan of each session at which nobody met, the newest first."""
    record = desk.course.record
    sessions = [one for one in record.sessions if one.kind in ("late_cancel", "no_show")]
    return [plan_of(record, one, desk.today) for one in reversed(sessions)]


def _sheet(desk: Desk, plans: list[Plan], said: Said) -> Sheet | None:
    session = said.one_of("session", [one.session.id for one in plans], "This session is not there any more.")
    step = said.one_of("step", dict(STEPS), "Say which step it was.")
    offered = dict(WROTE if step == "letter" else CALLED)
    reached = said.one_of("reached", offered, "Say what came of it.")
    words = said.text("words", "Why was it left out?" if reached == "not_now" else "")
    letter = said.text("letter", "There is no letter to send." if reached == "sent" else "") if step == "letter" else ""
    answers: dict[str, Any] = {"step": step, "reached": reached, "words": words}
    if reached == "sent":
        answers["letter"] = letter
    if said.wrong:
        return None
    answers = {name: one for name, one in answers.items() if one}
    return Sheet(CONTACT, answers, desk.now, said.id(), about=session)


def draft(desk: Desk, day: Any) -> str:
    """Draft the letter after a missed session: plain, no blame, a way on and a way to stop."""
    by = str(getattr(desk.request.user, "name", "") or "")
    parts = (
        say("letter.dear", name=desk.course.name),
        say("letter.not_met", on=day),
        say("letter.place_kept"),
        say("letter.may_stop"),
        say("letter.now_in_danger"),
        say("letter.signed", name=by),
    )
    return "\n\n".join(put(one) for one in parts)


def _page(
    desk: Desk, plans: list[Plan], waiting: Plan | None, said: Said, status: int = 200, notice: str = ""
) -> HttpResponse:
    step: StepDue | None = waiting.next if waiting else None
    chosen = said.typed.get("step") or (step.step if step else "")
    return desk.show(
        "workspace/ending/missed.html",
        said,
        status,
        plans=plans,
        waiting=waiting,
        step=chosen,
        steps=dict(STEPS),
        results=WROTE if chosen == "letter" else CALLED,
        count=counted(desk.course.manual, desk.course.record, desk.today),
        rule=desk.course.record.says("contract").get("missed_session_rule"),
        notice=notice,
    )
