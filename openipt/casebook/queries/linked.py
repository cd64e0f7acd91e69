"""Courses of one client that go on from each other, and what the newest course sheet says of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from openipt.casebook import sealing
from openipt.casebook.models import Enrolment, Entry, Tie
from openipt.casebook.models.sealed import read_body
from openipt.casebook.queries.facts import COURSE
from openipt.casebook.queries.reading import as_uuid, bare_id, rows
from openipt.casebook.queries.visible import live, rule
from openipt.policy import Actor
from openipt.tables.asking import Question

KIND = "session_records"
READ = ("enrolment__label", "scope", "id", "body")
ALONE = 1


@dataclass(frozen=True, slots=True)
class Linked:
    """Another course of the same client: the one this goes on from, or one that goes on from it."""

    course: str
    manual: str
    way: str  # `before` or `after`
    began_on: str | None
    ended_on: str | None


def course_sheet(enrolment: Enrolment) -> dict[str, Any]:
    """Return what the newest course sheet says, as it was written."""
    sheets = Entry.objects.filter(form=COURSE, enrolment=enrolment).order_by("seq")
    return _read(rows(sheets, *READ)).get(enrolment.label, {})


def linked(actor: Actor, course: str, at: datetime) -> tuple[Linked, ...]:
    """Return the courses of the same client that this one goes on from or into, as far as the actor sees them.

    One query, or two where the client has another course, however many courses somebody has in charge.
    """
    if len(_OF_CLIENT.ask(course=course, organisation=UUID(actor.organisation))) <= ALONE:
        return ()  # nearly always; no sheet is read to find that out
    opening = tuple(tie for tie in Tie.KINDS if rule(actor, {tie}, KIND, "read").allowed)
    asked = _sheets_question(opening)
    sheets = asked.ask(account=UUID(actor.id), organisation=UUID(actor.organisation), course=course, at=at)
    if len({label for label, *_ in sheets}) < ALONE + 1:
        return ()
    said = _read(sheets)
    own = said.get(course, {})
    found = [_linked(label, sheet, course, own) for label, sheet in said.items() if label != course]
    return tuple(sorted((one for one in found if one), key=lambda one: (one.way != "before", one.began_on or "")))


def _of_client(course: str, organisation: UUID) -> QuerySet[Enrolment, Any]:
    here = Enrolment.objects.filter(label=course, organisation_id=organisation)
    return Enrolment.objects.filter(client__in=here.values("client")).values_list("id")


_OF_CLIENT = Question(_of_client)


@cache
def _sheets_question(opening: tuple[str, ...]) -> Question:
    """Return the written question for the ties that open a course to an actor."""

    def write(account: UUID, organisation: UUID, course: str, at: datetime) -> QuerySet[Entry, Any]:
        tied = Tie.objects.filter(live(at), account_id=account, kind__in=opening)
        here = Enrolment.objects.filter(label=course, organisation_id=organisation)
        asked = Entry.objects.filter(form=COURSE, enrolment__client__in=here.values("client"))
        return asked.filter(enrolment__in=tied.values("enrolment")).order_by("seq").values_list(*READ)

    return Question(write)


def _linked(label: str, sheet: dict[str, Any], course: str, own: dict[str, Any]) -> Linked | None:
    way = "before" if own.get("follows") == label else "after" if sheet.get("follows") == course else ""
    if not way:
        return None
    return Linked(label, str(sheet.get("manual") or ""), way, sheet.get("began_on"), sheet.get("ended_on"))


def _read(sheets: Iterable[tuple[Any, ...]]) -> dict[str, dict[str, Any]]:
    """Return what the newest sheet of each course says, by its label; the sheets come in the server's order."""
    newest = {label: (bare_id(scope), bare_id(row), body) for label, scope, row, body in sheets}
    sealing.load(list({as_uuid(scope) for scope, *_ in newest.values()}))
    return {label: read_body(scope, "entry", row, body)["answers"] for label, (scope, row, body) in newest.items()}
