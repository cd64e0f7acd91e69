"""What of a form can be heard: its items read aloud, where a service has recorded them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from openipt.therapy import shelf
from openipt.therapy.forms.definition import Form
from openipt.therapy.forms.items import GroupItem, NoteItem
from openipt.therapy.forms.texts import noncommercial

INSTRUCTIONS = "_instructions"  # no item can be called that


def spoken_form(form: Form) -> shelf.Spoken | None:
    """Return the recordings of a form; None where there are none, or where its words may not be shown here."""
    if not form.may_ship:
        return None  # heard are the words that stand there, never others
    return shelf.spoken(("questionnaires", "worksheets"), form.id, form.language, noncommercial())


def to_record(form: Form) -> dict[str, bool]:
    """Return what of a form can be recorded, by the names of the files; and whether a whole recording has it."""
    first = {INSTRUCTIONS: True} if form.instructions else {}
    return first | dict(_names(form.items, ""))


def _names(items: Sequence[Any], way: str) -> Iterator[tuple[str, bool]]:
    for item in items:
        asked = not isinstance(item, (GroupItem, NoteItem)) and not item.staff_only
        yield f"{way}{item.id}", asked
        if isinstance(item, GroupItem):
            yield from _names(item.items, f"{way}{item.id}.")
