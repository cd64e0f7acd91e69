"""What came in from the client between two sessions, besides what the page of a session tells in other places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.urls import reverse

from openipt.casebook.queries.unseen import Unseen
from openipt.therapy.forms import form_ids, has_form, open_form
from openipt.therapy.record import Entry, Record

PEOPLE = ("interpersonal-inventory", "closeness-circle", "ties")
# Told elsewhere on the page, or nothing to read before a session.
ELSEWHERE = frozenset({"between-session-step", "mood-diary", "portal-pause", "safe-contact", "talk-about", "timeline"})
LESSON = "lesson-read"
LONGEST = 80


@dataclass(frozen=True, slots=True)
class CameIn:
    """One thing the client wrote: when, what it is, its first words, and where it can be read."""

    on: date
    title: str
    words: str
    address: str


def came_in(course: str, record: Record, after: datetime | None) -> tuple[CameIn, ...]:
    """Return what the client wrote, the newest first; the people of the circle once, whatever was changed there.

    Args:
        course: The label of the enrolment.
        record: The record as it was known when the session was written down.
        after: When the session before was recorded; None where there was none.
    """
    replaced = {one.replaces for one in record.entries if one.replaces and not one.retracted_at}
    standing = [one for one in record.entries if one.id not in replaced and not one.retracted_at]
    fresh = [one for one in standing if _is_clients(one) and (after is None or one.recorded_at > after)]
    return tuple(_lines(course, sorted(fresh, key=lambda one: one.recorded_at, reverse=True)))


def _is_clients(entry: Entry) -> bool:
    """Whether the client wrote it: their accounts have no name that colleagues see."""
    return not entry.by and entry.kind == "answers" and _is_told_here(entry.form)


def _is_told_here(name: str) -> bool:
    if name in ELSEWHERE or not has_form(name):
        return False
    form = open_form(name)
    return form.kind == "worksheet" and "client" in form.filled_by


def told_here() -> frozenset[str]:
    """Return the forms of the shelf that are told here."""
    return frozenset(name for name in form_ids() if _is_told_here(name))


@cache
def unseen() -> Unseen:
    """Return the question how much of this waits to be looked at."""
    return Unseen(told_here(), PEOPLE)


def _lines(course: str, entries: list[Entry]) -> Iterator[CameIn]:
    people = False
    for one in entries:
        if one.form in PEOPLE:
            if not people:
                yield CameIn(
                    one.happened_at.date(), "People", "The circle was changed", reverse("people", args=[course])
                )
            people = True
            continue
        address = reverse("entry", args=[course, one.id])
        title, words = open_form(one.form).name, _first_words(one)
        if one.form == LESSON:
            title, words = "Read", str(one.answers.get("title") or one.answers.get("lesson") or "")
        yield CameIn(one.happened_at.date(), title, words, address)


def _first_words(entry: Entry) -> str:
    """Return the first words that stand on a sheet."""
    words = next((text for text in entry.answers.values() if isinstance(text, str) and " " in text), "")
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 3]}..."
