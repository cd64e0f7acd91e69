"""A page asks the database the same number of questions for one client and for thirty."""

from __future__ import annotations

import pytest
from casebooks import Service, a_service
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from openipt.casebook.operations.saving import save_entry

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

MOST = 15  # DESIGN section 8
CALM = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 0}


@pytest.fixture
def small(now, db) -> Service:
    return a_service(now)


@pytest.fixture
def now():
    from django.utils import timezone

    return timezone.now()


def asked(browser: Client, address: str) -> int:
    """How many questions a page asks, both stores together, once everything that is asked once per process is known."""
    browser.get(address)
    with CaptureQueriesContext(connections["default"]) as record, CaptureQueriesContext(connections["keys"]) as keys:
        assert browser.get(address).status_code == 200
    return len(
        [one for one in (*record, *keys) if not one["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]
    )


def with_courses(service: Service, n: int) -> tuple[Client, str]:
    labels = []
    for _ in range(n):
        course = service.begin()
        labels.append(course.label)
        for _ in range(3):
            save_entry(by=service.actor(), at=service.at, enrolment=course.label, form="phq-9", answers=CALM)
    browser = Client(HTTP_HOST="localhost")
    browser.force_login(service.staff["T-01"], backend="openipt.accounts.backend.Backend")
    return browser, labels[0]


@pytest.mark.parametrize("page", ["/", "/?on=2199-01-01", "/courses/{}/", "/courses/{}/people/"])
def test_the_number_of_questions_does_not_grow_with_the_clients(small: Service, page: str) -> None:
    counts = {}
    for n in (1, 2, 27):  # 1, 3 and 30 in all
        browser, label = with_courses(small, n)
        counts[n] = asked(browser, page.format(label))

    assert len(set(counts.values())) == 1, counts
    assert counts[1] > 3  # something was counted
    assert counts[27] <= MOST
