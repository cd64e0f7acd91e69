"""Drafts of what was done about a flag: kept for their author alone until it is handed in. No draft is record."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from openipt.casebook import sealing
from openipt.casebook.models import Draft, FlagStep
from openipt.casebook.models.sealed import read_body, seal_body
from openipt.casebook.operations.drafting import Started
from openipt.casebook.queries.visible import NotVisible
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor

OUTCOME = "flag-outcome"  # in place of a form: what is written about a flag is a step of it, and no sheet
KIND = "risk_flags"


def save_outcome_draft(*, by: Actor, at: datetime, enrolment: str, flag: str, body: Any, id: UUID) -> bool:  # noqa: A002
    """Keep what somebody is writing about a flag as it stands now, in place of what was kept before.

    Args:
        by: Its author; nobody else ever sees it.
        at: The server's time.
        enrolment: The enrolment's label.
        flag: The flag, as addresses name it.
        body: What was typed; sealed.
        id: The id that the step will have.

    Returns:
        False where it was handed in already.

    Raises:
        NotVisible, NotAllowed: as for writing the outcome itself; also where the id is somebody else's draft.
    """
    seen = find_enrolment(by, enrolment, KIND, "write", at)
    scope = seen.enrolment.client.scope
    blob = seal_body(scope, "draft", id, body)
    with transaction.atomic():
        if FlagStep.objects.filter(id=id).exists():
            return False
        mine = Draft.objects.filter(id=id, author=by.id, enrolment=seen.enrolment, form=OUTCOME, about=flag)
        if not mine.update(body=blob, saved_at=at):
            whose: dict[str, Any] = {"enrolment": seen.enrolment, "author": UUID(by.id), "scope": scope}
            one = Draft(id=id, form=OUTCOME, about=flag, body=blob, saved_at=at, started_at=at, **whose)
            try:
                with transaction.atomic():
                    one.save(force_insert=True)
            except IntegrityError:
                raise NotVisible(str(id)) from None
    return True


def open_outcome_drafts(*, by: Actor, at: datetime, enrolment: str, flag: str) -> tuple[Started, ...]:
    """Return what the author began to write about a flag and did not hand in, newest first.

    Raises:
        NotVisible, NotAllowed: whoever may write no outcome any more sees no draft of one either.
    """
    seen = find_enrolment(by, enrolment, KIND, "write", at)
    mine = Draft.objects.filter(enrolment=seen.enrolment, author=by.id, form=OUTCOME, about=flag)
    rows = list(mine.order_by("-saved_at"))
    if not rows:
        return ()
    sealing.load([seen.enrolment.client.scope])
    written = set(FlagStep.objects.filter(id__in=[row.id for row in rows]).values_list("id", flat=True))
    return tuple(_started(row) for row in rows if row.id not in written)


def _started(row: Draft) -> Started:
    body = read_body(row.scope, "draft", row.id, bytes(row.body))
    return Started(row.id, row.form, row.about, body, row.started_at, row.saved_at)
