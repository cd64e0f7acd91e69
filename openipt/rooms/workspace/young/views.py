"""The door to a young person's consent, their own word, and what caregivers see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from openipt.accounts.making import Access
from openipt.casebook.operations.caregiving import (
    SETTINGS,
    NotNow,
    came_in,
    change_list,
    end_caregiver,
    let_caregiver_in,
    new_caregiver_slip,
)
from openipt.casebook.operations.saving import Replaced, SameIdOtherBody
from openipt.casebook.queries.visible import NotAllowed
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor
from openipt.rooms.filling.asked_for import may_write, zone_of
from openipt.rooms.filling.said import Wrong
from openipt.rooms.filling.sent import typed_in
from openipt.rooms.filling.signing_in import LastingDoor, ask_to_sign_in, come_back, forget, made_for
from openipt.rooms.filling.typed import Pairs
from openipt.rooms.filling.wrong import by_name
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.young.asked import Asked, asked, offered
from openipt.therapy.course.young import (
    ASSENT,
    BORN,
    CONSENT,
    UNSAID,
    USUALLY_SEEN,
    born_on,
    caregivers,
    consent,
    last_day,
    law_here,
    may_invite,
)
from openipt.therapy.forms import open_form
from openipt.therapy.words import Sentence, say
from openipt.therapy.words import render as in_words

TOLD = {
    "saved": "In the record.",
    "again": "This was in the record already. It stands there once.",
    "newer": "In the record, under the newer version of its form.",
    "list": "The list is changed. It holds from now on.",
    "ended": "Ended. They see nothing any more, and are signed out.",
    "known": "They were let in already. Make a new slip if the first was not written down.",
    "faster": "Somebody changed this list meanwhile. It stands below; yours was kept as a draft.",
}
BACK = "You had been signed out. What you typed is here again. It is not saved yet."


@require_http_methods(["GET", "HEAD", "POST"])
def young(request: HttpRequest, course_id: str) -> HttpResponse:
    """Show how consent stands and what caregivers see; let one in, change a list, end it."""
    actor: Actor | None = request.actor  # type: ignore[attr-defined]
    pairs = typed_in(request)
    if actor is None:
        return ask_to_sign_in(request, pairs)
    now = timezone.now()
    find_enrolment(actor, course_id, SETTINGS, "read", now)
    if request.method == "POST":
        return _do(request, course_id, actor, pairs)
    back = come_back(request, actor.id)
    shown = _show(request, course_id, actor, back or [], notice=BACK if back else "")
    return forget(request, shown) if back else shown


young.door = LastingDoor(SETTINGS, "read")  # type: ignore[attr-defined]


def _do(request: HttpRequest, course_id: str, actor: Actor, pairs: Pairs) -> HttpResponse:
    now = timezone.now()
    read = asked(pairs, now.astimezone(ZoneInfo(zone_of(actor.organisation))).date())
    if read.wrong or read.made is None:
        return _show(request, course_id, actor, pairs, wrong=read.wrong, status=422 if read.wrong else 200)
    try:
        access = _act(read, read.made, actor, course_id)
    except NotNow as refused:
        wrong = [Wrong("_now", in_words(refused.why))]
        return _show(request, course_id, actor, pairs, wrong=wrong, status=422)
    except (SameIdOtherBody, Replaced):
        return _show(request, course_id, actor, [], notice=TOLD["faster"], status=409)
    if isinstance(access, Access):
        return _show(request, course_id, actor, [], access=access)
    return redirect(f"{reverse('young', args=[course_id])}?told={access}")


def _act(read: Asked, made: UUID, actor: Actor, course_id: str) -> Access | str:
    how: dict[str, Any] = {"by": actor, "at": timezone.now(), "enrolment": course_id}
    if read.act == "invite":
        access = let_caregiver_in(**how, called=read.called, sees=read.sees, until=read.until, id=made)
        return access or "known"
    if read.act == "slip":
        return new_caregiver_slip(**how, account=read.who)
    if read.act == "end":
        end_caregiver(**how, account=read.who, id=made)
        return "ended"
    if read.act == "list" and read.replaces is not None:
        change_list(**how, account=read.who, sees=read.sees, until=read.until, replaces=read.replaces, id=made)
        return "list"
    return ""


def _show(
    request: HttpRequest,
    course_id: str,
    actor: Actor,
    pairs: Pairs,
    *,
    wrong: Sequence[Wrong] = (),
    access: Access | None = None,
    notice: str = "",
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    one = find_course(request, course_id)
    zone = zone_of(actor.organisation)
    today, record = now.astimezone(ZoneInfo(zone)).date(), one.record
    known = caregivers(record, today)
    said = dict(pairs)
    page = {
        "here": "caseload",
        "tab": "young",
        "all": one,
        "consent": consent(record, today),
        "law": law_here(),
        "law_in_words": _law_in_words(),
        "born": born_on(record),
        "given": record.newest(CONSENT),
        "own_word": record.newest(ASSENT),
        "born_entry": record.newest(BORN),
        "caregivers": [(who, [words for value, words in offered() if value in who.sees]) for who in known],
        "came_in": came_in([who.account for who in known]) if known else {},
        "shut": may_invite(record, today),
        "ends": last_day(record, today),
        "offered": offered(),
        "typed": said if said.get("_do") == "invite" else {},
        "ticked": [text for name, text in pairs if name == "sees"] if pairs else list(USUALLY_SEEN),
        "access": access,
        "where": request.build_absolute_uri(reverse("portal-first")),
        "wrong": by_name(wrong),
        "notice": notice or TOLD.get(request.GET.get("told", ""), ""),
        "made_id": uuid4(),
        "made_for": made_for(actor.id, request.path),
        "may_write": one.named and _may_settle(actor, course_id),
        "may_agree": one.named and may_write(actor, course_id, open_form(CONSENT), now),
        "zone": zone,
    }
    return render(request, "workspace/young/young.html", page, status=status)


def _law_in_words() -> Sentence:
    law = law_here()
    if law.id == UNSAID:
        return say("young.law_unsaid", adult=law.adult_from)
    line = "young.law" if law.able_from is None else "young.law_able"
    return say(line, law=law.name, alone=law.alone_from, adult=law.adult_from)


def _may_settle(actor: Actor, course_id: str) -> bool:
    try:
        find_enrolment(actor, course_id, SETTINGS, "write", timezone.now())
    except NotAllowed:
        return False
    return True
