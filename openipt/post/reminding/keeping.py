"""Rows of reminders, changed in one way only: one step, under a lock, with its event in the audit."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from openipt.accounts.models import Organisation
from openipt.accounts.noting import ITSELF
from openipt.audit.writing import wrote
from openipt.post.models import DUE, Reminder, ReminderStep
from openipt.post.reminding.planning import Wanted


def make(one: Wanted, enrolment: UUID, organisation: Organisation, zone: str, at: datetime) -> Reminder | None:
    """Write a reminder with the first step of its life; None where another worker made it at this moment."""
    row = Reminder(
        organisation=organisation,
        enrolment=enrolment,
        kind=one.kind,
        cause=one.cause,
        form=one.form,
        wall=f"{one.wall:%Y-%m-%dT%H:%M}",
        zone=zone,
        made_at=at,
        due_at=one.due_at,
        expires_at=one.expires_at,
        next_at=one.due_at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            _log(row, DUE, at, "")
    except IntegrityError:
        return None
    return row


def move(reminder: UUID, before: Collection[str], state: str, at: datetime, why: str = "", **more: Any) -> bool:
    """Move a reminder on, if it is where it is thought to be; return whether this worker did.

    Args:
        reminder: Which.
        before: The states from which it may be moved.
        state: What it becomes.
        at: The server's time.
        why: A code.
        more: Other columns that change with it.
    """
    with transaction.atomic():
        row = Reminder.objects.select_for_update().filter(id=reminder, state__in=before).first()
        if row is None:
            return False
        changed = {"state": state, "why": why, "claimed_at": None, "next_at": None, **more}
        for name, value in changed.items():
            setattr(row, name, value)
        row.save(update_fields=list(changed))
        _log(row, state, at, why)
    return True


def _log(row: Reminder, state: str, at: datetime, why: str) -> None:
    step = ReminderStep(reminder=row, state=state, at=at, why=why)
    step.save(force_insert=True)
    wrote(
        act=f"reminder.{state}",
        by=ITSELF,
        at=at,
        organisation=str(row.organisation_id),
        client=None,  # that the service wrote a mail is about the service; nobody looked at the client's record
        rows=[step],
        why=why,
    )
