"""Doors to the note of a session: drafted from the record, edited, signed, added to, copied as plain text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openipt.casebook.operations.drafting import drop_drafts, open_drafts
from openipt.casebook.operations.notes import add_to_note, sign_note
from openipt.casebook.operations.saving import Invalid, SameIdOtherBody
from openipt.casebook.queries.notes import NOTE, Signed, signed
from openipt.casebook.queries.visible import NotVisible
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import door
from openipt.rooms.filling.asked_for import may_write, zone_of
from openipt.rooms.filling.drafts import keep
from openipt.rooms.filling.fill import BACK
from openipt.rooms.filling.sent import typed_in
from openipt.rooms.filling.sheet import id_of
from openipt.rooms.filling.signing_in import come_back, forget, made_for
from openipt.rooms.workspace.courses import Course, who
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.deciding.opening import lasting
from openipt.rooms.workspace.said import ID, Said
from openipt.rooms.workspace.sessions.after import address_of
from openipt.rooms.workspace.sessions.meeting import Meeting, meeting
from openipt.rooms.workspace.sessions.note_changes import changes, nearest, rows_of
from openipt.therapy.course import derived_flags, points_fallen
from openipt.therapy.forms import open_form
from openipt.therapy.words import catalogue
from openipt.therapy.words import render as put
from openipt.therapy.writing import Note
from openipt.therapy.writing import note as drafted
from openipt.therapy.writing.naming import UNNAMED, told
from openipt.therapy.writing.note import differs

EMPTY = "There is nothing to sign yet. Write what happened, in a sentence or two."
DRAFTS = {"people": "?people=1", "words": "?words=1", "people+words": "?people=1&words=1"}
SIGNED_ALREADY = (
    "This note was signed meanwhile with other words; they stand above and are not changed. "
    "What you wrote is below: add it, or leave it."
)


@door("session_records", "read")
@require_safe
def note(request: HttpRequest, course_id: str, session_id: str) -> HttpResponse:
    """Show the note: as it was signed, or drafted and ready to be edited."""
    one, met = _opened(request, course_id, session_id)
    return _page(request, one, met)


@lasting("session_records", "write")
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, course_id: str, session_id: str) -> HttpResponse:
    """Sign the note: from now on it is added to and never changed."""
    if request.method != "POST":
        return _come_back(request, course_id, session_id)
    now, said = timezone.now(), Said.of(request)
    one, met = _opened(request, course_id, session_id)
    then = said.typed.pop("_then", "")
    if then:
        return _keep_first(request, course_id, session_id, said, then)
    text = said.text("text", EMPTY)
    if said.wrong:
        return _page(request, one, met, said, status=422)
    try:
        sign_note(by=who(request), at=now, enrolment=course_id, session=session_id, text=text)
    except Invalid:
        said.wrong["text"] = "This text cannot be kept as it stands."
        return _page(request, one, met, said, status=422)
    except SameIdOtherBody:
        said.typed["addendum"] = text
        one, met = _opened(request, course_id, session_id)
        return _page(request, one, met, said, status=409, notice=SIGNED_ALREADY)
    _settle(request, course_id, session_id)
    return redirect("note", course_id, session_id)


def _keep_first(request: HttpRequest, course_id: str, session_id: str, said: Said, then: str) -> HttpResponse:
    """Keep what is typed as it stands, then show the note again: with another draft beside it where one was asked for.

    A text that nobody changed is not kept: the new draft takes its place.
    """
    text = said.typed.get("text", "")
    if _mark_of(text) == said.typed.get("_drafted"):
        _settle(request, course_id, session_id)
    else:
        pairs = [(name, words) for name, words in said.typed.items() if name != "_drafted"]
        keep(who(request), course_id, open_form(NOTE), said.id(), pairs, session_id, None, timezone.now())
    return redirect(f"{reverse('note', args=[course_id, session_id])}{DRAFTS.get(then, '')}")


def _mark_of(text: str) -> str:
    """Return a mark of a drafted text, by which the page knows whether anybody changed it."""
    return hashlib.sha256("\n".join(text.split()).encode("utf-8", "replace")).hexdigest()


@lasting("session_records", "write")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, course_id: str, session_id: str) -> HttpResponse:
    """Add to a signed note."""
    if request.method != "POST":
        return _come_back(request, course_id, session_id)
    now, said = timezone.now(), Said.of(request)
    one, met = _opened(request, course_id, session_id)
    stands = signed(one.record, met.session)
    if stands is None:
        return redirect("note", course_id, session_id)
    text = said.text("addendum", "Write what is to be added.")
    if said.wrong:
        return _page(request, one, met, said, status=422)
    made = said.id()
    try:
        add_to_note(
            by=who(request),
            at=now,
            enrolment=course_id,
            session=session_id,
            text=text,
            note=stands.note.id,
            id=made,
        )
    except (Invalid, SameIdOtherBody):
        said.wrong["addendum"] = (
            "Something else was written with the mark of this page. Nothing is lost: save once more."
        )
        said.typed.pop("_id", None)
        return _page(request, one, met, said, status=409)
    _settle(request, course_id, session_id)
    return redirect("note", course_id, session_id)


def _come_back(request: HttpRequest, course_id: str, session_id: str) -> HttpResponse:
    """Show the note with what was typed before the sign-in ran out; else as it stands."""
    find_enrolment(who(request), course_id, "session_records", "write", timezone.now())
    typed = come_back(request, who(request).id)
    if typed is None:
        return redirect("note", course_id, session_id)
    one, met = _opened(request, course_id, session_id)
    return forget(request, _page(request, one, met, Said(dict(typed)), notice=BACK))


@door("session_records", "write")
@require_POST
def draft(request: HttpRequest, course_id: str, session_id: str) -> HttpResponse:
    """Keep what is typed on the note as its author's draft; answer when."""
    now, actor, pairs = timezone.now(), who(request), typed_in(request)
    made = id_of(pairs)
    if made is None:
        return JsonResponse({"say": "Not kept: this page has lost its mark. Your text is still here."}, status=400)
    kept = keep(actor, course_id, open_form(NOTE), made, pairs, session_id, None, now)
    here = now.astimezone(ZoneInfo(zone_of(actor.organisation)))
    return JsonResponse({"kept": f"{here:%H:%M}", "handed_in": not kept})


@door("session_records", "write")
@require_POST
def drop(request: HttpRequest, course_id: str, session_id: str) -> HttpResponse:
    """Throw away what was kept of a note, and draft it from the record anew."""
    typed = typed_in(request)
    made, drafting = id_of(typed), dict(typed).get("_drafting", "")
    drop_drafts(who(request), [made] if made else [])
    return redirect(f"{reverse('note', args=[course_id, session_id])}{DRAFTS.get(drafting, '')}")


@door("session_records", "read")
@require_safe
def plain(request: HttpRequest, course_id: str, session_id: str) -> HttpResponse:
    """Give the note as plain text, so that nothing is typed twice into another record."""
    one, met = _opened(request, course_id, session_id)
    stands = signed(one.record, met.session)
    text = plain_note(met, stands) if stands else f"DRAFT, NOT SIGNED\n\n{plain_draft(_drafted(one, met, request))}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def plain_note(met: Meeting, stands: Signed) -> str:
    """Write a signed note with what was added to it as plain text."""
    parts = [f"{_title(met)}\n\n{stands.note.answers.get('text', '')}\n\n{_signature('Signed', stands.note)}"]
    parts += [f"{one.answers.get('text', '')}\n\n{_signature('Added', one)}" for one in stands.addenda]
    return "\n\n---\n\n".join(parts) + "\n"


def plain_draft(made: Note) -> str:
    """Write a drafted note as plain text: a line for each part."""
    return "\n\n".join(_lines(made))


def _lines(made: Note) -> Iterator[str]:
    for part in made.parts:
        yield f"{put(part.heading)}. " + " ".join(put(line) for line in part.lines)


def _title(met: Meeting) -> str:
    number = f"Session {met.session.number}" if met.session.number else "Contact"
    return f"{number}, {catalogue().spell(met.session.day)}"


def _signature(word: str, entry: Any) -> str:
    by = f" by {entry.by}" if entry.by else ""
    return f"{word}{by}, {catalogue().spell(entry.recorded_at.date())}, {entry.recorded_at:%H:%M}."


def _opened(request: HttpRequest, course_id: str, session_id: str) -> tuple[Course, Meeting]:
    one = find_course(request, course_id)
    met = meeting(one, session_id=session_id)
    if met is None or not one.named:  # a code in place of the name: a note is somebody's words
        raise NotVisible(session_id)
    return one, met


def _drafted(one: Course, met: Meeting, request: HttpRequest) -> Note:
    """Draft the note; people and the client's words enter where somebody asked for them."""
    asked = request.GET if request.method == "GET" else {}
    return drafted(
        one.manual, met.course.record, met.session, people=bool(asked.get("people")), words=bool(asked.get("words"))
    )


def _to_read(one: Course, met: Meeting, draft: str) -> str:
    """Return the draft with names and the client's words, to be read only; empty where it would say nothing more."""
    whole = plain_draft(drafted(one.manual, met.course.record, met.session, people=True, words=True))
    return "" if whole == draft else whole


def _without_link(met: Meeting, shown: str, words: bool) -> bool:
    """Whether the sentence on mood and event is recorded and left out of the note that is shown."""
    said = met.sheet.get("mood_event_link")
    if not said or words:
        return False
    return not any(told(met.course.record, said, people) in shown for people in (False, True))


def _every_draft(one: Course, met: Meeting, first: str) -> Iterator[str]:
    """Yield the draft that is asked for, and those with more or less in them: a text may come from any."""
    yield first
    for people, words in product((False, True), repeat=2):
        yield plain_draft(drafted(one.manual, met.course.record, met.session, people=people, words=words))


def _page(
    request: HttpRequest, one: Course, met: Meeting, said: Said | None = None, status: int = 200, notice: str = ""
) -> HttpResponse:
    stands = signed(one.record, met.session)
    made = _drafted(one, met, request)
    now, actor = timezone.now(), who(request)
    may = may_write(actor, one.id, open_form(NOTE), now)
    begun, kept_at = _begun(request, one, met, now) if may and said is None else (None, None)
    typed = said or begun or Said()
    draft, text = plain_draft(made), typed.typed.get("text")
    drafting = _drafting(request)
    made_from = nearest(_every_draft(one, met, draft), text) if text else draft
    page = {
        "here": "caseload",
        "tab": "session",
        "all": one,
        "meeting": met,
        "back": address_of(met, one.id),
        "signed": stands,
        "undecided": [due for due in points_fallen(one.manual, one.record, now.date()) if due.recorded is None],
        "plain": plain_note(met, stands) if stands else "",
        "draft": text or draft,
        "made_from": made_from,
        "changes": changes(made_from, text) if text else (),
        "rows": rows_of(text or draft),
        "unnamed": draft.count(UNNAMED),
        "to_read": _to_read(one, met, draft) if not stands else "",
        # Another draft never takes the place of what somebody wrote: it stands beside it, until they choose it.
        "redraft": draft if text and drafting and text.split() != draft.split() else "",
        "drafting": drafting,
        "drafted": "" if text else _mark_of(draft),
        "without_link": _without_link(met, f"{made_from}\n{text or ''}", bool(request.GET.get("words"))),
        "not_recorded": made.not_recorded,
        "alone": made.alone,
        "differs": tuple(differs(one.manual, met.course.record, met.session)),
        "open_flags": [
            flag for flag in derived_flags(one.manual, one.record, met.session.day) if flag.handled and flag.is_open
        ],
        "people": request.GET.get("people", ""),
        "words": request.GET.get("words", ""),
        "may_write": may,
        "for_sign": made_for(actor.id, reverse("sign-note", args=[one.id, met.session.id])),
        "for_add": made_for(actor.id, reverse("add-to-note", args=[one.id, met.session.id])),
        "kept_at": kept_at,
        "zone": zone_of(actor.organisation),
        "typed": typed.typed,
        "made_id": str(typed.id()),
        "wrong": typed.wrong,
        "notice": notice,
    }
    return render(request, "workspace/note.html", page, status=status)


def _drafting(request: HttpRequest) -> str:
    """Return which draft the address asks for."""
    asked = (name for name in ("people", "words") if request.method == "GET" and request.GET.get(name))
    return "+".join(asked)


def _begun(request: HttpRequest, one: Course, met: Meeting, now: datetime) -> tuple[Said | None, datetime | None]:
    """Return what its author typed here before and did not hand in, and when it was kept."""
    drafts = open_drafts(by=who(request), at=now, enrolment=one.id, form=NOTE, about=met.session.id)
    if not drafts:
        return None, None
    return Said({**dict(drafts[0].body["pairs"]), ID: str(drafts[0].id)}), drafts[0].saved_at


def _settle(request: HttpRequest, course_id: str, session_id: str) -> None:
    """Throw away what its author kept of a note on the way: it stands in the record now."""
    mine = open_drafts(by=who(request), at=timezone.now(), enrolment=course_id, form=NOTE, about=session_id)
    drop_drafts(who(request), [one.id for one in mine])
