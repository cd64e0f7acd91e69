"""The way from an answer that waits to a safety conversation about it and back, and what its sheets leave unasked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse

from openipt.casebook.queries.flags import FlagTold
from openipt.rooms.filling.face import WayBack
from openipt.rooms.workspace.courses import Course
from openipt.therapy.course.conversations import Talk, may_be_said_alone, talks_since, was_spoken_about
from openipt.therapy.record import Record
from openipt.therapy.words import catalogue


def back_to_flag(course: str, record: Record, flag: str | None) -> WayBack | None:
    """Return the way back to an answer that an address names; None where the course has none of that name."""
    found = next((one for one in record.flags if one.id == flag), None) if flag else None
    if found is None:
        return None
    words = f"Back to the answer of {catalogue().spell(found.answered_at.date())}"
    return WayBack(reverse("flag", args=[course, found.id]), words, found.id, tells=True)


def talked(course: Course, found: FlagTold, since: date) -> Mapping[str, Any]:
    """Return what the page of a flag shows of the conversations since: their sheets, and whether they are enough."""
    talks = talks_since(course.record, since)
    return {
        "talks": talks,
        "spoken": was_spoken_about(course.record, since),
        "said_alone": any(talk.alone is True and not talk.unasked for talk in talks),
        "talk_at": f"{reverse('fill', args=[course.id, 'safety-conversation'])}?back={found.id}",
    }


def why_not_alone(record: Record, since: date) -> str | None:
    """Say why it cannot be written down that somebody spoke about it alone; None where nothing speaks against it."""
    if may_be_said_alone(record, since):
        return None
    talks = talks_since(record, since)
    or_else = "or take the tick away: everything else can be kept without it."
    if not talks:
        day = catalogue().spell(since)
        return f"No safety conversation of {day} or later is on record. Write its sheet first, {or_else}"
    if talks[-1].unasked:
        return f"{unasked_in_words(talks[-1])} Ask, and add it to the sheet, {or_else}"
    return f"The sheet says that somebody else was there. Ask alone, and write that down, {or_else}"


def unasked_in_words(talk: Talk) -> str:
    """Say which questions a sheet leaves blank."""
    day = catalogue().spell(talk.entry.happened_at.date())
    return f"The safety conversation of {day} leaves blank: {'; '.join(talk.unasked)}."
