"""Since last time, beside measure, diary and step: what happened in between, and at most one thing to ask about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openipt.casebook.queries.fits import Stored
from openipt.rooms.workspace.course.following import dated_events
from openipt.rooms.workspace.course.insight import one_to_ask, taken_back_words
from openipt.rooms.workspace.courses import Course
from openipt.rooms.workspace.sessions.came_in import CameIn, came_in
from openipt.rooms.workspace.sessions.safety_first import Overdue, known_before, overdue
from openipt.therapy.course.due import measures_due
from openipt.therapy.course.not_yet_asked import KnownDanger
from openipt.therapy.manuals import Manual
from openipt.therapy.record import Record, Session
from openipt.therapy.words import Sentence, say
from openipt.therapy.writing.missing import unmeasured


@dataclass(frozen=True, slots=True)
class Happened:
    """A life event, on its day."""

    on: date
    text: str


@dataclass(frozen=True, slots=True)
class Since:
    """What the session page adds to what it shows of the time since the last session."""

    events: tuple[Happened, ...]
    ask: Sentence | None
    taken_back: tuple[Sentence, ...] = ()
    came_in: tuple[CameIn, ...] = ()
    left_out: Sentence | None = None  # what was due for the session before, never came in and is due no more
    danger: KnownDanger | None = None
    overdue: tuple[Overdue, ...] = ()  # due at an earlier session and not on record since


def since(course: Course, session: Session, before: Session | None, stored: Stored) -> Since:
    """Gather what happened between two sessions, as known when the later one began.

    What goes along with mood is known as of today, so it stands on the page of the newest session only.
    """
    began = course.record.as_of(session.happened_at)
    newest = not course.record.sessions or course.record.sessions[-1].id == session.id
    running = newest and course.record.ended_on is None
    return Since(
        tuple(
            Happened(day, str(said.get("text") or ""))
            for said, day in sorted(dated_events(began), key=lambda one: one[1] or date.min)
            if before is not None and day is not None and before.day < day <= session.day
        ),
        one_to_ask(course, stored) if running else None,
        taken_back_words(course, before.happened_at if before else None) if running and stored.on else (),
        # A session begins at a full minute and is written down later: what came in between would belong to none.
        came_in(
            course.id,
            course.record.as_of(max(session.happened_at, session.recorded_at)),
            before.recorded_at if before else None,
        ),
        left_out(course.manual, began, before, session.day),
        known_before(course, session) if running else None,
        overdue(course, session) if running else (),
    )


def left_out(manual: Manual, record: Record, before: Session | None, today: date) -> Sentence | None:
    """Name the questionnaires of the session before that nobody answered, and that are not asked again by today."""
    missing = unmeasured(manual, record, before) if before else ()
    again = {(item.id, item.about) for item in measures_due(manual, record, today)} if missing else set()
    names = dict.fromkeys(
        one.name
        for one in missing
        if (one.form, one.about) not in again
        and not any(before and entry.happened_at > before.happened_at for entry in record.of(one.form, one.about))
    )
    return say("left_out.since", forms=tuple(names), n=len(names), on=before.day) if names and before else None
