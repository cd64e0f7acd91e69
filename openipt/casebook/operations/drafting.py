"""Drafts: what somebody is writing, kept for them alone until it is handed in. A draft is not record (RULINGS 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from openipt.casebook import sealing
from openipt.casebook.models import Draft, Entry
from openipt.casebook.models.sealed import read_body, seal_body
from openipt.casebook.queries.visible import NotVisible
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor, kind_of
from openipt.tables.asking import Question
from openipt.therapy.forms import Form, open_form


class StaysOnDevice(ValueError):  # noqa: N818
    """A draft of this form is not kept here: an answer in it may need a person, and nobody would know of it."""


@dataclass(frozen=True, slots=True)
class Started:
    """A draft as its author left it. `id` becomes the entry's id when it is handed in."""

    id: UUID
    form: str
    about: str
    body: Any
    started_at: datetime
    saved_at: datetime


def may_wait(form: Form) -> bool:
    """Whether a draft of a form may lie here unsent. One that can find something urgent stays where it is written."""
    return not form.findings


def save_draft(*, by: Actor, at: datetime, enrolment: str, form: str, about: str, body: Any, id: UUID) -> bool:  # noqa: A002
    """Keep a draft as it stands now, in place of what was kept of it before.

    Drafts leave no audit event: they are nobody's record, and one is written every two seconds.

    Args:
        by: Its author; nobody else ever sees it.
        at: The server's time.
        enrolment: The enrolment's label.
        form: The form's id.
        about: The label of what it is about; empty for nothing.
        body: What was typed; sealed.
        id: The id that the entry will have.

    Returns:
        False where the sheet was handed in already: a late draft does not come back to life.

    Raises:
        NotVisible, NotAllowed: as for saving the sheet itself; also where the id is somebody else's draft.
        StaysOnDevice: see `may_wait`.
    """
    found = open_form(form)
    seen = find_enrolment(by, enrolment, kind_of(found.id, found.kind, found.visibility), "write", at)
    if not may_wait(found):
        raise StaysOnDevice(f"a draft of {found.id} is not kept; hand it in, or start again")
    scope = seen.enrolment.client.scope
    blob = seal_body(scope, "draft", id, body)
    with transaction.atomic():
        if Entry.objects.filter(id=id).exists():
            return False
        mine = Draft.objects.filter(id=id, author=by.id, enrolment=seen.enrolment, conflicts_with=None)
        if not mine.update(body=blob, saved_at=at):
            whose: dict[str, Any] = {"enrolment": seen.enrolment, "author": UUID(by.id), "scope": scope}
            one = Draft(id=id, form=found.id, about=about, body=blob, saved_at=at, started_at=at, **whose)
            try:
                with transaction.atomic():
                    one.save(force_insert=True)
            except IntegrityError:
                raise NotVisible(str(id)) from None
    return True


def open_drafts(*, by: Actor, at: datetime, enrolment: str, form: str, about: str | None = None) -> tuple[Started, ...]:
    """Return the author's own drafts of a form in an enrolment, newest first.

    Args:
        by: Whose drafts.
        at: The server's time.
        enrolment: The enrolment's label.
        form: The form's id.
        about: Only those about this; about anything if not given.

    Raises:
        NotVisible, NotAllowed: whoever may write no such sheet any more sees no draft of one either.
    """
    found = open_form(form)
    seen = find_enrolment(by, enrolment, kind_of(found.id, found.kind, found.visibility), "write", at)
    mine = _MINE.ask(enrolment=seen.enrolment.id, author=UUID(by.id), form=found.id)
    rows = [row for row in mine if about is None or row.about == about]
    if not rows:
        return ()
    sealing.load([seen.enrolment.client.scope])
    handed_in = set(Entry.objects.filter(id__in=[row.id for row in rows]).values_list("id", flat=True))
    return tuple(_started(row) for row in rows if row.id not in handed_in)


_MINE = Question(
    lambda enrolment, author, form: Draft.objects.filter(
        enrolment=enrolment, author=author, form=form, conflicts_with=None
    ).order_by("-saved_at")
)


def _started(row: Draft) -> Started:
    body = read_body(row.scope, "draft", row.id, bytes(row.body))
    return Started(row.id, row.form, row.about, body, row.started_at, row.saved_at)


def drop_drafts(by: Actor, ids: Sequence[UUID]) -> int:
    """Throw away drafts of one author, by their ids: they were handed in, or are not wanted. Return how many went."""
    return Draft.objects.filter(id__in=ids, author=by.id).delete()[0] if ids else 0


def forget_drafts(before: datetime) -> int:
    """Throw away drafts that nobody touched since a moment, for the housekeeping. Return how many went.

    What came in under the id of another sheet waits for a person and stays.
    """
    return Draft.objects.filter(saved_at__lt=before, conflicts_with=None).delete()[0]
