"""Doors to what keeps the client well: what went well, early signs, own plan, letter; and a page for bad days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from openipt.casebook.queries.own import Own
from openipt.rooms.filling.typed import Pairs
from openipt.rooms.filling.wrong import by_name
from openipt.rooms.portal.hall.doors import own_door, page
from openipt.rooms.portal.hall.noting import fields_by_name, save
from openipt.rooms.portal.hall.taking import Sheet, answered, marks, show
from openipt.rooms.portal.questions.asking import key_of
from openipt.rooms.portal.worksheets.desk import page_words
from openipt.rooms.portal.worksheets.walking import ONLY_ME, PRIVATE
from openipt.therapy.forms import open_form
from openipt.therapy.forms.layout import lay_out
from openipt.therapy.words import catalogue

WELL, PLAN, SIGNS, REMINDERS, CARE, LETTER, AGAIN_SEEN = (
    "went-well",
    "relapse-plan",
    "overwhelm-signs",
    "reminder-plan",
    "self-care",
    "gains-letter",
    "check-in",
)
CALM = "calm-practice"
SHEET = Sheet(WELL, "well/well", tab="mine")
SEEN_AGAIN = Sheet(AGAIN_SEEN, "well/again", tab="mine")
ASKED = ("text", "person", "helped")
EMPTY = "Write one thing that went well. One line is enough."
NOTHING = "Write a few words. One is enough."
MOST = 6  # lines of each kind on the page for bad days: more is not read on one
TOLD = {"kept": "Kept. At the end they stand together.", "again": "This was kept before. It is there once."}
TOLD["sent"] = "Sent. Thank you. Your clinic reads it on its next working day."
GOOD = 5  # from here on something does good, on a scale of ten


@dataclass(frozen=True, slots=True)
class Gain:
    """One thing that went well."""

    on: str
    text: str
    helped: str
    private: bool


@own_door("goals_homework", "write")
def well(request: HttpRequest, own: Own) -> HttpResponse:
    """Show what keeps the client well, and take in one thing that went well."""
    said = answered(request, own, SHEET, partial(_show, request, own), ASKED, {"text": EMPTY})
    if isinstance(said, HttpResponse):
        return said
    private = PRIVATE if dict(said.typed).get(ONLY_ME) else None
    saved = save(request, own, WELL, said.answers, said.made, visibility=private)
    if isinstance(saved, HttpResponse):
        return saved
    return redirect(f"{reverse('portal-well')}?told={'kept' if saved.made else 'again'}")


def _show(
    request: HttpRequest, own: Own, typed: Pairs | None = None, *, status: int = 200, wrong: Any = (), notice: str = ""
) -> HttpResponse:
    named = by_name(wrong)
    return page(
        request,
        own,
        "well/well",
        status=status,
        tab="mine",
        field=fields_by_name(own, WELL, typed or [], named),
        only_me=dict(typed or []).get(ONLY_ME),
        gains=list(_gains(own)) if own.reads else (),
        signs=_signs(own) if own.reads else (),
        plan=_laid(own, PLAN) if own.reads else (),
        letter=_letter(own) if own.reads else "",
        key_plan=key_of(PLAN),
        key_signs=key_of(SIGNS),
        wrong=named,
        told=TOLD.get(request.GET.get("told", "")),
        **marks(request, own, SHEET, typed or [], notice),
        **page_words(),
    )


def _gains(own: Own) -> Iterator[Gain]:
    for one in reversed(own.record.of(WELL)):
        said = one.answers
        day = catalogue().spell(one.happened_at.date())
        yield Gain(day, str(said.get("text") or ""), str(said.get("helped") or ""), one.visibility == PRIVATE)


def _signs(own: Own) -> list[str]:
    """Return the client's own early signs, from the card and from the plan, each once."""
    rows = [*(own.record.says(SIGNS).get("signs") or ()), *(own.record.says(PLAN).get("my_early_signs") or ())]
    return list(dict.fromkeys(str(row["text"]) for row in rows if row.get("text")))


def _laid(own: Own, form: str) -> list[Any]:
    entry = own.record.newest(form)
    return lay_out(open_form(form, entry.version), entry.answers, False, own.names) if entry else []


def _letter(own: Own) -> str:
    """Return the letter at the end, once the therapist has given it to the client's phone."""
    return str(own.record.says(LETTER).get("text") or "")


@dataclass(frozen=True, slots=True)
class Help:
    """What helps, under a heading."""

    title: str
    lines: tuple[str, ...]


@own_door("goals_homework", "read")
def bad_day(request: HttpRequest, own: Own) -> HttpResponse:
    """Show what helps the client, in the client's own words, on a bad day; and the way to people."""
    found = [one for one in _helps(own) if one.lines] if own.reads else []
    return page(
        request, own, "well/bad_day", tab="today", helps=found, key_care=key_of(CARE), key_calm=key_of("calm-practice")
    )


def _helps(own: Own) -> Iterator[Help]:
    signs, plan, care = (own.record.says(form) for form in (SIGNS, PLAN, CARE))
    reminders = own.record.says(REMINDERS).get("plans") or ()
    steady = [
        *_texts(signs.get("helps")),
        *(str(row["steadying_act"]) for row in reminders if row.get("steadying_act")),
    ]
    yield Help("What steadies me", _few(steady))
    yield Help("Who can help", _few([*_people(own, signs.get("people_can")), *_people(own, plan.get("people_plan"))]))
    yield Help("What has worked before", _few([*_texts(plan.get("what_worked")), *_worked(own)]))
    good = [row for row in care.get("things") or () if (row.get("does_good") or GOOD) >= GOOD]
    yield Help("What does me good", _few(_texts(good)))
    yield Help("What I would say to a friend", _few([str(care.get("kind_words") or "")]))


def _texts(rows: Any) -> list[str]:
    return [str(row["text"]) for row in rows or () if row.get("text")]


def _worked(own: Own) -> list[str]:
    return [str(one.answers["helped"]) for one in reversed(own.record.of(WELL)) if one.answers.get("helped")]


def _people(own: Own, rows: Any) -> Iterator[str]:
    for row in rows or ():
        who = own.names.get(str(row.get("person")), str(row.get("person") or ""))
        if who:
            yield f"{who}: {row['does']}" if row.get("does") else who


def _few(lines: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for line in lines if line))[:MOST]


@own_door("goals_homework", "write")
def again(request: HttpRequest, own: Own) -> HttpResponse:
    """Take in how it is after the ending: at one, three, six and twelve months, or whenever the client likes."""
    sheet = replace(SEEN_AGAIN, more={"signs": _signs(own) if own.reads else ()})
    said = answered(request, own, sheet, partial(show, request, own, sheet), ("note",), {"note": NOTHING})
    if isinstance(said, HttpResponse):
        return said
    given = {"date": own.today.isoformat(), **said.answers, **_months(own)}
    saved = save(request, own, AGAIN_SEEN, given, said.made)
    return saved if isinstance(saved, HttpResponse) else redirect(f"{reverse('portal-well')}?told=sent")


def _months(own: Own) -> dict[str, int]:
    ended = own.record.ended_on
    if ended is None or ended > own.today:
        return {}
    return {"months": max(0, (own.today.year - ended.year) * 12 + own.today.month - ended.month)}


def asked_again(own: Own) -> bool:
    """Whether it is one, three, six or twelve months since the ending, and nothing came since.

    Args:
        own: Whose course.
    """
    months = _months(own).get("months", 0)
    reached = [n for n in (1, 3, 6, 12) if n <= months]
    told = [one.answers.get("months") or 0 for one in own.record.of(AGAIN_SEEN)]
    return bool(reached) and max(told, default=-1) < reached[-1]
