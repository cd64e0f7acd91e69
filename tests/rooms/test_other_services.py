"""Two services in one database know nothing of each other. Access ends with role or tie, at the next request."""

from __future__ import annotations

from datetime import timedelta

import pytest
from casebooks import Service, a_service
from django.test import Client
from django.utils import timezone

from openipt.accounts.roles import end_role
from openipt.casebook.operations.beginning import let_go

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def service(db) -> Service:
    return a_service(timezone.now() - timedelta(days=1))


def browser_of(service: Service, name: str) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(service.account(name), backend="openipt.accounts.backend.Backend")
    return client


def test_a_course_of_another_service_is_not_there(service: Service) -> None:
    theirs = service.begin()
    other = a_service(service.at, name="Another clinic")

    answer = browser_of(other, "T-77").get(f"/courses/{theirs.label}/")

    assert answer.status_code == 404


def test_access_ends_with_the_tie_at_the_next_request(service: Service) -> None:
    course = service.begin()
    browser = browser_of(service, "T-01")
    assert browser.get(f"/courses/{course.label}/").status_code == 200

    let_go(course, service.staff["T-01"].id, "assigned", timezone.now())

    assert browser.get(f"/courses/{course.label}/").status_code == 404


def test_access_ends_with_the_role_at_the_next_request(service: Service) -> None:
    course = service.begin()
    browser = browser_of(service, "T-01")
    assert browser.get(f"/courses/{course.label}/").status_code == 200

    held = service.staff["T-01"].memberships.get()
    end_role(membership=held, by=str(held.account_id), at=timezone.now())

    assert browser.get(f"/courses/{course.label}/").status_code in (403, 404)
