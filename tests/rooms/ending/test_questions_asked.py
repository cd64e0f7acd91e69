"""Pages of deciding and ending ask the database the same number of questions, however long a course and a list are."""

from __future__ import annotations

from uuid import uuid4

import pytest
from casebooks import Service, a_service
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from running_courses import DAY, signed_in, with_scores

from openipt.casebook.operations.deciding import decide

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

MOST = 15
QUIET = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@pytest.fixture
def service(db) -> Service:
    return a_service(timezone.now() - 60 * DAY)


def asked(browser, address: str) -> int:
    browser.get(address)
    with CaptureQueriesContext(connections["default"]) as record, CaptureQueriesContext(connections["keys"]) as keys:
        assert browser.get(address).status_code == 200
    return len([one for one in (*record, *keys) if not one["sql"].startswith(QUIET)])


def put_before_another(service: Service, label: str) -> None:
    answers = {"point": "DP8", "action": "continue_with_reason", "client_says": "Stay.", "reason": "Soon."}
    how = {"by": service.actor(), "at": timezone.now(), "enrolment": label}
    decide(**how, answers=answers, id=uuid4(), asked="Slow.")


@pytest.mark.parametrize(
    "page",
    [
        "/courses/{}/",
        "/courses/{}/decisions/DP4/",
        "/courses/{}/review/",
        "/courses/{}/ending/",
        "/courses/{}/ending/?how=finished",
        "/courses/{}/ending/letter/",
        "/courses/{}/keeping-well/",
        "/courses/{}/going-on/?how=extension",
        "/courses/{}/missed/",
        "/courses/{}/handing-over/",
        "/leave/",
        "/sign-off/",
    ],
)
def test_a_page_asks_few_questions_and_no_more_of_many(service: Service, page: str) -> None:
    counts = []
    for n in (1, 12):
        courses = [with_scores(service, *([17] * min(n, 4))) for _ in range(n)]
        for one in courses:
            put_before_another(service, one.label)
        counts.append(asked(signed_in(service, "T-01"), page.format(courses[0].label)))

    assert counts[0] == counts[1], counts
    assert counts[0] <= MOST, counts


def test_a_course_that_goes_on_in_another_asks_no_more_than_that_either(service: Service) -> None:
    course = with_scores(service, 17, 16)
    browser = signed_in(service, "T-01")
    typed = {"reason": "Third time", "client_says": "Yes.", "agreed": "1", "began_on": f"{timezone.now():%Y-%m-%d}"}
    made = browser.post(
        f"/courses/{course.label}/going-on/", {"_id": str(uuid4()), "how": "maintenance", "manual": "ipt-m", **typed}
    )

    assert asked(browser, f"/courses/{course.label}/") <= MOST
    assert asked(browser, made["Location"]) <= MOST
