"""What was written on a day stands on the page of that day, whatever the hour and wherever the service is."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from casebooks import a_service
from django.test import Client

from openipt.casebook.operations.saving import save_entry

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
BEGAN = datetime(2025, 11, 3, 17, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "UTC", "Pacific/Auckland"])
@pytest.mark.parametrize("hour", [0, 9, 15, 17, 23])
def test_what_was_written_at_any_hour_stands_on_the_story_at_once(zone: str, hour: int) -> None:
    service = a_service(BEGAN, zone=zone)
    course = service.begin()
    written = datetime(2025, 11, 10, hour, 30, tzinfo=ZoneInfo(zone))
    how = {"form": "formulation", "answers": {"client_words": "Since the move nobody rings."}}
    save_entry(by=service.actor(), at=written, enrolment=course.label, **how)
    browser = Client(HTTP_HOST="localhost")
    browser.force_login(service.account("T-01"), backend="openipt.accounts.backend.Backend")

    assert "Since the move nobody rings." in browser.get(f"/courses/{course.label}/").content.decode()
