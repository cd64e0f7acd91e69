"""Which sessions have a signed note, what was added to it, and what waits for its author."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from openipt.casebook.models import Draft
from openipt.casebook.queries.reading import bare_id, moment
from openipt.policy import Actor
from openipt.tables.asking import Question
from openipt.therapy.record import Entry, Record, Session

NOTE = "session-note"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signed note with what was added later, in the order it was written."""

    note: Entry
    addenda: tuple[Entry, ...]


def signed_notes(record: Record, session: Session) -> tuple[Entry, ...]:
    """Return the signed notes of a session, without what was added: one, where nothing went wrong."""
    return tuple(one for one in record.of(NOTE, session.id) if not one.answers.get("addendum_to"))


def signed(record: Record, session: Session) -> Signed | None:
    """Return the note of a session as it was signed; None where nobody has signed one."""
    notes = signed_notes(record, session)
    if not notes:
        return None
    return Signed(notes[0], tuple(one for one in record.of(NOTE, session.id) if one.id != notes[0].id))


def unsigned(record: Record) -> tuple[Session, ...]:
    """Return the sessions that were held and whose note nobody has signed, the newest first."""
    return tuple(one for one in reversed(record.held()) if not signed_notes(record, one))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A draft of the actor's own, not yet handed in; `beside` where something else came in first."""

    id: UUID
    form: str
    about: str
    saved_at: datetime
    beside: bool


def own_drafts(actor: Actor, enrolment: str) -> tuple[Waiting, ...]:
    """Return what somebody has begun to write in a course and not handed in, the newest first. One query.

    Args:
        actor: Whose drafts; nobody sees another's.
        enrolment: The enrolment's label, of a course the actor has opened.
    """
    rows = _OWN.ask(author=UUID(actor.id), enrolment=enrolment, organisation=UUID(actor.organisation))
    return tuple(
        Waiting(UUID(bare_id(row)), form, about, moment(saved_at, UTC), beside=other is not None)
        for row, form, about, saved_at, other in rows
    )


_OWN = Question(
    lambda author, enrolment, organisation: (
        Draft.objects.filter(author=author, enrolment__label=enrolment, enrolment__organisation_id=organisation)
        .order_by("-saved_at")
        .values_list("id", "form", "about", "saved_at", "conflicts_with")
    )
)
