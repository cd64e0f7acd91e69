"""Doors to typing from paper: a pile of questionnaires, one key for each answer, or the total that was reported."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from uuid_utils.compat import uuid7

from openipt.casebook.operations.saving import Invalid, Replaced, SameIdOtherBody, Saved, save_entry
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor, door
from openipt.rooms.filling.asked_for import asked_for
from openipt.rooms.filling.fill import BACK, Desk
from openipt.rooms.filling.happened import DAY, happened
from openipt.rooms.filling.kept_both import both
from openipt.rooms.filling.reading import read
from openipt.rooms.filling.said import Read, Wrong
from openipt.rooms.filling.sent import form_or_404, typed_in
from openipt.rooms.filling.sheet import DO, TOTAL, id_of, show, unknown
from openipt.rooms.filling.signing_in import LastingDoor, ask_to_sign_in, come_back, forget
from openipt.rooms.filling.taking import NO_MARK, total_of
from openipt.rooms.filling.typed import Pairs, Typed, plant
from openipt.rooms.filling.writing import pairs_of
from openipt.rooms.filling.wrong import in_words
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.courses import who
from openipt.rooms.workspace.measuring.adding import adds_up
from openipt.rooms.workspace.measuring.piles import can_be_typed, pile
from openipt.rooms.workspace.measuring.typed import last_typed
from openipt.rooms.workspace.sheets.beside_session import way_back
from openipt.therapy.forms import Form, score

PAGE = "workspace/measuring/paper_sheet.html"
NOTHING = "Nothing is marked yet. Type the answers, or the total that was reported."


@door("questionnaires", "write")
@require_safe
def stack(request: HttpRequest, course_id: str) -> HttpResponse:
    """Show what can be typed, the due ones first, and what was typed just now."""
    find_enrolment(who(request), course_id, "questionnaires", "write", timezone.now())
    one = find_course(request, course_id)
    desk = _desk(request, course_id, None, who(request))
    day = request.GET.get("day", "")[:10]
    page = {
        "here": "caseload",
        "tab": "measures",
        "all": one,
        "pile": pile(one, desk.at.astimezone(desk.here).date(), every="more" in request.GET),
        "typed": last_typed(one, request.GET.get("typed", ""), desk.at, desk.zone),
        "day": day,
        "back": way_back(course_id, one.record, request.GET.get("back")),
        "course_id": course_id,
        "can_write": True,
    }
    return render(request, "workspace/measuring/paper.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, course_id: str, form_id: str) -> HttpResponse:
    """Type one questionnaire: what was answered on paper, when, or only its total."""
    form = form_or_404(form_id)
    if not can_be_typed(form):
        raise Http404("This sheet is no questionnaire with a score.")
    pairs = typed_in(request)
    actor = cast(Actor | None, request.actor)  # type: ignore[attr-defined]
    if actor is None:
        return ask_to_sign_in(request, pairs)
    desk = _desk(request, course_id, form, actor)
    if request.method == "POST":
        return _take(desk, pairs)
    back = come_back(request, actor.id)
    if back is not None:
        return forget(request, _page(desk, back, notice=BACK))
    return _page(desk, _given(desk))


sheet.door = LastingDoor("questionnaires", "write")  # type: ignore[attr-defined]


def _desk(request: HttpRequest, course_id: str, form: Form | None, actor: Actor) -> Desk:
    return Desk(
        request,
        course_id,
        form or form_or_404("phq-9"),
        actor,
        lambda name: find_course(request, name).record,
        lambda entry_id: reverse("entry", args=[course_id, entry_id]),
        back=lambda record: way_back(course_id, record, request.GET.get("back")),
    )


def _given(desk: Desk) -> Pairs:
    """Return what an empty page begins with: the day of the pile, and whom the answers are about."""
    today = desk.at.astimezone(desk.here).date().isoformat()
    pairs = [(DAY, desk.request.GET.get("day", "")[:10] or today)]
    asked = asked_for(desk.request, desk.form, desk.record)
    if asked.replaces is not None and asked.replaces.kind == "answers":
        people = [thing.id for thing in desk.record().people]
        when = asked.replaces.happened_at.astimezone(desk.here).date().isoformat()
        return [(DAY, when), *pairs_of(desk.form, asked.replaces.answers, people)]
    whom = next((item.id for item in desk.form.items if item.kind == "person"), None)
    return [*pairs, (whom, asked.about)] if whom and asked.about else pairs


def _page(desk: Desk, pairs: Pairs, made: UUID | None = None, **more: Any) -> HttpResponse:
    made = made or id_of(pairs)
    sheet = replace(desk.sheet(pairs, made), template=PAGE)
    return show(desk.request, sheet, adds_up=adds_up(desk.form), **more)


def _take(desk: Desk, pairs: Pairs) -> HttpResponse:
    """Store what was typed and go back to the pile; show it again where something cannot be taken."""
    root, strange = plant(pairs)
    found = read(desk.form, root)
    moment, wrong = happened(pairs, desk.at, desk.zone)
    wrong += [*found.wrong, *unknown([*strange, *found.strange])]
    total = dict(pairs).get(DO) == "total" or (bool(dict(pairs).get(TOTAL, "").strip()) and not found.answers)
    sent: dict[str, Any] = {"answers": found.answers, "happened_at": moment, "id": id_of(pairs), "zone": desk.zone}
    if total:
        value, off = total_of(desk.form, dict(pairs).get(TOTAL, ""), found)
        wrong += off
        sent |= {"answers": {}, "kind": "total_only", "total": value}
    elif not found.answers and not wrong:
        wrong.append(Wrong(desk.form.items[0].id, NOTHING))
    if wrong or sent["id"] is None:
        return _back(desk, pairs, found, root, wrong, {} if sent["id"] else {"notice": NO_MARK})
    try:
        saved = save_entry(by=desk.actor, at=desk.at, enrolment=desk.course, form=desk.form.id, **sent, **_about(desk))
    except Invalid as refused:
        return _back(desk, pairs, found, root, in_words(refused.troubles, found, root), {})
    except (SameIdOtherBody, Replaced) as conflict:
        return both(desk, pairs, found, conflict)
    return _on(desk, pairs, saved, only_total=total)


def _about(desk: Desk) -> dict[str, Any]:
    asked = asked_for(desk.request, desk.form, desk.record)
    older = asked.replaces
    kept = {"replaces": UUID(older.id), "visibility": older.visibility} if older else {}
    return {"about": asked.about, **kept}


def _back(desk: Desk, pairs: Pairs, found: Read, root: Typed, wrong: list[Wrong], more: dict[str, Any]) -> HttpResponse:
    every = [*wrong, *in_words(score(desk.form, found.answers).errors, found, root)]
    return _page(desk, pairs, None if id_of(pairs) else uuid7(), status=422, wrong=every, **more)


def _on(desk: Desk, pairs: Pairs, saved: Saved, *, only_total: bool) -> HttpResponse:
    """Lead back to the session it was typed in, else to the pile; what asks for a person is said on the pile first.

    The day goes along where the pile is of another day than this one.
    """
    day = dict(pairs).get(DAY, "").strip()
    today = desk.at.astimezone(desk.here).date().isoformat()
    back = desk.back(desk.record()) if desk.came_from else None
    asks = saved.flags or (saved.result and saved.result.findings) or only_total
    if back is not None and not asks:
        return redirect(f"{back.address}?{urlencode({'told': 'typed', 'typed': str(saved.id)})}#h-questionnaire")
    said = {"typed": str(saved.id)} | ({"day": day} if day and day != today else {})
    said |= {"back": back.session} if back else {}
    return redirect(f"{reverse('paper', args=[desk.course])}?{urlencode(said)}")
