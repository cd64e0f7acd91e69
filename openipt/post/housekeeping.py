"""What a service does for itself: sign-ins that ran out, the logs of its stores, an anchor a day."""

from __future__ import annotations

from datetime import UTC, datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connections

from openipt.audit.anchors import anchor
from openipt.audit.models import Anchor


def clear_sign_ins(at: datetime) -> int:
    """Remove sign-ins that ran out, and what lists them; return how many."""
    gone, _ = Session.objects.filter(expire_date__lt=at).delete()
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return gone


def empty_logs() -> int:
    """Move the write-ahead log of each SQLite store into its file; return how many are empty now."""
    emptied = 0
    for connection in connections.all():
        if hasattr(connection, "checkpoint") and not connection.in_atomic_block:
            emptied += connection.checkpoint()
    return emptied


def anchor_of_today(at: datetime) -> Anchor:
    """Return the anchor of a moment's day (UTC), made now where there is none yet."""
    last = Anchor.objects.order_by("-id").first()
    return last if last and last.at.astimezone(UTC).date() >= at.astimezone(UTC).date() else anchor(at)
