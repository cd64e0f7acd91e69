"""The chain: what is hashed of an event, and where the next event of a chain goes."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.db import connection

from openipt.audit.canonical import moment_text
from openipt.audit.listed import as_text
from openipt.audit.models import AuditEvent

GENESIS = "0" * 64  # what the first event of a chain names as the event before
COLUMNS = (
    *("chain", "place", "at", "by", "organisation", "act", "client", "enrolment", "subject"),
    *("shown", "purpose", "why", "rows", "prev"),
)


def event_text(event: AuditEvent) -> str:
    """Return the canonical text of an event: every field but id and hash, a line each."""
    return text_of(
        event.chain,
        event.place,
        event.at,
        *(event.by, event.organisation, event.act, event.client, event.enrolment, event.subject),
        *(as_text(event.shown), event.purpose, event.why, as_text(event.rows), event.prev),
    )


def text_of(chain: str, place: int, at: datetime, *others: str) -> str:
    """Put the fields of an event, in the order of COLUMNS and with lists as stored, into one text.

    No field that was written holds a line break (writing refuses it, JSON escapes it), so no two events share a text.
    """
    return "\n".join((chain, str(place), moment_text(at), *others))


def hash_of(text: str) -> str:
    """Return the sha256 of a canonical text, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def end_of(chain: str) -> tuple[int, str]:
    """Return place and hash of the last event of a chain; hold the chain until the transaction ends.

    SQLite has one writer at a time (our transactions begin as writers). On PostgreSQL the lock of the chain is taken in
    the same message but as a statement of its own: a statement sees what was committed when it began.
    """
    query = "SELECT place, hash FROM audit_auditevent WHERE chain = %s ORDER BY place DESC LIMIT 1"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s); " + query, [_lock(chain), chain])
            cursor.nextset()
        else:
            cursor.execute(query, [chain])
        row = cursor.fetchone()
    return (row[0], row[1]) if row else (0, GENESIS)


def last_place(chain: str) -> int:
    """Return the place of the last event of a chain, without holding it; 0 where nothing was noted yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(place) FROM audit_auditevent WHERE chain = %s", [chain])
        found = cursor.fetchone()
    return int(found[0] or 0)


def _lock(chain: str) -> int:
    return int.from_bytes(sha256(b"audit chain " + chain.encode()).digest()[:8], "big", signed=True)
