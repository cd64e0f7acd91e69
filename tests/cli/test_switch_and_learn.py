"""`openipt insight --switch-on` and `--switch-off`, `openipt progress --learn` and `--forget`, on the server."""

from __future__ import annotations

import json

import pytest
from casebooks import Service
from cli.operating import run_one
from diaries import keep_a_diary
from finished_courses import keep_finished

from openipt.audit.models import AuditEvent
from openipt.casebook.models import ExpectedCourse, Fit
from openipt.casebook.operations.changing import begin_thing
from openipt.casebook.queries.fits import is_on

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def course(service: Service):
    """A course with a diary of which nothing was made yet."""
    made = service.begin()
    begin_thing(by=service.actor(), at=service.at, enrolment=made.label, kind="person", label="P1")
    keep_a_diary(service, service.enrolment(made.label), 4)
    return made


def stands(service: Service) -> bool:
    service.organisation.refresh_from_db()
    return is_on(service.organisation.promise)


def test_it_is_switched_on_for_the_lead_who_read_it_and_old_diaries_are_looked_at(service: Service, course) -> None:
    lead = service.account("Ida", ("lead",))
    said = run_one(["insight", "--switch-on", "--read-by", "IDA"])

    assert said["code"] == 0, said["err"]
    assert "switched on." in said["out"]
    assert stands(service)
    assert service.organisation.promise["insight"]["read_by"] == str(lead.id)
    assert AuditEvent.objects.get(act="switch_insight").by == "command-line"
    assert Fit.objects.get().enrolment_id == course.id


def test_nobody_named_is_shown_what_it_is_for_and_nothing_changes(service: Service) -> None:
    said = run_one(["insight", "--switch-on"])

    assert said["code"] == 2
    assert "not for emergencies" in said["err"]
    assert "violence or coercion" in said["err"]
    assert not stands(service)


@pytest.mark.parametrize(("name", "roles"), [("Anna", ("therapist",)), ("Op", ("operator",)), (None, ())])
def test_who_does_not_decide_cannot_be_named(service: Service, name, roles) -> None:
    if name:
        service.account(name, roles)
    said = run_one(["insight", "--switch-on", "--read-by", name or "nobody"])

    assert said["code"] == 1
    assert ("does not decide" if name else "nobody signs in") in said["err"]
    assert not stands(service)


def test_it_is_switched_off_by_whoever_runs_the_server(service: Service, course) -> None:
    service.account("Ida", ("lead",))
    run_one(["insight", "--switch-on", "--read-by", "ida"])
    said = run_one(["insight", "--switch-off", "--json"])

    told = {"service": str(service.organisation.id), "on": False, "changed": True}
    assert json.loads(said["out"]) == {"services": [told]}
    assert not stands(service)
    assert Fit.objects.count() == 0
    assert "It was so before." in run_one(["insight", "--switch-off"])["out"]


@pytest.mark.parametrize(
    "line", [["--switch-on", "--switch-off"], ["--switch-on", "--rebuild"], ["diary.csv", "--switch-off"]], ids=str
)
def test_switching_stands_alone(service: Service, line: list[str]) -> None:
    assert run_one(["insight", *line])["code"] == 2


def test_of_99_finished_courses_nothing_is_learned_and_why_is_said(service: Service) -> None:
    keep_finished(service, 99)
    said = run_one(["progress", "--learn"])

    assert said["code"] == 0, said["err"]
    assert "ipt-classic, phq-9: 99 finished courses; 100 are needed, so nothing was learned" in said["out"]
    assert ExpectedCourse.objects.count() == 0


def test_from_100_on_it_is_learned_once_and_can_be_given_up(service: Service) -> None:
    keep_finished(service, 100)
    told = json.loads(run_one(["progress", "--learn", "--json"])["out"])["services"]
    (one,) = told[0]["learned"]
    assert (one["manual"], one["form"], one["finished_courses"], one["new"]) == ("ipt-classic", "phq-9", 100, True)
    assert one["version"] == ExpectedCourse.objects.get().version

    assert "nothing has changed since the last time" in run_one(["progress", "--learn"])["out"]
    assert "nothing is expected of any course from today on (1 given up)" in run_one(["progress", "--forget"])["out"]
    assert "(0 given up)" in run_one(["progress", "--forget"])["out"]


def test_without_finished_courses_there_is_nothing_to_learn_from(service: Service) -> None:
    assert "no finished course to learn from" in run_one(["progress", "--learn"])["out"]


@pytest.mark.parametrize(
    "line",
    [["--learn", "--forget"], ["scores.csv", "--learn"], ["--learn", "--form", "phq-9"], [], ["scores.csv"]],
    ids=str,
)
def test_learning_takes_no_table_and_a_table_needs_its_form(line: list[str]) -> None:
    assert run_one(["progress", *line])["code"] == 2
