"""Write down what was done and what was seen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Model

from openipt.audit.appearing import appear
from openipt.audit.canonical import digest
from openipt.audit.chaining import end_of, event_text, hash_of
from openipt.audit.models import AuditEvent
from openipt.tables.writing import insert

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}")
_CODE = re.compile(r"[a-z0-9][a-z0-9_.:-]{0,63}")


def wrote(
    *,
    act: str,
    by: str,
    at: datetime,
    organisation: str,
    client: str | None,
    enrolment: str | None = None,
    rows: Sequence[Model],
    why: str = "",
) -> AuditEvent:
    """Note that rows were written: table, id and digest of each. Call it after saving them, in the same transaction.

    Who writes to several chains in one transaction notes them in the order of their ids, or PostgreSQL may have to stop
    one of two who wait for each other.

    Args:
        act: What was done, as `noun.verb`: `entry.save`.
        by: The account, or the name of a job.
        at: When, on the server's clock, with a zone.
        client: Whose record it is; None for what belongs to no single client.
        rows: The rows as saved. Rows that are gone (a draft) cannot be noted.
        why: The code or id of a reason; never the reason's words.

    Raises:
        TransactionManagementError: No transaction is open: the act and its event have to stand or fall together.
        ValueError: A value is not an id or a code, or `at` has no zone.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            f"{act!r} was noted outside a transaction; note it inside the transaction.atomic() that writes the rows"
        )
    noted = [[row._meta.db_table, str(row.pk), digest(row)] for row in rows]
    return _append(
        AuditEvent(
            act=act,
            by=by,
            at=at,
            organisation=organisation,
            client=client or "",
            enrolment=enrolment or "",
            rows=noted,
            why=why,
        )
    )


def saw(
    *,
    act: str,
    by: str,
    at: datetime,
    organisation: str,
    client: str | None,
    shown: Sequence[str] = (),
    subject: str = "",
    purpose: str = "treatment",
) -> AuditEvent:
    """Note that somebody saw something, before the answer leaves. Commits on its own, in one short transaction.

    Args:
        act: What was done, as `noun.verb`: `record.open`, `caseload.list`.
        by: The account.
        at: When, on the server's clock, with a zone.
        client: Whose record was seen; None for a list over several clients.
        shown: The ids that a list showed. Where `client` is None they are ids of clients: each can ask who saw them.
        subject: The id of the one thing that was opened.
        purpose: `treatment`, `supervision`, `emergency`, `research` ...

    Raises:
        RuntimeError: A transaction is open: if it were rolled back, what was seen would not be on record.
        ValueError: A value is not an id or a code, the purpose is empty, or `at` has no zone.
    """
    event = AuditEvent(
        act=act,
        by=by,
        at=at,
        organisation=organisation,
        client=client or "",
        shown=list(dict.fromkeys(map(str, shown))),
        subject=subject,
        purpose=_checked("purpose", purpose, _CODE),
    )
    with transaction.atomic(durable=True):
        _append(event)
        if not event.client and event.shown:
            appear(event)
    return event


def _append(event: AuditEvent) -> AuditEvent:
    _check(event)
    event.chain = event.client or event.organisation
    last, event.prev = end_of(event.chain)
    event.place = last + 1
    event.hash = hash_of(event_text(event))
    insert([event])
    return event


def _check(event: AuditEvent) -> None:
    for name in ("by", "organisation"):
        setattr(event, name, _checked(name, getattr(event, name), _ID))
    for name in ("client", "enrolment", "subject"):
        value = getattr(event, name)
        setattr(event, name, _checked(name, value, _ID) if value else "")
    _checked("act", event.act, _CODE)
    if event.why:
        _checked("why", event.why, _CODE)
    for value in event.shown:
        _checked("shown", value, _ID)
    if event.at.tzinfo is None:
        raise ValueError(f"`at` has no zone: {event.at.isoformat()}; pass an aware datetime")


def _checked(name: str, value: object, pattern: re.Pattern[str]) -> str:
    text = str(value)
    if not pattern.fullmatch(text):
        # the value is not repeated: somebody may have passed a person's words
        raise ValueError(
            f"audit takes `{name}` as an id or a code ({pattern.pattern}); got {len(text)} letters that are neither. "
            "Words are never kept here: store them in the casebook and pass their id"
        )
    return text
