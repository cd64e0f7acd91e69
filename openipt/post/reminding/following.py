"""Follow reminders that went out: opened where the client came in afterwards, over where nobody answered in time."""

from __future__ import annotations

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db.models import Max

from openipt.casebook.models import Enrolment
from openipt.post.models import EXPIRED, OPENED, SENT, Reminder
from openipt.post.reminding.keeping import move


def follow(at: datetime) -> int:
    """Move on what went out; return how many were moved. One query where nothing waits."""
    out = list(Reminder.objects.filter(state__in=(SENT, OPENED)))
    if not out:
        return 0
    seen = _seen([one for one in out if one.state == SENT])
    moved = 0
    for one in out:
        came = seen.get(one.enrolment)
        if one.state == SENT and came is not None and one.sent_at is not None and came > one.sent_at:
            moved += move(one.id, (SENT,), OPENED, at)
        if at >= one.expires_at:
            moved += move(one.id, (SENT, OPENED), EXPIRED, at, "not_answered")
    return moved


def _seen(out: list[Reminder]) -> dict[object, datetime]:
    """Return when the client of each course was last in their room."""
    rows = Enrolment.objects.filter(id__in=[one.enrolment for one in out]).values_list("id", "client")
    clients = dict(rows)
    used = UserSession.objects.filter(user__client__in=list(clients.values())).values("user__client")
    last = {one["user__client"]: one["last"] for one in used.annotate(last=Max("last_seen_at"))}
    return {enrolment: last[client] for enrolment, client in clients.items() if client in last}
