"""One sheet being filled in, as a page: its fields, what is wrong, what is to be known about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openipt.casebook.operations.drafting import may_wait
from openipt.rooms.filling.asked_for import AskedFor, about_in_words, names_of
from openipt.rooms.filling.asking import Page, input_kind
from openipt.rooms.filling.called import client_sees, field_name
from openipt.rooms.filling.face import Face, WayBack
from openipt.rooms.filling.fields import Field
from openipt.rooms.filling.happened import DAY, TIME
from openipt.rooms.filling.laying import fields_of
from openipt.rooms.filling.reading import read
from openipt.rooms.filling.said import Wrong
from openipt.rooms.filling.signing_in import made_for
from openipt.rooms.filling.spoken import heard_in_form
from openipt.rooms.filling.turned import may_turn
from openipt.rooms.filling.typed import Pairs, plant
from openipt.rooms.filling.wrong import UNKNOWN, by_name
from openipt.therapy.forms import Form
from openipt.therapy.record import Record
from openipt.therapy.vocabulary import words_of
from openipt.therapy.words import catalogue

ID, VERSION, DO, TOTAL, SETTLES = "_id", "_version", "_do", "_total", "_settles"
NOTHING_ELSE = AskedFor()
AGAIN = "again"  # what the button says where a page is only to be shown again
PAGE_FIELDS = {DAY: ("answered-day", "When was it answered?"), TOTAL: ("total", "The total")}
PAGE_FIELDS[TIME] = ("answered-time", "When was it answered?")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form, the course it is filled in for, and everything that was typed so far."""

    form: Form
    course: str
    id: UUID  # of the entry it will be: sent twice, it is one entry
    record: Record
    account: str
    at: datetime
    zone: str
    pairs: Pairs = field(default_factory=list)
    asked: AskedFor = NOTHING_ELSE
    template: str = "filling/fill.html"
    face: Face | None = None  # another arrangement of the fields
    turned: bool = False  # to the client: the sheet alone
    back: WayBack | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the list of what cannot be taken: where the link leads, the question, and why."""

    target: str
    asked: str
    words: str


def show(
    request: HttpRequest, sheet: Sheet, *, status: int = 200, wrong: Iterable[Wrong] = (), **more: Any
) -> HttpResponse:
    """Show a sheet with everything as it was typed.

    Args:
        request: The request.
        sheet: The sheet.
        status: Of the answer.
        wrong: What cannot be taken, by the name of its field.
        more: `notice` (a sentence above the sheet), `fresh` (a row that was just added), and what a template names.
    """
    root, strange = plant(sheet.pairs)
    found = read(sheet.form, root)
    named = by_name(wrong)
    fresh = more.pop("fresh", None)
    page = Page(sheet.form, root, found, names_of(sheet.record), named, staff=not sheet.turned, fresh=fresh)
    heard = heard_in_form(sheet.form)
    page = replace(page, sounds=heard.addresses if heard else {})
    fields = fields_of(page)
    said = dict(sheet.pairs)
    face = sheet.face
    context = {
        "here": "caseload",
        "form": sheet.form,
        "called": sheet.form.title if sheet.turned else field_name(sheet.form),
        "client_sees": "" if sheet.turned else client_sees(sheet.form),
        "sheet": sheet,
        "fields": fields,
        "heard_here": heard,
        "client": sheet.record.says("intake").get("alias") or sheet.record.client,
        "about": about_in_words(sheet.record, sheet.asked.about),
        "told": list(_told(fields, named)),
        "strange": [*strange, *found.strange] if named else (),
        "feelings": list(words_of("feelings").values()) if any(_has_feelings(fields)) else (),
        "months": catalogue().months,
        "page_wrong": {name.removeprefix("_"): words for name, words in named.items() if name in PAGE_FIELDS},
        "day": said.get(DAY, ""),
        "day_kind": input_kind("date", said.get(DAY, "")),
        "time_kind": input_kind("time", said.get(TIME, "")),
        "time": said.get(TIME, ""),
        "total": said.get(TOTAL, ""),
        "score": sheet.form.score_named(sheet.form.primary) if sheet.form.primary else None,
        "keys": _keys(sheet.form, fields),
        "may_wait": may_wait(sheet.form),
        "made_for": made_for(sheet.account, request.path),
        "frame": "filling/turned.html" if sheet.turned else "ui/page.html",
        "can_turn": may_turn(sheet.form) and not more.get("stored"),
        "carried": _carried(sheet) if sheet.turned else (),
        **(face.gather(sheet, fields, found) if face else {}),
        **more,
    }
    return render(request, face.template if face else sheet.template, context, status=status)


def _carried(sheet: Sheet) -> Pairs:
    """Return what goes along unseen while a client has the sheet before them."""
    names = sheet.face.carried if sheet.face else ()
    return [(name, text) for name, text in sheet.pairs if name in names]


def moment_in_words(moment: datetime, sheet: Sheet) -> str:
    """Write a moment as it was here: the time, with its day where that is not today."""
    here = moment.astimezone(ZoneInfo(sheet.zone))
    today = sheet.at.astimezone(ZoneInfo(sheet.zone)).date()
    clock = f"{here:%H:%M}"
    return clock if here.date() == today else f"{catalogue().spell(here.date())}, {clock}"


def _told(fields: Sequence[Field], named: Any) -> Iterator[Told]:
    """Return what is wrong in the order of the page; what has no place on it comes last."""
    seen: set[str] = set()
    for one, before in _every(fields, ""):
        here = [name for name in named if name == one.name or (name.startswith(f"{one.name}.") and not _inside(one))]
        seen.update(here)
        for words in one.wrong:
            yield Told(one.first, f"{before}{one.asked}", words)
    for name, words in named.items():
        target, asked = PAGE_FIELDS.get(name, ("", name))
        if name not in seen:
            yield from (Told(target, asked, one) for one in words)


def _inside(one: Field) -> bool:
    return bool(one.fields or any(row.fields for row in one.rows))


def _every(fields: Sequence[Field], before: str) -> Iterator[tuple[Field, str]]:
    for one in fields:
        yield one, before
        yield from _every(one.fields, before)
        for row in one.rows:
            yield from _every(row.fields, f"{before}{one.row_name.capitalize()} {row.number}. ")


def _has_feelings(fields: Sequence[Field]) -> Iterator[bool]:
    return (one.way == "feelings" for one, _ in _every(fields, ""))


def _keys(form: Form, fields: Sequence[Field]) -> str:
    """Say which keys answer a questionnaire; empty where its answers are no single digits."""
    asked = (one for field in fields for one in (field.fields or (field,))) if form.kind == "questionnaire" else ()
    first = next((one for one in asked if one.way == "choose"), None)
    digits = [option.value for option in first.options if len(option.value) == 1] if first else []
    whole = first is not None and len(digits) == len(first.options) and all(one.isdigit() for one in digits)
    return f"{min(digits)} to {max(digits)}" if whole else ""


def id_of(pairs: Pairs, field_name: str = ID) -> UUID | None:
    """Return an id that a page carries, its entry's if not said otherwise; None where there is none."""
    text = dict(pairs).get(field_name, "")
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def unknown(strange: Pairs) -> list[Wrong]:
    """Say which fields the sheet does not ask."""
    return [Wrong(name, UNKNOWN) for name in dict.fromkeys(name for name, _ in strange)]
