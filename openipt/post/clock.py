"""When the service last did what it has to do again and again, so that a page can say that its clock stands still."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Min

from openipt.accounts.models import Organisation
from openipt.post.models import LastRun
from openipt.tables.asking import Question

TICK = "tick"
BACKUP = "backup"
LATE = timedelta(minutes=5)  # the tick runs every minute; after this somebody must be told


def ran(name: str, at: datetime, well: bool = True) -> None:
    """Note that something was done."""
    LastRun.objects.update_or_create(name=name, defaults={"at": at, "well": well})


def last_run(name: str) -> LastRun | None:
    """Return when something was last done, and whether all of it was."""
    return LastRun.objects.filter(name=name).first()


def stands_still_since(at: datetime, organisation: UUID | None = None) -> datetime | None:
    """Return since when no flag is passed on and no message sent; None while the tick runs.

    A service whose tick never ran stands still since it was made.

    Args:
        at: The server's time.
        organisation: Whose page asks; the oldest service of this database if not given.
    """
    last = _LAST.first(name=TICK)
    since = last.at if last else _made(organisation)
    return since if since and at - since > LATE else None


_LAST = Question(lambda name: LastRun.objects.filter(name=name))
_known: dict[UUID, datetime] = {}  # a service is made once: asked once per process


def _made(organisation: UUID | None) -> datetime | None:
    if organisation is None:
        return Organisation.objects.aggregate(first=Min("created_at"))["first"]  # type: ignore[no-any-return]
    if organisation not in _known:
        _known[organisation] = Organisation.objects.values_list("created_at", flat=True).get(id=organisation)
    return _known[organisation]
