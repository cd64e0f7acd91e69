"""A new client: the course, and what was asked about whether it is the right one, begin together or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from openipt.casebook.models import Enrolment
from openipt.casebook.operations.beginning import begin_course
from openipt.casebook.operations.saving import save_entry
from openipt.policy import Actor

CHECK = "eligibility-check"


def admit(
    *,
    by: Actor,
    at: datetime,
    id: UUID,  # noqa: A002 - the word of the field
    manual: str,
    called: str,
    began_on: date,
    check: Mapping[str, Any] | None = None,
    **facts: Any,
) -> Enrolment:
    """Begin a course for a new client, with the manual's own questions as far as they were asked.

    Args:
        by: A therapist or facilitator.
        at: The server's time.
        id: The course's id, made with the page: sent twice it is one client.
        manual: The manual's id.
        called: What the client is called.
        began_on: The first day.
        check: Answers of the sheet `eligibility-check`; None where nothing was asked yet.
        facts: `age`, `pronouns`, `staff` of the course sheet.

    Raises:
        NotAllowed: whoever may not begin a course.
        Refused: no such manual.
        Invalid: answers that cannot be taken; nothing was stored.
    """
    known = _begun(by, id)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            made = begin_course(by=by, at=at, manual=manual, called=called, began_on=began_on, id=id, **facts)
            if check:
                name = uuid5(id, CHECK)
                save_entry(by=by, at=at, enrolment=made.label, form=CHECK, answers=check, id=name)
    except IntegrityError:  # the same page, sent twice at one moment
        known = _begun(by, id)
        if known is None:
            raise
        return known
    return made


def _begun(by: Actor, id: UUID) -> Enrolment | None:  # noqa: A002
    return Enrolment.objects.filter(id=id, organisation_id=by.organisation, by=UUID(by.id)).first()
