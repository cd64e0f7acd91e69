"""Learn from finished courses what a service may expect of those that run: by a command, kept by version, dated."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from openipt.accounts.models import Organisation
from openipt.audit.writing import wrote
from openipt.casebook.models import Enrolment, ExpectedCourse, Standing
from openipt.casebook.operations.acting import THE_SERVICE
from openipt.casebook.operations.new_day import reckon
from openipt.casebook.queries.expecting import NEWEST
from openipt.casebook.queries.manuals import manual_of
from openipt.casebook.queries.record import record
from openipt.casebook.sealing import KeyGone
from openipt.therapy.course.ahead import Weeks, finished_weeks, hash_of_courses
from openipt.therapy.forms import open_form

DIARIES = ("mood-diary", "rhythm-diary")
GIVEN_UP = "given-up"
LEAST = 100  # CLINICAL-RULES 1: of fewer courses nothing is learned, kept or shown

Told = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Learned:
    """What came of one manual and one measure: the courses there were, and the version that holds now, if any."""

    manual: str
    form: str
    courses: int
    version: str | None
    new: bool


def learn_expected(organisation: Organisation, at: datetime, told: Told = lambda _: None) -> tuple[Learned, ...]:
    """Learn the expected course of every manual and measure with 100 finished courses or more, and keep it.

    Courses are judged by it from this day on, and rows of the caseload are reckoned anew. Learning again from the same
    courses changes nothing.

    Args:
        organisation: The service.
        at: The server's time.
        told: Called with the number of courses looked at so far.
    """
    found = _finished(organisation, at, told)
    made = tuple(_learn(organisation, manual, form, courses, at) for (manual, form), courses in sorted(found.items()))
    _keep(organisation, [row for _, row in made if row], at)
    return tuple(one for one, _ in made)


def forget_expected(organisation: Organisation, at: datetime) -> int:
    """Expect nothing any more, of any course, from this day on; return how many estimates were given up."""
    held = {(row.manual, row.form): row for row in _rows(organisation)}
    rows = [
        _row(organisation, row.manual, row.form, at, courses=0, version=GIVEN_UP, hashed="", body={})
        for row in held.values()
        if row.courses
    ]
    _keep(organisation, rows, at)
    return len(rows)


def _finished(organisation: Organisation, at: datetime, told: Told) -> dict[tuple[str, str], list[Weeks]]:
    """Gather the finished courses of a service by manual and measure. What was erased cannot be read, and is not."""
    found: dict[tuple[str, str], list[Weeks]] = defaultdict(list)
    asked = Enrolment.objects.filter(organisation=organisation).select_related("client", "group", "organisation")
    for n, one in enumerate(asked.order_by("id"), 1):
        for manual, form, weeks in _taught(one, _day(organisation, at)):
            found[manual, form].append(weeks)
        told(n)
    return found


def _taught(one: Enrolment, today: date) -> Iterator[tuple[str, str, Weeks]]:
    try:
        known = record(one, naming=False, without=DIARIES)
        if known.ended_on is None or known.ended_on >= today:
            return
        taught = finished_weeks(manual_of(known, grouped=one.group_id is not None), known)
    except KeyGone:
        return
    if taught:
        yield known.manual, *taught


def _learn(
    organisation: Organisation, manual: str, form: str, courses: Sequence[Weeks], at: datetime
) -> tuple[Learned, ExpectedCourse | None]:
    """Estimate one expected course, where there are courses enough and something changed since the last time."""
    held = next((row for row in reversed(_rows(organisation)) if (row.manual, row.form) == (manual, form)), None)
    current = held.version if held and held.courses else None
    if len(courses) < LEAST:
        return Learned(manual, form, len(courses), current, False), None
    hashed = hash_of_courses(manual, open_form(form), courses)
    if held and held.inputs_hash == hashed:
        return Learned(manual, form, len(courses), current, False), None
    row = _estimated(organisation, manual, form, courses, hashed, at)
    return Learned(manual, form, len(courses), row.version if row else current, row is not None), row


def _estimated(
    organisation: Organisation, manual: str, form: str, courses: Sequence[Weeks], hashed: str, at: datetime
) -> ExpectedCourse | None:
    from openipt.therapy.progress import local_reference
    from openipt.therapy.progress.reference import as_data

    made = local_reference(open_form(form), courses)
    if made is None or not made.shown:  # a measure without a reliable change; courses with nothing inside its weeks
        return None
    body = as_data(made)
    return _row(organisation, manual, form, at, courses=made.courses, version=made.version, hashed=hashed, body=body)


def _row(
    organisation: Organisation,
    manual: str,
    form: str,
    at: datetime,
    *,
    courses: int,
    version: str,
    hashed: str,
    body: Mapping[str, object],
) -> ExpectedCourse:
    return ExpectedCourse(
        organisation=organisation,
        manual=manual,
        form=form,
        since=_day(organisation, at),
        learned_at=at,
        courses=courses,
        version=version,
        inputs_hash=hashed,
        body=json.dumps(body, separators=(",", ":"), sort_keys=True),
    )


def _keep(organisation: Organisation, rows: Sequence[ExpectedCourse], at: datetime) -> None:
    """Keep estimates and have each course they speak of judged by them: its row is of an earlier day from now on."""
    if not rows:
        return
    manuals = {row.manual for row in rows}
    standing = Standing.objects.filter(organisation=organisation, open=True, manual__in=manuals)
    with transaction.atomic():
        for row in rows:
            row.save(force_insert=True)
        fresh = Organisation.objects.select_for_update().get(id=organisation.id)
        organisation.promise = {**fresh.promise, NEWEST: str(rows[-1].id)}
        organisation.save(update_fields=["promise"])
        standing.update(on=_day(organisation, at) - timedelta(days=1))
        wrote(act="learn_expected", by=THE_SERVICE, at=at, organisation=str(organisation.id), client=None, rows=rows)
    for enrolment in list(standing.values_list("enrolment", flat=True)):
        reckon(enrolment, at)


def _rows(organisation: Organisation) -> list[ExpectedCourse]:
    return list(ExpectedCourse.objects.filter(organisation=organisation).order_by("learned_at", "id"))


def _day(organisation: Organisation, at: datetime) -> date:
    return at.astimezone(ZoneInfo(organisation.zone)).date()
