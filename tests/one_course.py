"""One service with one course, and browsers of those who come to it: for pages that need no worked case."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from casebooks import Service, a_service
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from openipt.casebook.models import Enrolment, Flag
from openipt.casebook.operations.saving import save_entry

BACKEND = "openipt.accounts.backend.Backend"
DAY = timedelta(days=1)
CALM = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 0}
IN_DANGER = CALM | {"q9": 2}
MOST_QUERIES = 15  # DESIGN 8


@pytest.fixture
def service(db) -> Service:
    return a_service(timezone.now() - 60 * DAY)


@pytest.fixture
def course(service: Service) -> Enrolment:
    return service.begin()


@pytest.fixture
def browser(service: Service) -> Client:
    return signed_in(service, "T-01")


def signed_in(service: Service, name: str, roles: tuple[str, ...] = ("therapist",)) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(service.account(name, roles), backend=BACKEND)
    return client


def text_of(answer) -> str:
    return answer.content.decode()


def mark() -> dict[str, str]:
    """The mark of a page: sent twice, it is one act."""
    return {"_id": str(uuid4())}


def write(service: Service, course: Enrolment, form: str, answers: dict, **more):
    """Write a sheet into a course, now."""
    how = {"by": service.actor(), "at": timezone.now(), "enrolment": course.label}
    return save_entry(**how, form=form, answers=answers, **more)


def raise_flag(service: Service, course: Enrolment, **more) -> Flag:
    """An answer that waits for a person."""
    saved = write(service, course, "phq-9", IN_DANGER, **more)
    return Flag.objects.get(entry=saved.id)


def queries(browser: Client, address: str) -> int:
    """How many questions a page asks, once everything that is asked once per process is known."""
    assert browser.get(address).status_code == 200, address
    with CaptureQueriesContext(connections["default"]) as record, CaptureQueriesContext(connections["keys"]) as keys:
        browser.get(address)
    house = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return len([one for one in (*record, *keys) if not one["sql"].startswith(house)])
