"""What the client said about coming to a session, in words, for the card before it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import template

from openipt.therapy.forms import open_form
from openipt.therapy.forms.layout import spoken
from openipt.therapy.record import Record

register = template.Library()
FORM = "appointment-answer"
LATELY = timedelta(days=14)


@register.inclusion_tag("workspace/inviting/_coming.html")
def about_coming(record: Record, day: date | None = None) -> dict[str, Any]:
    """Say the newest answer about a session.

    Args:
        record: Of the course.
        day: Of the session that is shown; without it, whichever comes, or was to be in the last two weeks.
    """
    entry = record.newest(FORM)
    if entry is None or "session_at" not in entry.answers:
        return {"said": None}
    session = datetime.fromisoformat(str(entry.answers["session_at"])).replace(tzinfo=None)
    if day is not None and session.date() != day:
        return {"said": None}
    if session < entry.happened_at.replace(tzinfo=None) - LATELY:
        return {"said": None}
    form = open_form(entry.form, entry.version)
    words = {item.id: spoken(form, item, entry.answers[item.id], {}) for item in form.items if item.id in entry.answers}
    return {"said": words, "session": session, "heard_at": entry.recorded_at}
