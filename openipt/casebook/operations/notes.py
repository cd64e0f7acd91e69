"""Notes: signing is saving. A signed note is never changed; what comes later is added to it, with its own time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid5

from openipt.casebook.models import Thing
from openipt.casebook.operations.saving import Saved, save_entry
from openipt.casebook.operations.standing import day_of
from openipt.casebook.queries.notes import NOTE, signed_notes
from openipt.casebook.queries.record import record
from openipt.casebook.queries.visible import NotVisible
from openipt.casebook.queries.visible import enrolment as find_enrolment
from openipt.policy import Actor, kind_of
from openipt.therapy.forms import open_form


class NothingWritten(ValueError):  # noqa: N818
    """A note without words. Nothing was stored."""


def sign_note(*, by: Actor, at: datetime, enrolment: str, session: str, text: str) -> Saved:
    """Sign the note of a session. Its id follows from the session: signed twice it is one note.

    Args:
        by: Who signs.
        at: The server's time.
        enrolment: The enrolment's label.
        session: The session's label.
        text: The note as it shall stand.

    Raises:
        NothingWritten: there is no text.
        NotVisible, NotAllowed, Invalid: as for `save_entry`; NotVisible also where there is no such session.
        SameIdOtherBody: it is signed already with other words; these are kept as a draft.
    """
    return _save(by, at, enrolment, session, text, None, None)


def add_to_note(
    *,
    by: Actor,
    at: datetime,
    enrolment: str,
    session: str,
    text: str,
    note: str,
    id: UUID,  # noqa: A002
) -> Saved:
    """Add to a signed note. The note stays as it is; the addendum stands below it with its own day.

    Args:
        by: Who adds.
        at: The server's time.
        enrolment: The enrolment's label.
        session: The session's label.
        text: What is added.
        note: The id of the note.
        id: The addendum's id, made before it arrived: sent twice it is one.

    Raises:
        NotVisible: also where the session has no such note; and what `sign_note` raises.
    """
    return _save(by, at, enrolment, session, text, note, id)


def _save(
    by: Actor,
    at: datetime,
    enrolment: str,
    session: str,
    text: str,
    note: str | None,
    id: UUID | None,  # noqa: A002
) -> Saved:
    form = open_form(NOTE)
    seen = find_enrolment(by, enrolment, kind_of(form.id, form.kind, form.visibility), "write", at)
    thing = Thing.objects.filter(enrolment=seen.enrolment, kind="session", label=session).first()
    known = record(seen.enrolment)
    met = next((one for one in known.sessions if one.id == session), None)
    if thing is None or met is None or (note is not None and note not in {one.id for one in signed_notes(known, met)}):
        raise NotVisible(session)
    if not text.strip():
        raise NothingWritten("a note is signed with words: write what happened")
    taken_back = sum(
        one.form == NOTE and one.about == session and one.retracted_at is not None for one in known.entries
    )
    answers = {"text": text.strip(), "signed_on": day_of(seen.enrolment, at).isoformat()}
    return save_entry(
        by=by,
        at=at,
        enrolment=enrolment,
        form=NOTE,
        answers={**answers, "addendum_to": note} if note else answers,
        happened_at=at,
        id=id or uuid5(thing.id, f"note {taken_back}"),
        about=session,
    )
