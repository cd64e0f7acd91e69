"""Doors to the client's own timeline: what happened, beside how it felt, and one more thing that happened."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from openipt.casebook.queries.manuals import manual_of
from openipt.casebook.queries.own import Own
from openipt.casebook.queries.own_scores import shows_scores
from openipt.exchange.drawing import draw_record
from openipt.rooms.filling.things import begun
from openipt.rooms.filling.typed import Pairs
from openipt.rooms.filling.wrong import by_name
from openipt.rooms.portal.hall.doors import own_door, page
from openipt.rooms.portal.hall.noting import fields_by_name, save
from openipt.rooms.portal.hall.taking import Sheet, answered, marks
from openipt.rooms.portal.worksheets.desk import page_words
from openipt.rooms.portal.worksheets.walking import ONLY_ME, PRIVATE
from openipt.therapy.course import outcome_form
from openipt.therapy.forms import open_form
from openipt.therapy.words import catalogue

FORM = "timeline"
SHEET = Sheet(FORM, "life/life", tab="mine")
ASKED = ("text", "date", "valence", "people", "type")
WIDTH = 350.0
NOTHING = "Write what happened, in a few words."
NO_DAY = "When was it? A year is enough."
TOLD = {"kept": "It is on your line now.", "again": "This was kept before. It is there once."}


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened."""

    when: str
    text: str
    private: bool


@own_door("goals_homework", "write")
def life(request: HttpRequest, own: Own) -> HttpResponse:
    """Show what happened, and take in one thing more."""
    needed = {"text": NOTHING, "date": NO_DAY}
    said = answered(request, own, SHEET, partial(_show, request, own), ASKED, needed)
    if isinstance(said, HttpResponse):
        return said
    answers = {"mark": "event", **said.answers}
    private = PRIVATE if dict(said.typed).get(ONLY_ME) else None
    about = begun(own.actor, own.at, own.label, open_form(FORM), answers, said.made)
    saved = save(request, own, FORM, answers, said.made, about=about, visibility=private)
    if isinstance(saved, HttpResponse):
        return saved
    return redirect(f"{reverse('portal-life')}?told={'kept' if saved.made else 'again'}")


def _show(
    request: HttpRequest, own: Own, typed: Pairs | None = None, *, status: int = 200, wrong: Any = (), notice: str = ""
) -> HttpResponse:
    named = by_name(wrong)
    fields = fields_by_name(own, FORM, [*(typed or []), ("mark", "event")], named)
    return page(
        request,
        own,
        "life/life",
        status=status,
        tab="mine",
        fields=[fields[name] for name in ASKED[:3]],
        more=[fields[name] for name in ASKED[3:]],
        only_me=dict(typed or []).get(ONLY_ME),
        happened=list(_happened(own)) if own.reads else (),
        picture=_picture(own) if own.reads else None,
        wrong=named,
        told=TOLD.get(request.GET.get("told", "")),
        **marks(request, own, SHEET, typed or [], notice),
        **page_words(),
    )


def _happened(own: Own) -> list[Happened]:
    marks = [one for one in own.record.of(FORM) if one.answers.get("mark") == "event" and one.answers.get("date")]
    newest = sorted(marks, key=lambda one: str(one.answers["date"]), reverse=True)
    return [
        Happened(_spelled(str(one.answers["date"])), str(one.answers.get("text") or ""), one.visibility == PRIVATE)
        for one in newest
    ]


def _spelled(day: str) -> str:
    """Write a day, a month or a year as far as it is known."""
    parts = day.split("-")
    if len(parts) == 1:
        return day
    words = f"{catalogue().months[int(parts[1]) - 1]} {parts[0]}"
    return f"{int(parts[2])} {words}" if len(parts) == 3 else words


def _picture(own: Own) -> Any:
    form = outcome_form(manual_of(own.known), own.record)
    title = f"What happened, and how it was, up to {catalogue().spell(own.today)}"
    scored = shows_scores(own.enrolment.organisation.promise)
    return draw_record(own.record, form, title, [], width=WIDTH, id_prefix="life", scored=scored)
