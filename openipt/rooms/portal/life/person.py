"""Doors to one person: where they stand, by finger or by key; how it is between you; what to say of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from openipt.casebook.operations.people import end_person
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.own import Own, written_by_client
from openipt.rooms.filling.rings import ring_words
from openipt.rooms.filling.said import Wrong
from openipt.rooms.filling.sent import typed_in
from openipt.rooms.filling.sheet import id_of
from openipt.rooms.filling.typed import Pairs
from openipt.rooms.filling.writing import pairs_of
from openipt.rooms.filling.wrong import by_name
from openipt.rooms.portal.hall.doors import own_door, page
from openipt.rooms.portal.hall.noting import fields_by_name, how, note, save
from openipt.rooms.portal.hall.taking import Answered, Sheet, answered, marks
from openipt.rooms.portal.life.circle import CIRCLE, draw, moved, places_of, touched
from openipt.rooms.portal.life.people import NO_NAME, TOLD
from openipt.rooms.portal.worksheets.desk import page_words
from openipt.therapy.forms import open_form
from openipt.therapy.record import Entry
from openipt.therapy.record.people import GONE

SHEET, CONTENT = "interpersonal-inventory", "own-satisfaction"
FIRST = ("alias", "relation", "closeness", "satisfying", "unsatisfying", "wished_closeness")
LATER = ("relation_words", "turns_to", "turned_to_by", "status")
ASKED = (*FIRST, *LATER)
REPLACES = "_replaces"


def person_or_404(own: Own, person: str) -> str:
    """Return somebody of this client's own circle."""
    if person not in own.names:
        raise Http404
    return person


@own_door("inventory", "write")
def person(request: HttpRequest, own: Own, person_id: str) -> HttpResponse:
    """Show one person; take in what the client says of them."""
    person_or_404(own, person_id)
    stood = pairs_of(open_form(SHEET), _own_words(own, person_id), own.names)
    sheet = Sheet(SHEET, "people/person", tab="mine", about=person_id, stood=stood)
    shows = partial(_show, request, own, person_id, sheet)
    said = answered(request, own, sheet, shows, ASKED, {"alias": NO_NAME})
    return said if isinstance(said, HttpResponse) else _take(request, own, person_id, said)


def _own_words(own: Own, person: str) -> dict[str, Any]:
    """Return what the client said of somebody: of what the therapist wrote, the name is shown and nothing else.

    Where nothing may be read the name is all there is: it stands above the page, too.
    """
    if not own.reads:
        return {"alias": own.names[person]}
    mine = written_by_client(own, SHEET)
    newest = next((one for one in reversed(own.known.entries) if one.id in mine and one.about == person), None)
    said = {name: value for name, value in (newest.answers if newest else {}).items() if name in ASKED}
    return {**said, "alias": own.names[person]}


def _show(
    request: HttpRequest,
    own: Own,
    person: str,
    sheet: Sheet,
    typed: Pairs | None = None,
    *,
    status: int = 200,
    wrong: Sequence[Wrong] = (),
    notice: str = "",
) -> HttpResponse:
    pairs = typed if typed is not None else sheet.stood
    named = by_name(wrong)
    fields = fields_by_name(own, SHEET, pairs, named)
    stands = own.known.newest(SHEET, person)
    row = (places_of(own) if own.reads else {}).get(person, {})
    return page(
        request,
        own,
        "people/person",
        status=status,
        tab="mine",
        person=person,
        called=own.names[person],
        first=[fields[name] for name in FIRST],
        later=[fields[name] for name in LATER],
        rings=ring_words(),
        ring=row.get("ring"),
        wished=row.get("wished_ring"),
        circle=draw(own, f"The circle, with {own.names[person]}", person) if own.reads else None,
        steps=range(11),
        wrong=named,
        told=TOLD.get(request.GET.get("told", "")),
        other_id=uuid4(),
        third_id=uuid4(),
        replaces=dict(typed or []).get(REPLACES, stands.id if stands else ""),
        **marks(request, own, sheet, typed or [], notice),
        **page_words(),
    )


def _take(request: HttpRequest, own: Own, person: str, said: Answered) -> HttpResponse:
    older = _older(own, person, dict(said.typed).get(REPLACES, ""))
    taken_back = {name for name in _own_words(own, person) if name not in said.answers}
    kept = {name: one for name, one in (older.answers if older else {}).items() if name not in taken_back}
    saved = note(request, own, lambda: _write(own, person, {**kept, **said.answers}, said.made, older))
    return saved if isinstance(saved, HttpResponse) else _back(person, "said" if saved.made else "again")


def _write(own: Own, person: str, answers: dict[str, Any], made: UUID, older: Entry | None) -> Any:
    replaces = UUID(older.id) if older else None
    before = older.answers.get("status") if older else None
    if answers.get("status") in GONE and answers.get("status") != before:
        return end_person(person=person, answers=answers, id=made, replaces=replaces, **how(own))
    more: dict[str, Any] = {"replaces": replaces} if replaces else {}
    return save_entry(form=SHEET, answers=answers, about=person, id=made, **how(own), **more)


def _older(own: Own, person: str, named: str) -> Entry | None:
    """Return the version that the page was made from; only one about this person counts."""
    return next(
        (one for one in own.known.entries if one.id == named and (one.form, one.about) == (SHEET, person)), None
    )


def _back(person: str, told: str) -> HttpResponse:
    return redirect(f"{reverse('portal-person', args=[person])}?told={told}")


@own_door("goals_homework", "write")
def place(request: HttpRequest, own: Own, person_id: str) -> HttpResponse:
    """Place somebody on the circle: where a finger touched it, or on a ring that was named."""
    person_or_404(own, person_id)
    typed = typed_in(request)
    said, made = dict(typed), id_of(typed)
    if request.method != "POST" or made is None:
        return redirect("portal-person", person_id)
    rings = {str(one): one for one in ring_words()}
    by_hand = touched(said)
    if by_hand is not None:
        answers = moved(own, person_id, ring=by_hand[0], angle=by_hand[1])
    elif said.get("ring") in rings:
        answers = moved(own, person_id, ring=rings[said["ring"]])
    elif said.get("wished") in rings:
        answers = moved(own, person_id, wished=rings[said["wished"]])
    else:
        return redirect("portal-person", person_id)
    saved = save(request, own, CIRCLE, answers, made)
    return saved if isinstance(saved, HttpResponse) else _back(person_id, "placed" if saved.made else "again")


@own_door("questionnaires", "write")
def content(request: HttpRequest, own: Own, person_id: str) -> HttpResponse:
    """Take in how content the client is with how things are between the two of them: one tap."""
    person_or_404(own, person_id)
    typed = typed_in(request)
    said, made = dict(typed).get("satisfaction", ""), id_of(typed)
    if request.method != "POST" or made is None or said not in {str(n) for n in range(11)}:
        return redirect("portal-person", person_id)
    answers = {"person": person_id, "satisfaction": int(said)}
    saved = save(request, own, CONTENT, answers, made, about=person_id)
    return saved if isinstance(saved, HttpResponse) else _back(person_id, "said" if saved.made else "again")
