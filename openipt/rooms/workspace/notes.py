"""Doors to the note of a session: drafted from the record, edited, signed, added to, copied as plain text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from openipt.casebook.operations.notes import add_to_note, sign_note
from openipt.casebook.operations.saving import Invalid, SameIdOtherBody
from openipt.casebook.queries.notes import NOTE, Signed, signed
from openipt.casebook.queries.visible import NotVisible
from openipt.policy import door
from openipt.rooms.filling.asked_for import may_write
from openipt.rooms.workspace.after import address_of
from openipt.rooms.workspace.courses import Course, who
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.meeting import Meeting, meeting
from openipt.rooms.workspace.said import Said
from openipt.therapy.forms import open_form
from openipt.therapy.words import catalogue
from openipt.therapy.words import render as put
from openipt.therapy.writing import Note
from openipt.therapy.writing import note as drafted

EMPTY = "There is nothing to sign yet. Write what happened, in a sentence or two."
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


@door("session_records", "write")
@require_POST
def sign(request: HttpRequest, course_id: str, session_id: str) -> HttpResponse:
    """Sign the note: from now on it is added to and never changed."""
    now, said = timezone.now(), Said.of(request)
    one, met = _opened(request, course_id, session_id)
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
    return redirect("note", course_id, session_id)


@door("session_records", "write")
@require_POST
def add(request: HttpRequest, course_id: str, session_id: str) -> HttpResponse:
    """Add to a signed note."""
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
    return redirect("note", course_id, session_id)


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


def _page(
    request: HttpRequest, one: Course, met: Meeting, said: Said | None = None, status: int = 200, notice: str = ""
) -> HttpResponse:
    stands = signed(one.record, met.session)
    made = _drafted(one, met, request)
    typed = said or Said()
    page = {
        "here": "caseload",
        "tab": "session",
        "all": one,
        "meeting": met,
        "back": address_of(met, one.id),
        "signed": stands,
        "plain": plain_note(met, stands) if stands else "",
        "draft": typed.typed.get("text") or plain_draft(made),
        "not_recorded": made.not_recorded,
        "people": request.GET.get("people", ""),
        "words": request.GET.get("words", ""),
        "may_write": may_write(who(request), one.id, open_form(NOTE), timezone.now()),
        "typed": typed.typed,
        "made_id": str(typed.id()),
        "wrong": typed.wrong,
        "notice": notice,
    }
    return render(request, "workspace/note.html", page, status=status)
