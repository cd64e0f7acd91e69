"""Let the clients of a service see their own scores, or not: from the next page they open."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from openipt.accounts.models import Organisation
from openipt.audit.writing import wrote
from openipt.casebook.queries.modules import may_switch, ruling_on_modules
from openipt.casebook.queries.own_scores import PART, shows_scores
from openipt.casebook.queries.visible import NotAllowed
from openipt.policy import Actor


@transaction.atomic
def show_scores(*, by: Actor, at: datetime, on: bool) -> bool:
    """Say whether clients see their scores in words; return whether that changed anything.

    Nothing that was answered changes, and those who treat see what they saw.

    Args:
        by: Who decides for the service.
        at: The server's time.
        on: Whether clients see them from now on.

    Raises:
        NotAllowed: who asks does not decide about it.
    """
    if not may_switch(by):
        raise NotAllowed(ruling_on_modules(by, "write"))
    found = Organisation.objects.select_for_update().get(id=by.organisation)
    if shows_scores(found.promise) is on:
        return False
    found.promise = {**found.promise, PART: {"on": on, "by": by.id, "at": at.isoformat()}}
    found.save(update_fields=["promise"])
    why = "on" if on else "off"
    wrote(act="show_own_scores", by=by.id, at=at, organisation=str(found.id), client=None, rows=(), why=why)
    return True
