"""What whoever prepares a session reads first: what is known of danger, and what was due at an earlier session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from openipt.rooms.workspace.courses import Course
from openipt.therapy.course.not_yet_asked import KnownDanger, known_danger, not_yet_asked
from openipt.therapy.record import Session
from openipt.therapy.words import Sentence

PAGES = {"safety-conversation": "agreed-safety", "medical-review": "agreed-medical"}


@dataclass(frozen=True, slots=True)
class Overdue:
    """What was due at an earlier session and is not on record, with the page on which it is written."""

    why: Sentence
    address: str
    form: str


def overdue(course: Course, before: Session | None = None) -> tuple[Overdue, ...]:
    """Return what the sessions before one left open; of the next session, if none is given."""
    return tuple(
        Overdue(one.why, reverse(PAGES[one.form], args=[course.id]), one.form)
        for one in not_yet_asked(course.manual, course.record, before)
    )


def known_before(course: Course, session: Session) -> KnownDanger | None:
    """Return what was known of danger before a session; None where an answer of its day stands on the page already."""
    known = known_danger(course.manual, course.record, session.day)
    return known if known and known.flag.on < session.day else None


def known_ahead(course: Course, today: date) -> KnownDanger | None:
    """Return what is known of danger on a day."""
    return known_danger(course.manual, course.record, today)


def stands_above(known: KnownDanger | None) -> bool:
    """Whether an answer waits for somebody to write about it: then it stands at the head of the page, with its way."""
    return known is not None and known.flag.is_open and (known.flag.state == "known" or known.flag.handled is not None)
