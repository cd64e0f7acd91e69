"""Going on after what was agreed: further sessions, maintenance, or a new course that links to this one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from openipt.casebook.operations.going_on import CONTRACT, extend, go_on
from openipt.casebook.operations.saving import Invalid, Replaced, SameIdOtherBody
from openipt.casebook.queries.missed import counted
from openipt.rooms.workspace.deciding.opening import USED, Desk, lasting, open_desk
from openipt.rooms.workspace.said import Said
from openipt.therapy.manuals import manual_ids, open_manual
from openipt.therapy.record import agreement

MOST = 4  # PROTOCOLS 1.6: an extension is of at most four
MAINTENANCE = "ipt-m"
WEEKS = 7
LONGEST = timedelta(days=366)
AGREED = "Nothing goes on without the client. Tick that they agree, or leave it."


@lasting("session_records", "write")
@require_http_methods(["GET", "HEAD", "POST"])
def going_on(request: HttpRequest, course_id: str) -> HttpResponse:
    """Show how a course can go on, and write what was agreed."""
    desk = open_desk(request, course_id)
    how = request.GET.get("how", "")
    said = desk.typed(_given(desk, how))
    if request.method != "POST":
        return _page(desk, said, how)
    how = said.one_of("how", ("extension", "maintenance", "again"), "Say how it goes on.")
    going: dict[str, Any] = {
        "reason": said.text("reason", "Write why: the reason stays with it."),
        "client_says": said.text("client_says", "Write what the client says to it."),
        "agreed": said.ticked("agreed"),
    }
    if not going["agreed"]:
        said.wrong["agreed"] = AGREED
    try:
        where_to = _extend(desk, said, going) if how == "extension" else _begin(desk, said, how, going)
    except Invalid as refused:
        said.wrong["reason"] = f"This cannot be kept as it stands: {refused}."
        where_to = None
    except (Replaced, SameIdOtherBody):
        said.typed.pop("_id", None)
        return _page(desk.again(), said, how, 409, USED)
    return redirect(where_to) if where_to else _page(desk, said, how, 422)


def _extend(desk: Desk, said: Said, going: dict[str, Any]) -> str | None:
    contract = desk.course.record.newest(CONTRACT)
    agreed = agreement(desk.course.record)
    more = said.whole("sessions", 1, MOST)
    until = said.day("until", "Write the new last day.", first=desk.today, last=desk.today + LONGEST)
    if more is None and "sessions" not in said.wrong:
        said.wrong["sessions"] = f"Write how many: 1 to {MOST}."
    if contract is None or agreed is None:
        said.wrong["how"] = "No number of sessions was agreed yet. Write the contract first."
    elif more is not None and agreed.extension + more > MOST:
        said.wrong["sessions"] = (
            f"{agreed.extension} further sessions were agreed before; together at most {MOST}. "
            "After that comes maintenance, another treatment, or a new contract."
        )
    if said.wrong or contract is None or agreed is None or more is None or until is None:
        return None
    extension = {
        **(contract.answers.get("extension") or {}),
        "sessions": agreed.extension + more,
        "agreed_session": max(1, desk.course.record.counted()),
        "until": until.isoformat(),
        "reason": going["reason"],
    }
    extend(
        by=desk.actor,
        at=desk.now,
        enrolment=desk.course.id,
        contract={**contract.answers, "extension": extension},
        replaces=UUID(said.typed.get("_replaces") or contract.id),
        going=going,
        id=said.id(),
    )
    return f"{reverse('course', args=[desk.course.id])}#h-around"


def _begin(desk: Desk, said: Said, how: str, going: dict[str, Any]) -> str | None:
    manual = MAINTENANCE if how == "maintenance" else said.one_of("manual", manual_ids(), "Choose a treatment.")
    began = said.day("began_on", "Write the first day.", first=desk.today - LONGEST, last=desk.today + LONGEST)
    if said.wrong or began is None:
        return None
    label = go_on(
        by=desk.actor,
        at=desk.now,
        enrolment=desk.course.id,
        manual=manual,
        began_on=began,
        going=going,
        id=said.id(),
    )
    return reverse("course", args=[label])


def _given(desk: Desk, how: str) -> dict[str, str]:
    contract = desk.course.record.newest(CONTRACT)
    agreed = agreement(desk.course.record)
    end = (agreed.extension_until or agreed.planned_end) if agreed else None
    later = max(end or desk.today, desk.today) + timedelta(days=4 * WEEKS)
    return {
        "how": how,
        "sessions": str(max(1, MOST - (agreed.extension if agreed else 0))),
        "until": later.isoformat(),
        "began_on": desk.today.isoformat(),
        "manual": desk.course.record.manual,
        "_replaces": contract.id if contract else "",
    }


def _page(desk: Desk, said: Said, how: str, status: int = 200, notice: str = "") -> HttpResponse:
    agreed = agreement(desk.course.record)
    return desk.show(
        "workspace/ending/going_on.html",
        said,
        status,
        how=how if how in ("extension", "maintenance", "again") else "",
        agreed=agreed,
        most=MOST,
        left=MOST - (agreed.extension if agreed else 0),
        count=counted(desk.course.manual, desk.course.record, desk.today),
        manuals=[open_manual(name) for name in manual_ids()] if how == "again" else (),
        maintenance=open_manual(MAINTENANCE),
        ended=desk.course.record.ended_on,
        notice=notice,
    )
