"""Doors to the people of the client's life: the circle, everybody in a list, somebody new in two taps, their ties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from openipt.casebook.operations.drafting import may_wait
from openipt.casebook.operations.people import add_person
from openipt.casebook.operations.saving import Invalid
from openipt.casebook.queries.own import Own
from openipt.rooms.filling.rings import ring_words
from openipt.rooms.filling.sent import typed_in
from openipt.rooms.filling.sheet import id_of
from openipt.rooms.filling.signing_in import come_back, forget, made_for
from openipt.rooms.portal.hall.doors import own_door, page
from openipt.rooms.portal.hall.noting import TOO_LONG, how, note, save
from openipt.rooms.portal.hall.taking import BACK, DROP, LEFT, THROWN, Sheet, before_sending, left_before, sent_id
from openipt.rooms.portal.life.circle import draw, places_of
from openipt.therapy.record import gone
from openipt.therapy.vocabulary import label, words_of
from openipt.therapy.words import catalogue

TIES = "ties"
NEW = Sheet("interpersonal-inventory", "people/people", tab="mine")  # somebody new: about nobody yet
LONGEST = 60
NO_NAME = "Write what you call them. A first name or a letter is enough."
TWO_ENDS = "A line needs two people. Choose both ends."
TOLD = {
    "added": "They are on your page now.",
    "again": "This was kept before. It is there once.",
    "placed": "Moved. The place before is kept, too.",
    "tied": "The line is drawn.",
    "untied": "The line is gone from your page. It is kept in what was before.",
    "said": "Kept. Thank you.",
}
SAID = {"close": "close", "cut_off": "cut off", "messenger": "carries messages to", "sides_with": "sides with"}
SAID["family_line"] = "family line"


@dataclass(frozen=True, slots=True)
class Shown:
    """One person in the list."""

    id: str
    name: str
    place: str
    wish: str
    ring: int = 9


@own_door("inventory", "read")
def people(request: HttpRequest, own: Own) -> HttpResponse:
    """Show the people of the client's life, with the name of somebody new as it was left."""
    left = left_before(own, NEW)
    if left is not None:
        return _show(request, own, left, notice=LEFT)
    return _show(request, own, notice=THROWN if request.GET.get("told") == DROP else "")


def _show(
    request: HttpRequest,
    own: Own,
    typed: Sequence[tuple[str, str]] = (),
    *,
    status: int = 200,
    wrong: Any = "",
    notice: str = "",
) -> HttpResponse:
    here, away = everybody(own)
    said = dict(typed)
    title = f"My people, {catalogue().spell(own.today)}"
    return page(
        request,
        own,
        "people/people",
        status=status,
        tab="mine",
        here=here,
        away=away,
        near=[one.name for one in here if one.ring <= 2],
        circle=draw(own, title) if own.reads else None,
        rings=ring_words(),
        typed=said,
        wrong=wrong,
        notice=notice,
        left=notice == LEFT,
        keeps=NEW.kept and may_wait(NEW.definition),
        told=TOLD.get(request.GET.get("told", "")),
        ties=ties_of(own) if own.reads else (),
        kinds=words_of("ties"),
        made_id=id_of(list(typed)) or uuid4(),
        line_id=uuid4(),
        made_for=made_for(own.actor.id, reverse("portal-add-person")),
    )


def everybody(own: Own) -> tuple[list[Shown], list[Shown]]:
    """Return who is in the client's life now, nearest first, and who no longer is; places where they may be read."""
    rows = places_of(own) if own.reads else {}
    words = ring_words()
    found: tuple[list[Shown], list[Shown]] = ([], [])
    for person, name in own.names.items():
        row: Mapping[str, Any] = rows.get(person) or {}
        ring, wished = row.get("ring"), row.get("wished_ring")
        shown = Shown(
            person, name, words.get(ring or 0, ""), words.get(wished or 0, "") if wished != ring else "", ring or 9
        )
        found[own.reads and gone(own.known, person)].append(shown)
    return sorted(found[0], key=lambda one: one.ring), found[1]


@own_door("inventory", "write")
def add(request: HttpRequest, own: Own) -> HttpResponse:
    """Add somebody: a name, and the ring they stand on."""
    if request.method != "POST":
        return _opened(request, own)
    answer = before_sending(request, own, NEW, partial(_show, request, own))
    if answer is not None:
        return answer
    typed = typed_in(request)
    said, made = dict(typed), sent_id(typed)
    name, ring = said.get("alias", "").strip(), said.get("ring", "")
    if not name or len(name) > LONGEST:
        return _show(request, own, typed, status=422, wrong=TOO_LONG if name else NO_NAME)
    place = int(ring) if ring in {str(one) for one in ring_words()} else None
    try:
        saved = note(request, own, lambda: add_person(answers={"alias": name}, id=made, ring=place, **how(own)))
    except Invalid:
        return _show(request, own, typed, status=422, wrong=NO_NAME)
    if isinstance(saved, HttpResponse):
        return saved
    return redirect(f"{reverse('portal-people')}?told={'added' if saved.made else 'again'}")


def _opened(request: HttpRequest, own: Own) -> HttpResponse:
    """Lead to the page of everybody; what was typed before a sign-in ran out stands on it."""
    back = come_back(request, own.actor.id)
    if back is not None:
        return forget(request, _show(request, own, back, notice=BACK))
    dropped = request.GET.get("told") == DROP
    return redirect(f"{reverse('portal-people')}?told={DROP}" if dropped else reverse("portal-people"))


@dataclass(frozen=True, slots=True)
class Tie:
    """One line between two people, in words; `number` is its place on the sheet."""

    number: int
    words: str


def ties_of(own: Own) -> list[Tie]:
    """Return the lines between people in words."""
    rows: Sequence[Mapping[str, Any]] = own.record.says(TIES).get("ties") or ()
    return [Tie(n, _said(own, row)) for n, row in enumerate(rows)]


def _said(own: Own, row: Mapping[str, Any]) -> str:
    one, other = (own.names.get(str(row.get(end)), str(row.get(end) or "somebody")) for end in ("from", "to"))
    kind = str(row.get("tie") or "")
    if kind in ("messenger", "sides_with"):
        return f"{one} {SAID[kind]} {other}"
    return f"{one} and {other}: {SAID.get(kind) or label('ties', kind) or 'a line'}"


@own_door("goals_homework", "write")
def tie(request: HttpRequest, own: Own) -> HttpResponse:
    """Draw a line between two people, or take one away: a newer version of the sheet, the older one is kept."""
    typed = typed_in(request)
    said, made = dict(typed), id_of(typed)
    if request.method != "POST" or made is None:
        return redirect("portal-people")
    stands = own.record.newest(TIES)
    if stands is not None and stands.id == str(made):  # tapped twice
        return redirect(f"{reverse('portal-people')}?told=again")
    rows = [dict(row) for row in (stands.answers.get("ties") or () if stands else ())]
    gone_row = said.get("gone", "")
    if gone_row:
        rows = [row for n, row in enumerate(rows) if str(n) != gone_row or not own.reads]
    else:
        one, other, kind = said.get("from", ""), said.get("to", ""), said.get("tie", "")
        if not {one, other} <= own.names.keys() or one == other or kind not in words_of("ties"):
            return _show(request, own, typed, status=422, wrong=TWO_ENDS)
        rows.append({"from": one, "to": other, "tie": kind})
    rest = {name: value for name, value in (stands.answers if stands else {}).items() if name != "ties"}
    answers = {**rest, **({"ties": rows} if rows else {})}
    saved = save(request, own, TIES, answers, made, replaces=UUID(stands.id) if stands else None)
    if isinstance(saved, HttpResponse):
        return saved
    return redirect(f"{reverse('portal-people')}?told={'untied' if gone_row else 'tied'}#ties")
