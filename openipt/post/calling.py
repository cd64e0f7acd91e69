"""Call somebody: a message with the first step of its log, and every later step, each with its event in the audit."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from openipt.accounts.models import Organisation
from openipt.accounts.noting import ITSELF
from openipt.audit.writing import wrote
from openipt.post.models import DUE, EXPIRED, SENT, Message, MessageStep

WANTED_FOR = timedelta(hours=24)  # after the deadline; by then the next person was called


def call(
    kind: str, *, to: UUID, subject: UUID, cause: UUID, organisation: Organisation, at: datetime, until: datetime
) -> Message | None:
    """Make a message that goes out from now on; None where this cause has called this person before.

    Args:
        kind: What it is about.
        to: The account.
        subject: The row it is about: the flag.
        cause: What made it: the flag as it was raised, or the step that passed it on.
        organisation: The service.
        at: The server's time.
        until: The deadline it tells of; a day later it is of no use any more.
    """
    message = Message(
        organisation=organisation,
        to_id=to,
        kind=kind,
        subject=subject,
        cause=cause,
        made_at=at,
        due_at=at,
        expires_at=max(until, at) + WANTED_FOR,
        next_at=at,
    )
    try:
        with transaction.atomic():
            message.save(force_insert=True)
            _log(message, DUE, at, "")
    except IntegrityError:  # another tick made the same one at this moment
        return None
    return message


def note(message: Message, state: str, at: datetime, why: str = "", next_at: datetime | None = None) -> None:
    """Write what happened to a message, with a code where it did not go out.

    Args:
        message: The message.
        state: `sent`, `failed` or `expired`.
        at: The server's time.
        why: A code such as `mail_server` or `settled`.
        next_at: When it is tried again, if at all.
    """
    message.state, message.next_at = state, None if state in (SENT, EXPIRED) else next_at
    message.sent_at = at if state == SENT else message.sent_at
    with transaction.atomic():
        message.save(update_fields=["state", "next_at", "sent_at"])
        _log(message, state, at, why)


def _log(message: Message, state: str, at: datetime, why: str) -> None:
    step = MessageStep(message=message, state=state, at=at, why=why)
    step.save(force_insert=True)
    wrote(
        act=f"message.{state}",
        by=ITSELF,
        at=at,
        organisation=str(message.organisation_id),
        client=None,  # that somebody was called is about the service; the flag itself stands in the client's chain
        rows=[step],
        why=why,
    )
