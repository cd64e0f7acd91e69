"""What came in from a client after the course was over: no session page comes any more on which it would stand."""

from __future__ import annotations

from typing import Any

from django import template

from openipt.rooms.workspace.courses import Course
from openipt.rooms.workspace.sessions.came_in import came_in

register = template.Library()


@register.inclusion_tag("workspace/_from_client.html")
def from_client(one: Course) -> dict[str, Any]:
    """Say what came in since the last session of a course that has ended; nothing while it runs."""
    if one.record.ended_on is None:
        return {"came_in": ()}
    held = one.record.held()
    return {"came_in": came_in(one.id, one.record, held[-1].recorded_at if held else None)}
