"""For each flag that waits there is a message to the person whose task it is (RULINGS 29).

The casebook knows nothing of messages, since it lies below them. So the tick asks for flags that nobody was called
about yet: those that were raised, handed over or passed on since it last looked.
"""

from __future__ import annotations

from datetime import datetime

from openipt.casebook.queries.waiting import Waiting, waiting
from openipt.post.calling import call
from openipt.post.models import FLAG, Message


def tell_flags(at: datetime) -> int:
    """Make the messages that are missing; return how many. Three queries where none is."""
    flags = [one for one in waiting() if one.owner is not None]
    asked = Message.objects.filter(kind=FLAG, subject__in=[one.flag.id for one in flags])
    called = set(asked.values_list("cause", "to"))
    return sum(_tell(one, at) for one in flags if (one.cause, one.owner) not in called)


def _tell(one: Waiting, at: datetime) -> bool:
    assert one.owner is not None  # noqa: S101 - asked by the caller
    organisation = one.flag.enrolment.organisation
    made = call(
        FLAG, to=one.owner, subject=one.flag.id, cause=one.cause, organisation=organisation, at=at, until=one.due_at
    )
    return made is not None


def nobody_knows(at: datetime) -> int:
    """Return how many waiting flags are nobody's task, and nobody could be found to pass them on to."""
    return sum(1 for one in waiting() if one.owner is None and one.is_overdue(at))
