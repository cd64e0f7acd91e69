"""After the end: the days on which client and clinic look at how it is, and what there is to do on one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from openipt.casebook.queries.own import Own
from openipt.post.reminding.reaching import check_ins, looked_at
from openipt.rooms.portal.questions.asking import key_of

EARLY, LATE = timedelta(days=7), timedelta(days=21)


@dataclass(frozen=True, slots=True)
class After:
    """What stands on the first page after the end.

    Attributes:
        due: The day that is looked at now, if one is.
        address: Where its questions are.
        next_on: The next agreed day after it.
    """

    due: date | None
    address: str
    next_on: date | None


def after_the_end(own: Own) -> After:
    """Return what stands on the first page after the end of a course."""
    days = [one for one in check_ins(own.record) if own.record.ended_on is None or one > own.record.ended_on]
    open_now = [one for one in days if one - EARLY <= own.today <= one + LATE]
    due = next((one for one in open_now if not looked_at(own.record, own.outcome, one, EARLY)), None)
    address = reverse("portal-begin", args=[key_of(own.outcome)]) if due else ""
    return After(due, address, next((one for one in days if one > own.today and one != due), None))
