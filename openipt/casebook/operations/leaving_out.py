"""Take back what the client was told about somebody who is left out of insight from now on: quietly, and noted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from uuid_utils.compat import uuid7

from openipt.casebook.models import Enrolment, Mark
from openipt.casebook.models.sealed import seal_body
from openipt.casebook.operations.acting import act
from openipt.therapy.insight.hiding import TAKEN_BACK, sentences_about_hidden
from openipt.therapy.record import Record

NOBODY = UUID(int=0)  # no person took it back: it went with the answer that left somebody out


def take_back(enrolment: Enrolment, known: Record, at: datetime) -> int:
    """Retract each sentence given to the client about somebody who is left out now; return how many.

    Inside the act that left them out, so that both stand or neither does. The therapist reads on the page of insight
    that a sentence went, and not whom it was about.

    Args:
        enrolment: The course.
        known: Its record as the act leaves it.
        at: The server's time.
    """
    gone = [UUID(entry.id) for entry in sentences_about_hidden(known)]
    gone = [entry for entry in gone if not Mark.objects.filter(target=entry, what="retracted").exists()]
    if not gone:
        return 0
    with transaction.atomic(), act("take_back_sentence", by=None, at=at, owner=enrolment, why="left_out") as it:
        it.add_all([_mark(enrolment, entry, at) for entry in gone])
    return len(gone)


def _mark(enrolment: Enrolment, target: UUID, at: datetime) -> Mark:
    made, scope = uuid7(), enrolment.client.scope
    return Mark(
        id=made,
        enrolment=enrolment,
        target=target,
        what="retracted",
        at=at,
        by=NOBODY,
        scope=scope,
        why=seal_body(scope, "mark", made, TAKEN_BACK),
    )
