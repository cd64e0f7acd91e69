"""One round of a queue: each row that is due is taken by one worker, and a mail server that fails is left alone.

A claim is short: it moves the next try away, in a transaction of its own, and only then is the mail sent. What becomes
of a row whose worker died in between is for each queue to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet

from openipt.post.models import FAILED

CLAIM = timedelta(minutes=15)  # longer than a whole round can take: MOST mails at the mail server's twenty seconds
MOST = 30  # in one round
IN_A_ROW = 3  # failures, after which the mail server is left alone until the next round
LONGEST_PAUSE = timedelta(minutes=30)


class Queued(Protocol):
    """What every row of a queue has."""

    next_at: datetime | None
    tries: int


Row = TypeVar("Row", bound=Model)


def go_round(claim: Callable[[], Row | None], deliver: Callable[[Row], str]) -> Counter[str]:
    """Deliver what can be claimed; return how many rows became what. Safe to run twice at once.

    Args:
        claim: Takes the next row that is due; None where none is.
        deliver: Delivers a row and says what it became.
    """
    became: Counter[str] = Counter()
    row = 0
    for _ in range(MOST):
        one = claim()
        if one is None:
            break
        state = deliver(one)
        became[state] += 1
        row = row + 1 if state == FAILED else 0
        if row == IN_A_ROW:
            break
    return became


def nothing_more(_row: Model) -> tuple[str, ...]:
    """Change nothing else of a row that is taken."""
    return ()


def take_first(
    due: QuerySet[Row], at: datetime, *with_it: str, mark: Callable[[Row], tuple[str, ...]] = nothing_more
) -> Row | None:
    """Take the row that has waited longest, so that nobody else takes it; None where none is due.

    Args:
        due: The rows that are due.
        at: The server's time.
        with_it: Relations that are read with the row.
        mark: Changes more of the row that is taken, and names the columns it changed.
    """
    if not due.exists():  # without the lock of writers
        return None
    with transaction.atomic():
        free = due.select_for_update(skip_locked=True, of=("self",)).select_related(*with_it)
        one = free.order_by("next_at", "id").first()
        if one is not None:
            more = mark(one)
            _put_off(one, at)  # type: ignore[arg-type]
            one.save(update_fields=["next_at", "tries", *more])
    return one


def _put_off(one: Queued, at: datetime) -> None:
    one.next_at, one.tries = at + CLAIM, one.tries + 1


def pause(tries: int) -> timedelta:
    """Return how long to wait after so many tries: one minute, two, four ... half an hour."""
    return min(timedelta(minutes=2 ** min(tries - 1, 10)), LONGEST_PAUSE)
