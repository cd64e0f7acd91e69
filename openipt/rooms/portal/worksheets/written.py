"""Doors to the client's shelf of worksheets, to what became of one that was sent, and to what was written."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4, uuid5

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from openipt.casebook.operations.saving import Invalid, Replaced, SameIdOtherBody, save_entry
from openipt.casebook.queries.own import Own, begun_sheets
from openipt.rooms.filling.talk import SHOWN, script_of, talk_of
from openipt.rooms.portal.hall.doors import own_door, page
from openipt.rooms.portal.questions.asking import key_of
from openipt.rooms.portal.worksheets.shelf import TALK, keys, shelf
from openipt.rooms.portal.worksheets.walking import PRIVATE
from openipt.therapy.forms import open_form
from openipt.therapy.forms.layout import lay_out
from openipt.therapy.record import Entry
from openipt.therapy.words import catalogue

SCRIPT = "role-play"
SHOWN_SHEETS = 12


@own_door("goals_homework", "read")
def sheets(request: HttpRequest, own: Own) -> HttpResponse:
    """Show the client's sheets: begun, for now, written, and all that can be opened."""
    laid = shelf(own, [one.form for one in begun_sheets(own)])
    return page(request, own, "walk/sheets", tab="mine", written=_written(own) if own.reads else (), **laid)


def _written(own: Own) -> list[tuple[str, str, str, bool]]:
    """Return what was written last: id, title, day, whether only the client sees it."""
    known = set(keys().values())
    replaced = {one.replaces for one in own.record.entries if one.replaces and not one.retracted_at}
    standing = [one for one in own.record.entries if one.form in known and one.id not in replaced]
    told = [one for one in standing if one.kind == "answers" and one.retracted_at is None]
    newest = sorted(told, key=lambda one: one.happened_at, reverse=True)[:SHOWN_SHEETS]
    return [(one.id, open_form(one.form).title, _day(one), one.visibility == PRIVATE) for one in newest]


def _day(entry: Entry) -> str:
    return catalogue().spell(entry.happened_at.date())


def sheet_or_404(own: Own, entry_id: str) -> Entry:
    """Return a worksheet of the client's own course; nothing where it may not be read on this phone."""
    found = next((one for one in own.record.entries if one.id == entry_id), None)
    known = set(keys().values())
    if found is None or found.form not in known or found.kind != "answers" or found.retracted_at:
        raise Http404
    return found


@own_door("goals_homework", "read")
def written(request: HttpRequest, own: Own, entry_id: str) -> HttpResponse:
    """Show a sheet as it was written."""
    if not own.reads:
        raise Http404
    entry = sheet_or_404(own, entry_id)
    form = open_form(entry.form, entry.version)
    talk = talk_of(form, entry.answers, own.names)
    items = lay_out(form, entry.answers, False, own.names)
    stands = not any(one.replaces == entry.id and not one.retracted_at for one in own.record.entries)
    return page(
        request,
        own,
        "walk/written",
        tab="mine",
        form=form,
        entry_id=entry.id,
        day=_day(entry),
        private=entry.visibility == PRIVATE,
        talk=talk,
        items=[one for one in items if not talk or one.id not in SHOWN],
        script=stands and can_be_played(own, entry),
        key=key_of(entry.form) if stands else "",
        made_id=uuid4(),
    )


@own_door("goals_homework", "read")
def kept(request: HttpRequest, own: Own, entry_id: str) -> HttpResponse:
    """Say what became of a sheet, and what can be made of it."""
    entry = sheet_or_404(own, entry_id)
    return page(
        request,
        own,
        "walk/kept",
        tab="mine",
        entry_id=entry.id,
        private=entry.visibility == PRIVATE,
        script=can_be_played(own, entry),
        hints=[one.say for one in own.record.result(entry).hints if one.level == "warn" and own.reads],
    )


def can_be_played(own: Own, entry: Entry) -> bool:
    """Whether the new lines of a talk are there to try out, and were not taken yet."""
    if entry.form != TALK or not any(row.get("said") for row in entry.answers.get("rewrite") or ()):
        return False
    return not own.record.of(SCRIPT, entry.id)


@own_door("goals_homework", "write")
def script(request: HttpRequest, own: Own, entry_id: str) -> HttpResponse:
    """Make the new lines of a talk the words to try out with the therapist. Pressed twice, it is one script."""
    entry = sheet_or_404(own, entry_id)
    if request.method != "POST":
        return redirect("portal-kept", entry.id)
    made = uuid5(UUID(entry.id), "script")
    if can_be_played(own, entry):
        how: dict[str, Any] = {"by": own.actor, "at": own.at, "enrolment": own.label, "zone": str(own.zone)}
        how |= {"visibility": PRIVATE} if entry.visibility == PRIVATE else {}
        try:
            save_entry(form=SCRIPT, answers=script_of(own.known, entry), about=entry.id, id=made, **how)
        except (Invalid, SameIdOtherBody, Replaced):  # the talk stands as it is; its script was made before
            return redirect("portal-kept", entry.id)
    return redirect("portal-kept", made)
