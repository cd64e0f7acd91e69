"""What is read past the ORM says the same as what is read through it: moments stay moments, of one and of many."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from casebooks import Service

from openipt.casebook.models import Flag
from openipt.casebook.operations.drafting import save_draft
from openipt.casebook.operations.flagging import hand_over_flag
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.deadlines import Deadline, deadlines
from openipt.casebook.queries.notes import own_drafts
from openipt.casebook.queries.reading import moment, rows

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

MOST_DAYS = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 2}
HOURS = timedelta(hours=1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def course(service: Service):
    return service.begin()


def raised(service: Service, course, hour: int) -> Flag:
    at = service.at + hour * HOURS
    saved = save_entry(by=service.actor(), at=at, enrolment=course.label, form="phq-9", answers=MOST_DAYS)
    return Flag.objects.get(entry=saved.id)


@pytest.mark.parametrize("stored", ["2026-03-02 12:00:00", "2026-03-02 12:00:00+00:00", datetime(2026, 3, 2, 12), NOON])
@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Europe/Lisbon"), ZoneInfo("Asia/Kathmandu")])
def test_a_stored_moment_is_one_moment_however_the_driver_gives_it(stored, zone) -> None:
    assert moment(stored, zone) == NOON
    assert moment(stored, zone).utcoffset() == NOON.astimezone(zone).utcoffset()


def test_of_one_course_and_of_two_the_earliest_deadline_comes_first_handed_over_or_not(service, course) -> None:
    first, second = raised(service, course, 0), raised(service, course, 1)
    other = service.account("T-02")
    late = service.at + 9 * HOURS
    how = {"by": service.actor(), "at": service.at + HOURS, "words": "Please."}
    hand_over_flag(**how, flag=first.id, to=other.id, due_at=late, cover_until=late)

    expected = (
        Deadline(second.id, second.rule, second.due_at, second.answered_at),
        Deadline(first.id, first.rule, late, first.answered_at),
    )
    assert deadlines(service.actor(), [course.label]) == {course.label: expected}
    assert deadlines(service.actor(), [course.label, service.begin().label]) == {course.label: expected}


def test_a_draft_tells_when_it_was_kept(service: Service, course) -> None:
    made = uuid4()
    how = {"by": service.actor(), "at": service.at, "enrolment": course.label}
    save_draft(**how, form="timeline", about="", id=made, body={"fields": {}})

    (found,) = own_drafts(service.actor(), course.label)
    assert (found.id, found.form, found.saved_at, found.beside) == (made, "timeline", service.at, False)


def test_columns_come_in_the_order_they_were_asked_for(course) -> None:
    ((label, code),) = rows(type(course).objects.filter(id=course.id), "label", "client__code")
    assert (label, code) == (course.label, course.client.code)
