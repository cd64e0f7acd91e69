"""Door to adding a person: a name, who they are, a place. Everything else waits until it is wanted."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from openipt.casebook.operations.people import add_person
from openipt.casebook.operations.saving import Invalid, SameIdOtherBody
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.rooms.filling.asked_for import zone_of
from openipt.rooms.filling.rings import ring_words
from openipt.rooms.filling.sheet import id_of
from openipt.rooms.filling.typed import Pairs
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.courses import who
from openipt.rooms.workspace.people.lasting import lasting, notice
from openipt.rooms.workspace.people.page import show
from openipt.rooms.workspace.said import Said
from openipt.therapy.vocabulary import vocabulary

MOST = 60  # characters of a name, as wherever a person is named
MARKED = "This page had been used for somebody else. What you typed is here: add them once more."
NO_NAME = "Write what this person is called. A nickname or initials are enough."
NO_RELATION = "Say who this is to the client."


@lasting("inventory", "write")
def add(request: HttpRequest, pairs: Pairs | None, course_id: str) -> HttpResponse:
    """Add somebody to the client's life, or show the page again with what was typed."""
    now, actor = timezone.now(), who(request)
    find_enrolment(actor, course_id, "inventory", "write", now)
    one = find_course(request, course_id)
    if request.method != "POST":
        return show(request, one, pairs=pairs, notice=notice(request, pairs))
    said = Said(dict(pairs or []))
    ring = said.one_of("ring", [str(n) for n in ring_words()])
    answers: dict[str, Any] = {
        "alias": said.text("alias", NO_NAME, most=MOST),
        "relation": said.one_of("relation", vocabulary()["relations"], NO_RELATION),
    }
    made = id_of(pairs or [])
    if said.wrong or made is None:
        return show(request, one, pairs=pairs, wrong=_listed(said), status=422)
    try:
        saved = add_person(
            by=actor,
            at=now,
            enrolment=course_id,
            answers=answers,
            id=made,
            ring=int(ring) if ring else None,
            zone=zone_of(actor.organisation),
        )
    except Invalid:
        return show(request, one, pairs=pairs, wrong={"alias": [NO_NAME]}, status=422)
    except SameIdOtherBody:
        return show(request, one, pairs=[pair for pair in pairs or [] if pair[0] != "_id"], notice=MARKED, status=409)
    return _on(course_id, str(saved.id), "again" if not saved.made else "added_placed" if ring else "added")


def _listed(said: Said) -> dict[str, list[str]]:
    return {name: [words] for name, words in said.wrong.items()}


def _on(course_id: str, entry: str, word: str) -> HttpResponse:
    """Lead back to where the next name is typed."""
    person = uuid5(UUID(entry), "person")
    answer = redirect(f"{reverse('people', args=[course_id])}?told={word}&who={person}#add")
    answer.status_code = 303
    return answer
