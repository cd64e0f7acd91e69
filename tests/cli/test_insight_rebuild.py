"""`openipt insight --rebuild`: what a service keeps of its diaries is made anew, and none of it is shown."""

from __future__ import annotations

import json

import pytest
from casebooks import Service
from cli.operating import run_one
from diaries import keep_a_diary

from openipt.casebook.models import Fit
from openipt.casebook.operations.changing import begin_thing
from openipt.casebook.operations.fitting import switch

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def course(service: Service):
    """A course with a diary of which nothing was made yet."""
    made = service.begin()
    begin_thing(by=service.actor(), at=service.at, enrolment=made.label, kind="person", label="P1")
    keep_a_diary(service, service.enrolment(made.label), 4)
    return made


def switched_on(service: Service) -> None:
    lead = service.account("Lead", ("lead",))
    switch(organisation=service.organisation, on=True, read_by=lead.id, read_on=service.at.date(), at=service.at)


def test_every_course_of_a_service_that_switched_it_on_gets_its_fit(service: Service, course) -> None:
    switched_on(service)

    said = run_one(["insight", "--rebuild", "--json"])

    assert said["code"] == 0, said["err"]
    told = {"service": str(service.organisation.id), "on": True, "courses": 1, "stored": 1, "learned_from": 0}
    assert json.loads(said["out"]) == {"services": [told]}
    assert Fit.objects.get().enrolment_id == course.id
    assert "P1" not in said["out"]


def test_a_service_that_has_it_switched_off_keeps_nothing(service: Service, course) -> None:
    said = run_one(["insight", "--rebuild"])

    assert said["code"] == 0
    assert "switched off" in said["out"]
    assert Fit.objects.count() == 0


def test_too_few_clients_teach_nothing_and_the_fits_are_made_all_the_same(service: Service, course) -> None:
    switched_on(service)

    said = run_one(["insight", "--rebuild", "--learn"])

    assert said["code"] == 0
    assert "nothing learned. 0 clients with 14 entries or more; expected at least 20" in said["err"]
    assert "1 of 1 courses have something stored." in said["out"]


def test_it_takes_no_table(service: Service) -> None:
    said = run_one(["insight", "diary.csv", "--rebuild"])

    assert said["code"] == 2


def test_without_a_table_and_without_rebuild_it_says_what_is_missing() -> None:
    said = run_one(["insight"])

    assert said["code"] == 2
    assert "--rebuild" in said["err"]
