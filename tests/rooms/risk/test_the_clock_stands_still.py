"""Where the tick has not run, nobody is called to a flag: staff and whoever runs the machine are told, quietly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from one_course import signed_in, text_of

from openipt.post.clock import TICK, ran
from openipt.rooms.workspace.sessions import standing_still

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def real_people(monkeypatch) -> None:
    """Every service of these tests is invented; here it is looked at as one that is not."""
    monkeypatch.setattr(standing_still, "invented", lambda _: False)


def test_a_service_of_invented_people_says_that_nothing_is_sent_and_alarms_nobody(browser, service, course) -> None:
    ran(TICK, timezone.now() - timedelta(hours=3))

    page = text_of(browser.get("/"))

    assert "Reminders have not run" not in page
    assert "No reminder goes out, and nobody is called or written to" in page


@pytest.mark.usefixtures("real_people")
def test_the_caseload_says_since_when_and_what_to_do(browser, service, course) -> None:
    since = timezone.now() - timedelta(hours=3)
    ran(TICK, since)

    page = text_of(browser.get("/"))

    assert f"Reminders have not run since {since:%-d %B, %H:%M}" in page
    assert "open the flags yourself" in page
    assert "Tell whoever runs this service" in page


@pytest.mark.usefixtures("real_people")
def test_whoever_runs_the_machine_is_told_how(service) -> None:
    ran(TICK, timezone.now() - timedelta(hours=3))

    assert "<code>openipt tick</code> has to run every minute" in text_of(
        signed_in(service, "O-01", ("operator",)).get("/")
    )


@pytest.mark.usefixtures("real_people")
def test_while_it_runs_nothing_is_said(browser, service, course) -> None:
    ran(TICK, timezone.now())

    assert "Reminders have not run" not in text_of(browser.get("/"))
