"""The same sheet came in twice with different answers: both are kept, and shown side by side (RULINGS 15)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from uuid_utils.compat import uuid7

from openipt.casebook.models import Entry
from openipt.casebook.operations.saving import Replaced, SameIdOtherBody
from openipt.rooms.filling.asked_for import AskedFor, names_of
from openipt.rooms.filling.said import Read
from openipt.rooms.filling.sheet import show
from openipt.rooms.filling.typed import Pairs
from openipt.therapy.forms import Form
from openipt.therapy.forms.items import GroupItem, NoteItem
from openipt.therapy.forms.layout import spoken
from openipt.therapy.record import Entry as EntryRead

if TYPE_CHECKING:
    from openipt.rooms.filling.fill import Desk

MARKED = "Another sheet has the mark of this page. What you typed stands below with a mark of its own; save it again."


@dataclass(frozen=True, slots=True)
class Difference:
    """One question with both answers, in words; blank where there is none."""

    asked: str
    first: str
    now: str


def both(desk: Desk, pairs: Pairs, found: Read, conflict: SameIdOtherBody | Replaced) -> HttpResponse:
    """Say that another version stands in the record, and offer to make this one its newer version.

    A text that says something about danger stands in the record as well, with its flag: then nothing is left to do.
    """
    sheet = desk.sheet(pairs, uuid7())
    known = next((one for one in desk.record().entries if one.id == str(conflict.entry)), None)
    if known is None or known.form != desk.form.id:
        return show(desk.request, sheet, status=409, notice=MARKED, settles=conflict.draft)
    gone = known.retracted_at is not None
    alone = Entry.objects.filter(id=conflict.draft).exists()
    asked = AskedFor(sheet.asked.about or known.about, None if gone else known)
    return show(
        desk.request,
        replace(sheet, asked=asked),
        status=409,
        stored=known,
        stored_at=desk.done(known.id),
        gone_meanwhile=gone,
        faster=isinstance(conflict, Replaced),
        alone_at=desk.done(str(conflict.draft)) if alone else "",
        differences=list(differences(desk.form, known.answers, found.answers, names_of(sheet.record))),
        settles=conflict.draft,
        action=_next(asked, known, gone),
    )


def _next(asked: AskedFor, known: EntryRead, gone: bool) -> str:
    """Return where the sheet goes from here: in place of what stands, or by itself where that was taken back."""
    if not gone:
        return f"?replaces={known.id}"
    return f"?about={asked.about}" if asked.about else "?fresh"


def differences(form: Form, first: Any, now: Any, names: dict[str, str]) -> Iterator[Difference]:
    """Yield the questions that were answered differently, in the order they are asked."""
    for item in form.items:
        one, other = (said.get(item.id) for said in (first, now))
        if one != other and not isinstance(item, NoteItem):
            asked = item.label or item.topic or item.id
            yield Difference(asked, *(_words(form, item, value, names) for value in (one, other)))


def _words(form: Form, item: Any, value: Any, names: dict[str, str]) -> str:
    if isinstance(item, GroupItem):
        return f"{len(value)} written down" if isinstance(value, list) else "written down" if value else ""
    try:
        return spoken(form, item, value, names)
    except (TypeError, ValueError, KeyError):  # what was typed now has not been checked yet
        return str(value)
