"""Write one small sheet of the client's own, or say what came before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from openipt.casebook.operations.drafting import drop_drafts
from openipt.casebook.operations.saving import Replaced, SameIdOtherBody, Saved, save_entry
from openipt.casebook.queries.own import Own
from openipt.rooms.filling.asking import Page
from openipt.rooms.filling.fields import Field
from openipt.rooms.filling.laying import fields_of
from openipt.rooms.filling.reading import read
from openipt.rooms.filling.said import Wrong
from openipt.rooms.filling.sheet import unknown
from openipt.rooms.filling.typed import Pairs, plant
from openipt.rooms.filling.wrong import in_words
from openipt.rooms.portal.hall.doors import page
from openipt.therapy.forms import open_form, score

Answers = dict[str, Any]
TOO_LONG = "This name is too long. Sixty letters are enough."


def how(own: Own) -> dict[str, Any]:
    """Return what every act of the client's says: who, when, in which course, in which zone."""
    return {"by": own.actor, "at": own.at, "enrolment": own.label, "zone": str(own.zone)}


def note(request: HttpRequest, own: Own, write: Callable[[], Saved]) -> Saved | HttpResponse:
    """Write, and let go of what was kept of it before; where something else stands in its place, both are kept.

    Args:
        request: The request.
        own: Whose course.
        write: The act.
    """
    try:
        saved = write()
    except (SameIdOtherBody, Replaced) as both:
        return page(request, own, "both", status=409, tab="mine", stored=both.entry)
    drop_drafts(own.actor, [saved.id])
    return saved


def save(
    request: HttpRequest, own: Own, form: str, answers: dict[str, Any], made: UUID, **more: Any
) -> Saved | HttpResponse:
    """Write one entry of a form.

    Args:
        request: The request.
        own: Whose course.
        form: The form.
        answers: Its answers.
        made: The id made with the page.
        more: `about`, `replaces`, `visibility`, `happened_at`.
    """
    given = {name: one for name, one in more.items() if one is not None}
    return note(request, own, lambda: save_entry(form=form, answers=answers, id=made, **how(own), **given))


def read_small(
    form_id: str, typed: Pairs, asked: Sequence[str], needed: Mapping[str, str]
) -> tuple[Answers, list[Wrong]]:
    """Read a small sheet that is one page.

    Args:
        form_id: The form.
        typed: What the page brought.
        asked: The questions of the page; a field of any other is named, and not taken.
        needed: Questions without which there is nothing to keep, each with the words that say so.
    """
    form = open_form(form_id)
    root, strange = plant(typed)
    found = read(form, root)
    odd = [one for one in typed if one[0].partition(".")[0] not in asked and not one[0].startswith("_")]
    wrong = [*found.wrong, *unknown([*strange, *odd, *found.strange])]
    wrong += in_words(score(form, found.answers).errors, found, root)
    named = {one.name.partition(".")[0] for one in wrong}
    wrong += [Wrong(name, words) for name, words in needed.items() if name not in {*found.answers, *named}]
    return found.answers, wrong


def fields_by_name(own: Own, form_id: str, typed: Pairs, wrong: Mapping[str, Sequence[str]]) -> dict[str, Field]:
    """Return the questions of a form as fields, by their names; what is folded elsewhere stands by itself here."""
    form = open_form(form_id)
    root, _ = plant(typed)
    laid = fields_of(Page(form, root, read(form, root), own.names, wrong, staff=False))
    return {one.name: one for part in laid for one in (part.fields if part.way == "more" else (part,))}
