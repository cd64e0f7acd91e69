"""The page of one decision point: how it goes, what the manual offers, what the client says, and what is decided."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from openipt.casebook.operations.deciding import decide
from openipt.casebook.operations.saving import Invalid, Replaced, SameIdOtherBody
from openipt.casebook.queries.signing import asks_for_another, sign_off_of
from openipt.rooms.workspace.course.insight import names_of
from openipt.rooms.workspace.course.relations import gains
from openipt.rooms.workspace.deciding.kept import Place, settle
from openipt.rooms.workspace.deciding.opening import FASTER, USED, Desk, lasting, lines_of, open_desk
from openipt.rooms.workspace.said import Said
from openipt.therapy.course import PointDue, decision_points, recorded_decision
from openipt.therapy.course.state import course_on, rise_to_ask_about, state
from openipt.therapy.manuals import DecisionPoint
from openipt.therapy.record import Entry

OPEN = "handed_over"
NEEDS_MORE = ("off_track", "worse")
SEEN = "seen"


@lasting("session_records", "write")
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: HttpRequest, course_id: str, point_id: str) -> HttpResponse:
    """Show a decision point and take its decision in. Nothing changes by itself."""
    desk = open_desk(request, course_id, place=Place("decision-record", point_id))
    point = next((one for one in desk.course.manual.decision_points if one.id == point_id), None)
    if point is None:
        raise Http404("This manual has no such decision point.")
    stands = recorded_decision(desk.course.record, point.id)
    said = desk.typed(_as_it_stands(stands))
    if request.method != "POST":
        return _page(desk, point, said)
    if desk.dropped(said):
        return redirect(request.path)
    answers, asked = _read(desk, point, said)
    if said.wrong:
        return _page(desk, point, said, status=422)
    replaces = stands.id if stands and said.typed.get("_replaces") == stands.id else None
    try:
        decide(
            by=desk.actor,
            at=desk.now,
            enrolment=course_id,
            answers=answers,
            id=said.id(),
            replaces=_uuid(replaces),
            asked=asked,
        )
    except Invalid as refused:
        said.wrong["reason"] = f"This cannot be kept as it stands: {refused}."
        return _page(desk, point, said, status=422)
    except (Replaced, SameIdOtherBody) as late:
        return _came_second(desk.again(), point, said, late)
    settle(desk.actor, said)
    return redirect(f"{reverse('course', args=[course_id])}#h-decided")


def _came_second(desk: Desk, point: DecisionPoint, said: Said, late: Exception) -> HttpResponse:
    said.typed.pop("_id", None)
    now = recorded_decision(desk.course.record, point.id)
    said.typed["_replaces"] = now.id if now else ""
    notice = FASTER if isinstance(late, Replaced) else USED
    return _page(desk, point, said, status=409, notice=notice)


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None


# ---- what was typed ----


def _as_it_stands(stands: Entry | None) -> dict[str, str]:
    """A decision that stands is shown as it was written: whoever opens the page again adds to it."""
    if stands is None:
        return {"_replaces": ""}
    said = stands.answers
    changes = "\n".join(str(row.get("text") or "") for row in said.get("changes") or ())
    words = {name: str(said.get(name) or "") for name in ("client_says", "action", "reason", "handed_over_to")}
    at = str(said.get("handed_over_at") or "")
    return {**words, "changes": changes, "_replaces": stands.id, "day": at[:10], "time": at[11:16]}


def _read(desk: Desk, point: DecisionPoint, said: Said) -> tuple[dict[str, Any], str]:
    """Read the page. What is still open and in somebody's hands asks for nothing but whose hands, and when."""
    action = said.one_of("action", offered(point), "Say what was decided; “still open” is an answer, too.")
    now = _judged(desk, point, said.ticked("confirmed"))
    answers: dict[str, Any] = {"point": point.id, "action": action, "state": now}
    if session := desk.course.record.counted():
        answers["session"] = session
    left_open = action == OPEN
    needs_more = now in NEEDS_MORE and not left_open
    answers["client_says"] = said.text("client_says", "" if left_open else "Write what the client says to it.")
    reason = "Write the reason as you see it." if needs_more or action == "continue_with_reason" else ""
    answers["reason"] = said.text("reason", reason)
    changes = said.text("changes", "Write the next step." if needs_more else "")
    answers["changes"] = [{"text": line} for line in lines_of(changes, 12)]
    if needs_more and not said.ticked(SEEN):
        said.wrong[SEEN] = "Tick that you have seen how it goes."
    if said.ticked("confirmed"):
        answers["confirmed_worse"] = True
    if left_open:
        answers |= _handed(desk, said)
    another = "A second person signs this: write for them, without names." if _signs(point, action) else ""
    asked = said.text("asked", another)
    return {name: value for name, value in answers.items() if value not in ("", [], None)}, asked


def offered(point: DecisionPoint) -> tuple[str, ...]:
    """Return what can be decided at a point: what the manual offers, and that it is still open."""
    return (*point.actions, OPEN)


def _signs(point: DecisionPoint, action: str) -> bool:
    return asks_for_another(point.id, action)


def _handed(desk: Desk, said: Said) -> dict[str, Any]:
    to = said.text("handed_over_to", "Write in whose hands it is now.", most=400)
    bounds = {"first": desk.today - timedelta(days=14), "last": desk.today}
    moment: datetime | None = said.moment("day", "time", desk.zone, **bounds)
    return {"handed_over_to": to, "handed_over_at": moment.strftime("%Y-%m-%dT%H:%M") if moment else ""}


def _judged(desk: Desk, point: DecisionPoint, confirmed: bool) -> str:
    """Return the state the decision is about: of the day the point fell due; `worse` where a rise is confirmed now."""
    if confirmed:
        return "worse"
    due = _due(desk, point)
    return due.state.id if due else state(desk.course.manual, desk.course.record, desk.today).id


def _due(desk: Desk, point: DecisionPoint) -> PointDue | None:
    found = decision_points(desk.course.manual, desk.course.record, desk.today)
    return next((one for one in found if one.point.id == point.id), None)


def rose_once(desk: Desk) -> str:
    """Return the measure whose last score rose once and was not confirmed by anybody yet; empty where none did."""
    course = course_on(desk.course.manual, desk.course.record, desk.today)
    return course.form.name if rise_to_ask_about(desk.course.record, course) else ""


# ---- the page ----


def _page(desk: Desk, point: DecisionPoint, said: Said, status: int = 200, notice: str = "") -> HttpResponse:
    course = desk.course
    due, now = _due(desk, point), state(course.manual, course.record, desk.today)
    stands = recorded_decision(course.record, point.id)
    said.typed.setdefault("day", f"{desk.here:%Y-%m-%d}")
    said.typed.setdefault("time", f"{desk.here:%H:%M}")
    said.typed["day"] = said.typed["day"] or f"{desk.here:%Y-%m-%d}"
    said.typed["time"] = said.typed["time"] or f"{desk.here:%H:%M}"
    return desk.show(
        "workspace/deciding/decision.html",
        said,
        status,
        point=point,
        due=due,
        state=due.state if due else now,
        today_is=now.id,
        gains=gains(course.manual, course.record, names_of(course)),
        rose=rose_once(desk),
        stands=stands,
        signed=sign_off_of(course.record, stands.id) if stands else None,
        options=offered(point),
        signs=[action for action in offered(point) if _signs(point, action)],
        needs_more=(due.state.id if due else "") in NEEDS_MORE,
        solo=desk.actor.solo,
        notice=notice,
    )
