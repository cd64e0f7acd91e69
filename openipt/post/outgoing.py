"""Send what is due: each message claimed by one worker, tried again after a pause, given up with a reason.

A claim is short: it moves the next try away, in a transaction of its own, and only then is the mail sent. A worker that
dies in between leaves the message to the next one, after the claim has run out.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction

from openipt.accounts.models import Membership
from openipt.casebook.queries.waiting import waiting
from openipt.post.calling import note
from openipt.post.mailing import reason, send
from openipt.post.models import EXPIRED, FAILED, FLAG, SENT, Message

logger = logging.getLogger(__name__)
CLAIM = timedelta(minutes=15)  # longer than a whole round can take: MOST mails at the mail server's twenty seconds
MOST = 30  # in one round
IN_A_ROW = 3  # failures, after which the mail server is left alone until the next round
LONGEST_PAUSE = timedelta(minutes=30)


def outgoing(at: datetime) -> Counter[str]:
    """Send the messages that are due; return how many were sent, failed and expired. Safe to run twice at once."""
    became: Counter[str] = Counter()
    row = 0
    for _ in range(MOST):
        message = claim(at)
        if message is None:
            break
        state = _deliver(message, at)
        became[state] += 1
        row = row + 1 if state == FAILED else 0
        if row == IN_A_ROW:
            break
    return became


def claim(at: datetime) -> Message | None:
    """Take the message that has waited longest, so that nobody else takes it; None where none is due."""
    due = Message.objects.filter(next_at__lte=at)
    if not due.exists():  # without the lock of writers
        return None
    with transaction.atomic():
        free = due.select_for_update(skip_locked=True, of=("self",)).select_related("to", "organisation")
        message = free.order_by("next_at", "id").first()
        if message is not None:
            message.next_at, message.tries = at + CLAIM, message.tries + 1
            message.save(update_fields=["next_at", "tries"])
    return message


def unwanted(message: Message, at: datetime) -> str:
    """Return the code of why a message is not sent any more; empty where it is."""
    to = message.to
    reasons = {
        "too_late": at > message.expires_at,
        "invented": message.organisation.synthetic,  # nothing leaves a service of invented people
        "no_access": not to.is_active or not Membership.objects.live(at).filter(account=to).exists(),
        "no_address": not to.email,
        "settled": message.kind == FLAG and not waiting(message.subject),
    }
    return next((why for why, holds in reasons.items() if holds), "")


def pause(tries: int) -> timedelta:
    """Return how long to wait after so many tries: one minute, two, four ... half an hour."""
    return min(timedelta(minutes=2 ** min(tries - 1, 10)), LONGEST_PAUSE)


def _deliver(message: Message, at: datetime) -> str:
    why = unwanted(message, at)
    if why:
        note(message, EXPIRED, at, why)
        return EXPIRED
    try:
        send(message)
    except Exception as problem:  # whatever it is, the other messages still have to go out
        logger.warning("message %s was not sent: %s", message.id, type(problem).__name__)
        note(message, FAILED, at, reason(problem), next_at=at + pause(message.tries))
        return FAILED
    note(message, SENT, at)
    return SENT
