"""The line that says that the clock of the service stands still."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from openipt.policy import Actor
from openipt.post.clock import stands_still_since
from openipt.rooms.filling.asked_for import zone_of
from openipt.rooms.ui.frame import invented


def standing_still(actor: Actor, at: datetime) -> dict[str, Any]:
    """Say since when no flag is passed on and no message sent; None while the tick runs.

    Nothing ever leaves a service of invented people, so its clock alarms nobody: that nothing is sent is said instead.
    """
    if invented(UUID(actor.organisation)):
        return {"still_since": None, "nothing_sent": True}
    since = stands_still_since(at, UUID(actor.organisation))
    if since is None:
        return {"still_since": None}
    return {
        "still_since": since.astimezone(ZoneInfo(zone_of(actor.organisation))),
        "runs_it": "operator" in actor.roles,
    }
