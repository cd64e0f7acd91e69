"""When the service last did what it has to do again and again, so that a page can say that its clock stands still."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Min

from openipt.accounts.models import Organisation
from openipt.post.models import LastRun

TICK = "tick"
BACKUP = "backup"
LATE = timedelta(minutes=5)  # the tick runs every minute; after this somebody must be told


def ran(name: str, at: datetime, well: bool = True) -> None:
    """Note that something was done."""
    LastRun.objects.update_or_create(name=name, defaults={"at": at, "well": well})


def last_run(name: str) -> LastRun | None:
    """Return when something was last done, and whether all of it was."""
    return LastRun.objects.filter(name=name).first()


def stands_still_since(at: datetime) -> datetime | None:
    """Return since when no flag is passed on and no message sent; None while the tick runs.

    A service whose tick never ran stands still since it was made.
    """
    last = last_run(TICK)
    since = last.at if last else Organisation.objects.aggregate(first=Min("created_at"))["first"]
    return since if since and at - since > LATE else None
