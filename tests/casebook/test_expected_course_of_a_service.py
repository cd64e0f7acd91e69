"""What a service expects of its courses: learned from 100 finished ones, not from 99, and the same wherever asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from casebooks import Service, a_service
from evidence.records import kept_until_the_end
from finished_courses import finished, keep_finished, running

from openipt.audit.models import AuditEvent
from openipt.casebook import sealing
from openipt.casebook.models import Enrolment, ExpectedCourse, Standing
from openipt.casebook.models.sealed import read_body
from openipt.casebook.operations.expecting import forget_expected, learn_expected
from openipt.casebook.operations.new_day import reckon, standing_faults
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.caseload import caseload, caseload_as_of
from openipt.casebook.queries.courses import open_course
from openipt.casebook.queries.record import record
from openipt.casebook.queries.verifying import verify_record
from openipt.exchange.keeping import keep
from openipt.therapy.course import decision_points, state
from openipt.therapy.forms import open_form
from openipt.therapy.manuals import open_manual
from openipt.therapy.progress.reference import from_data
from openipt.therapy.words import render

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

CLASSIC = open_manual("ipt-classic")
DAY = timedelta(days=1)
RISING = {0: 18.0, 1: 21.0, 2: 22.0}  # clearly further up than others from there; no decision point is due yet


@pytest.fixture(scope="module")
def of_99(django_db_setup, django_db_blocker) -> Iterator[Service]:
    """A service in which 99 courses have ended, made once; whatever a test does there is rolled back after it."""
    with django_db_blocker.unblock(), kept_until_the_end():
        made = a_service(datetime(2026, 3, 2, 9, tzinfo=UTC))
        for one in finished(100)[:99]:
            keep(one, made.keeper())
        yield made


@pytest.fixture
def service(of_99: Service, db) -> Service:
    of_99.organisation.refresh_from_db()
    return of_99


@pytest.fixture
def course(service: Service) -> Enrolment:
    """A course in its third week, on the day the service asks."""
    keep(running(RISING, service.at.date() - timedelta(days=14)), service.keeper())
    return service.enrolment("RUN-1")


def stands(course: Enrolment) -> tuple[str, str]:
    """State and reason in the stored row."""
    row = Standing.objects.get(enrolment=course)
    told = read_body(row.scope, "standing", row.enrolment_id, bytes(row.told))
    return row.state, json.dumps(told["reason"])


def judged(course: Enrolment, day: date):
    return state(CLASSIC, record(course), day)


def test_of_99_finished_courses_nothing_is_learned_kept_or_said(service: Service, course: Enrolment) -> None:
    before = stands(course)
    (one,) = learn_expected(service.organisation, service.at)

    assert (one.courses, one.version, one.new) == (99, None, False)
    assert ExpectedCourse.objects.count() == AuditEvent.objects.filter(act="learn_expected").count() == 0
    assert "expected" not in service.organisation.promise
    course = service.enrolment("RUN-1")
    assert record(course).expected == ()
    assert judged(course, service.at.date()).id == "early"
    assert stands(course) == before


def test_of_the_hundredth_on_it_is_kept_by_version_noted_and_can_be_opened_again(service: Service) -> None:
    keep_finished(service, 100, first=99)
    (one,) = learn_expected(service.organisation, service.at)

    row = ExpectedCourse.objects.get()
    assert (row.manual, row.form, row.courses, row.version) == ("ipt-classic", "phq-9", 100, one.version)
    assert (row.since, row.learned_at, len(row.inputs_hash)) == (service.at.date(), service.at, 64)
    reference = from_data(open_form("phq-9"), json.loads(row.body))
    assert (reference.shown, reference.version) == (True, row.version)
    event = AuditEvent.objects.get(act="learn_expected")
    assert (event.by, event.client) == ("service", "")
    assert list(verify_record()) == []


def test_every_reader_judges_by_it_from_that_day_on(service: Service, course: Enrolment) -> None:
    keep_finished(service, 100, first=99)
    assert stands(course)[0] == "early"
    learn_expected(service.organisation, service.at)
    actor, today = service.actor(), service.at.date()

    course = service.enrolment("RUN-1")
    found = judged(course, today)
    assert found.id == "off_track"
    assert "Compared with people here who started at a similar score" in render(found.why)
    assert stands(course)[0] == "off_track"
    listed = {one.id: one.standing.state for one in caseload(actor, service.at)}
    assert listed["RUN-1"] == "off_track"
    opened = open_course(actor, "RUN-1", service.at)
    assert state(opened.manual, opened.record, today).id == "off_track"
    later = today + timedelta(days=14)  # the decision point of day 28
    assert decision_points(CLASSIC, record(course), later)[0].state.id == state(CLASSIC, record(course), later).id


def test_days_before_keep_the_judgement_they_had(service: Service, course: Enrolment) -> None:
    keep_finished(service, 100, first=99)
    eve = service.at.date() - DAY
    before = judged(course, eve)
    learn_expected(service.organisation, service.at)

    assert judged(service.enrolment("RUN-1"), eve) == before
    actor = service.actor()
    listed = {one.id: one.standing.state for one in caseload_as_of(actor, eve, service.at, service.at)}
    assert listed["RUN-1"] == "early"


def test_the_stored_row_is_the_reckoned_one_all_along(service: Service, course: Enrolment) -> None:
    keep_finished(service, 100, first=99)

    def faults() -> list[str]:
        asked = Enrolment.objects.select_related("client", "group", "organisation")
        return [one.label for one in standing_faults(asked)]

    assert faults() == []
    learn_expected(service.organisation, service.at)
    assert faults() == []
    calm = {f"q{n}": 2 for n in range(1, 9)} | {"q9": 0}
    at = service.at + timedelta(days=7)
    save_entry(by=service.actor(), at=at, enrolment="RUN-1", form="phq-9", answers=calm)
    assert faults() == []
    reckon(service.enrolment("RUN-1").id, at + timedelta(days=8))
    assert faults() == []
    forget_expected(service.organisation, at + timedelta(days=9))
    assert faults() == []


def test_a_page_between_learning_and_reckoning_shows_what_was_learned(service, course, monkeypatch) -> None:
    from openipt.casebook.operations import expecting

    keep_finished(service, 100, first=99)
    monkeypatch.setattr(expecting, "reckon", lambda *_: False)  # as if the machine stopped there
    learn_expected(service.organisation, service.at)

    listed = {one.id: one.standing.state for one in caseload(service.actor(), service.at)}
    assert listed["RUN-1"] == "off_track"


def test_learning_again_from_the_same_courses_changes_nothing(service: Service) -> None:
    keep_finished(service, 100, first=99)
    learn_expected(service.organisation, service.at)
    (again,) = learn_expected(service.organisation, service.at + DAY)

    assert not again.new
    assert ExpectedCourse.objects.count() == 1


def test_a_later_estimate_stands_beside_the_earlier_one(service: Service, course: Enrolment) -> None:
    keep_finished(service, 100, first=99)
    learn_expected(service.organisation, service.at)
    keep_finished(service, 110, first=100)
    (one,) = learn_expected(service.organisation, service.at + timedelta(days=30))

    first, then = record(service.enrolment("RUN-1")).expected
    assert (first.courses, then.courses, one.new) == (100, 110, True)
    assert then.since == service.at.date() + timedelta(days=30)
    assert list(verify_record()) == []


def test_an_estimate_is_never_overwritten(service: Service) -> None:
    from django.db import DatabaseError, transaction

    keep_finished(service, 100, first=99)
    learn_expected(service.organisation, service.at)

    with pytest.raises(DatabaseError), transaction.atomic():
        ExpectedCourse.objects.update(courses=5000)
    with pytest.raises(DatabaseError), transaction.atomic():
        ExpectedCourse.objects.all().delete()


def test_it_can_be_given_up_from_a_day_on(service: Service, course: Enrolment) -> None:
    keep_finished(service, 100, first=99)
    learn_expected(service.organisation, service.at)
    later = service.at + DAY
    assert forget_expected(service.organisation, later) == 1
    assert forget_expected(service.organisation, later) == 0

    course = service.enrolment("RUN-1")
    assert judged(course, later.date()).id == "early"
    assert judged(course, service.at.date()).id == "off_track"  # that day was judged by it, and stays so
    assert stands(course)[0] == "early"


def test_a_course_that_runs_teaches_nothing_and_neither_does_one_that_was_erased(service, course) -> None:
    keep_finished(service, 100, first=99)
    sealing.erase(service.enrolment("FIN-007").client.scope, service.at)

    (one,) = learn_expected(service.organisation, service.at)
    assert (one.courses, one.new) == (99, False)


def test_how_a_course_ended_does_not_matter_and_courses_without_a_start_do_not_count(service: Service) -> None:
    from dataclasses import replace

    from openipt.therapy.course.ahead import finished_weeks

    short = next(one for one in finished(100) if len(one.sessions) < 8)
    form, weeks = finished_weeks(CLASSIC, short)
    assert (form, min(weeks)) == ("phq-9", 0)
    assert finished_weeks(CLASSIC, replace(short, ended_on=None, _memo={})) is None
    assert finished_weeks(CLASSIC, replace(short, entries=short.entries[:1], _memo={})) is None
    assert finished_weeks(CLASSIC, replace(short, entries=short.entries[1:], _memo={})) is None
    assert finished_weeks(open_manual("ipt-m"), short) is None


def test_a_record_asks_for_it_once_in_a_process(service, course, django_assert_num_queries) -> None:
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    def asked(enrolment: Enrolment) -> int:
        record(enrolment)
        with CaptureQueriesContext(connections["default"]) as queries:
            record(enrolment)
        return len(queries)

    before = asked(service.enrolment("RUN-1"))
    keep_finished(service, 100, first=99)
    learn_expected(service.organisation, service.at)
    assert asked(service.enrolment("RUN-1")) == before
