"""Whether clients see their own scores: as a service says, and as it stands now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from openipt.accounts.models import Account, Organisation
from openipt.casebook.queries.modules import KIND, may_switch
from openipt.casebook.queries.visible import NotVisible
from openipt.policy import Actor

PART = "own_scores"  # its place in what a service promises: {"on", "by", "at"}


@dataclass(frozen=True, slots=True)
class Shown:
    """How it stands in a service.

    Attributes:
        organisation: The service.
        on: Whether clients see their scores.
        by: Who said so last; empty where nobody has, or they have left.
        at: When that was, as the clock of the service shows it; None where nobody has.
    """

    organisation: Organisation
    on: bool
    by: str = ""
    at: datetime | None = None


def shows_scores(promise: Mapping[str, Any]) -> bool:
    """Whether clients of a service see their scores in words. They are the client's own: where nobody said no, yes."""
    return (promise.get(PART) or {}).get("on", True) is True


def scores_as_shown(actor: Actor) -> Shown:
    """Return how it stands in the actor's service, and who said so.

    Raises:
        NotVisible: the actor does not decide about it.
    """
    if not may_switch(actor):
        raise NotVisible(KIND)
    found = Organisation.objects.get(id=actor.organisation)
    said = found.promise.get(PART)
    if not said:
        return Shown(found, True)
    who = Account.objects.filter(id=said["by"], organisation=found).first()
    at = datetime.fromisoformat(said["at"]).astimezone(ZoneInfo(found.zone))
    return Shown(found, shows_scores(found.promise), who.name if who else "", at)
