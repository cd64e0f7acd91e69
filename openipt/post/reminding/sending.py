"""Send the reminders that are due: each goes out once, or is given up with a reason.

A note that comes twice does more harm on a phone than one that does not come. So a worker that died with a reminder in
its hand is not followed by another one: it may have gone out, and that is what its log says.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from openipt.casebook.sealing import KeyGone
from openipt.post.mailing import reason
from openipt.post.models import DUE, EXPIRED, FAILED, SENT, Planned, Reminder
from openipt.post.reminding.keeping import move
from openipt.post.reminding.mailing import write_to
from openipt.post.reminding.planning import UNCOUNTED, wanted
from openipt.post.reminding.reaching import Reach, Stands, stands
from openipt.post.rounds import go_round, pause, take_first

logger = logging.getLogger(__name__)
WEEK = timedelta(days=7)
WAITS = (DUE, FAILED)
LATER = "later"


def send_due(at: datetime) -> Counter[str]:
    """Send what is due; return how many became what. Safe to run twice at once."""
    return go_round(lambda: claim(at), lambda one: _deliver(one, at))


def claim(at: datetime) -> Reminder | None:
    """Take the reminder that has waited longest, so that nobody else takes it; None where none is due."""

    def mark(one: Reminder) -> tuple[str, ...]:
        one.lost = one.claimed_at is not None  # type: ignore[attr-defined]
        one.claimed_at = at
        return ("claimed_at",)

    return take_first(Reminder.objects.filter(next_at__lte=at, state__in=WAITS), at, "organisation", mark=mark)


def _deliver(one: Reminder, at: datetime) -> str:
    if one.lost:  # type: ignore[attr-defined]
        return _give_up(one, at, "worker_died")
    now = _stands(one.enrolment, at)
    why = unwanted(one, now, at)
    if why or now is None:
        return _give_up(one, at, why)
    if not now.reach.day.is_now(at):
        return _wait(one, now.reach, at)
    if not _has_room(one, now.reach.a_week, at):
        return _give_up(one, at, "enough_this_week")
    try:
        write_to(now.reach.address, one, link=now.reach.link)
    except Exception as problem:  # whatever it is, the other reminders still have to go out
        logger.warning("reminder %s was not sent: %s", one.id, type(problem).__name__)
        move(one.id, WAITS, FAILED, at, reason(problem), next_at=at + pause(one.tries), sent_at=None)
        return FAILED
    move(one.id, WAITS, SENT, at, sent_at=at)
    return SENT


def _stands(enrolment: UUID, at: datetime) -> Stands | None:
    try:
        return stands(enrolment, at)
    except KeyGone:
        return None


def unwanted(one: Reminder, now: Stands | None, at: datetime) -> str:
    """Return the code of why a reminder is not sent any more; empty where it is."""
    if now is None:
        return "erased"
    if at >= one.expires_at:
        return "too_late"
    if one.organisation.synthetic:  # nothing leaves a service of invented people
        return "invented"
    if now.reach.why:
        return now.reach.why
    known = {(each.kind, each.cause) for each in wanted(now.facts, now.reach.day, at)}
    return "" if (one.kind, one.cause) in known else "not_needed"


def _has_room(one: Reminder, a_week: int, at: datetime) -> bool:
    """Take one of the places of these seven days, under the lock of the course: two workers count alike."""
    if one.kind in UNCOUNTED:
        return True
    with transaction.atomic():
        Planned.objects.select_for_update().filter(enrolment=one.enrolment).first()
        others = Reminder.objects.filter(enrolment=one.enrolment, sent_at__gt=at - WEEK)
        if others.exclude(id=one.id).exclude(kind__in=UNCOUNTED).count() >= a_week:
            return False
        Reminder.objects.filter(id=one.id).update(sent_at=at)
    return True


def _wait(one: Reminder, reach: Reach, at: datetime) -> str:
    """Wait for the next time at which a note may come; the worker was late, or the client changed the times."""
    again = reach.day.next(at)
    if again >= one.expires_at:
        return _give_up(one, at, "too_late")
    Reminder.objects.filter(id=one.id).update(claimed_at=None, next_at=again)
    return LATER


def _give_up(one: Reminder, at: datetime, why: str) -> str:
    move(one.id, WAITS, EXPIRED, at, why)
    return EXPIRED
