"""Send what is due: each message claimed by one worker, tried again after a pause, given up with a reason.

A worker that dies with a message in its hand leaves it to the next one, after the claim has run out.
"""

from __future__ import annotations

import logging
from collections import Counter
from datetime import datetime

from openipt.accounts.models import Membership
from openipt.casebook.queries.waiting import waiting
from openipt.post.calling import note
from openipt.post.mailing import reason, send
from openipt.post.models import EXPIRED, FAILED, FLAG, SENT, Message
from openipt.post.rounds import go_round, pause, take_first

logger = logging.getLogger(__name__)


def outgoing(at: datetime) -> Counter[str]:
    """Send the messages that are due; return how many were sent, failed and expired. Safe to run twice at once."""
    return go_round(lambda: claim(at), lambda message: _deliver(message, at))


def claim(at: datetime) -> Message | None:
    """Take the message that has waited longest, so that nobody else takes it; None where none is due."""
    return take_first(Message.objects.filter(next_at__lte=at), at, "to", "organisation")


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
