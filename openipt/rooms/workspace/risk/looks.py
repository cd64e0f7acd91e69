"""The door to who looked at a record: in sentences, a day at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from openipt.audit.reading import Look
from openipt.casebook.queries.looked import Looked, looked, with_caregivers
from openipt.casebook.queries.visible import NotAllowed
from openipt.policy import door
from openipt.rooms.workspace.courses import course as find_course
from openipt.rooms.workspace.courses import who
from openipt.therapy.course.young import caregivers
from openipt.therapy.words import Sentence, say

SHOWN = timedelta(days=28)
PURPOSES = ("supervision", "emergency", "research", "administration")  # told; everything else was the treatment
ABOUT_ACCOUNTS = frozenset({"account", "client-access", "recovery-code", "role", "second-factor", "sign-in", "slip"})


@dataclass(frozen=True, slots=True)
class Told:
    """What one person did on one day, in one way: how often, when first, and what for."""

    words: Sentence
    purpose: Sentence | None


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a record."""

    on: date
    told: tuple[Told, ...]


@door("session_records", "read")
@require_safe
def looks_at(request: HttpRequest, course_id: str) -> HttpResponse:
    """Show who looked at a course: the last four weeks, or everything. Whoever may not know is told who may."""
    now, every = timezone.now(), "all" in request.GET
    one = find_course(request, course_id)
    try:
        found = looked(who(request), course_id, now, None if every else now - SHOWN)
        found = with_caregivers(found, caregivers(one.record, now.date()))
    except NotAllowed:
        found = None
    page = {
        "here": "caseload",
        "tab": "",
        "all": one,
        "days": list(days(found)) if found else (),
        "closed": found is None,
        "own": found is not None and found.own,
        "every": every,
    }
    return render(request, "workspace/risk/looks.html", page)


def days(found: Looked) -> Iterator[Day]:
    """Fold looks by day, person and kind of act: somebody who opened a record twelve times is one line."""
    for on, several in groupby(found.looks, key=lambda one: one.at.date()):
        kinds: dict[tuple[str, str, str], list[Look]] = {}
        for one in several:
            kinds.setdefault((one.by, kind_of_look(one), one.purpose), []).append(one)
        yield Day(on, tuple(_told(found, kind, looks) for (_, kind, _), looks in kinds.items()))


def kind_of_look(look: Look) -> str:
    """Return in which way somebody looked or wrote: the sentence that tells it."""
    if look.listed:
        return "listed"
    if look.act in ("record.export", "record.print"):
        return "copied" if look.act == "record.export" else "printed"
    if look.act.partition(".")[0] in ABOUT_ACCOUNTS:
        return "account"
    return "wrote" if look.wrote else "opened"


def _told(found: Looked, kind: str, looks: list[Look]) -> Told:
    first, n = min(one.at for one in looks), sum(one.times for one in looks)
    words = say(f"looked.{kind}", who=_name(found, looks[0].by), at=f"{first:%H:%M}", n=n)
    purpose = looks[0].purpose
    return Told(words, say(f"looked.{purpose}") if purpose in PURPOSES else None)


def _name(found: Looked, by: str) -> str | Sentence:
    try:
        account = UUID(by)
    except ValueError:
        return say("looked.service")  # a job has a name of its own, which says nothing to people
    if by == found.client:
        return say("looked.client")
    return found.names.get(account.hex) or say("looked.gone")
