"""A sheet turned to the client: large type, the one sheet, and nothing else of the record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from openipt.casebook.operations.drafting import may_wait, open_drafts
from openipt.policy import Actor
from openipt.rooms.filling.typed import Pairs, is_row
from openipt.therapy.forms import Form
from openipt.therapy.forms.items import GroupItem

TURNED = "turned"  # in the address
MARK = "_turned"  # among the fields of the page, where the sheet cannot wait at an address
NOT_FOR_CLIENTS = ("therapist_only", "staff_asked_alone", "process_note")


def may_turn(form: Form) -> bool:
    """Whether a sheet is one that a client may have before them."""
    return form.kind == "worksheet" and "client" in form.filled_by and form.visibility not in NOT_FOR_CLIENTS


def for_staff(form: Form, name: str) -> bool:
    """Whether a field belongs to a question that only staff see."""
    items = {item.id: item for item in form.items}
    for part in name.split("."):
        if is_row(part):
            continue
        item = items.get(part)
        if item is None:
            return False
        if item.staff_only:
            return True
        items = {one.id: one for one in item.items} if isinstance(item, GroupItem) else {}
    return False


def held_back(actor: Actor, course: str, form: Form, made: UUID | None, at: datetime) -> Pairs:
    """Return what staff had written on a sheet before it was turned: it stays with it, and off the client's screen."""
    if made is None or not may_wait(form):
        return []
    drafts = open_drafts(by=actor, at=at, enrolment=course, form=form.id)
    one = next((draft for draft in drafts if draft.id == made), None)
    return list(_of_staff(form, one.body["pairs"])) if one else []


def _of_staff(form: Form, pairs: Pairs) -> Iterator[tuple[str, str]]:
    return ((name, text) for name, text in pairs if for_staff(form, name))
