"""Whoever has nothing to do with it learns nothing; the pages ask few questions of the database."""

from __future__ import annotations

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rooms.agreeing.desk import BACKEND, HERS, MOST, a_formulation, address, choose, saved, send, signed_in, text_of

from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.operations.changing import begin_thing
from openipt.casebook.operations.saving import save_entry

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def test_an_outsider_learns_nothing(service, course) -> None:
    outsider = signed_in(service, "Outsider")
    for page in ("", "focus/", "formulation/", "contract/", "alone/", "timeline/", "goal/"):
        assert outsider.get(address(course, page)).status_code == 404


# ---- what it costs ----


@pytest.mark.parametrize("page", ["", "focus/", "formulation/", "contract/", "timeline/", "goal/"])
def test_a_page_asks_the_database_few_questions_however_long_the_record(service, browser, course, page) -> None:
    def asked() -> int:
        browser.get(address(course, page), follow=True)
        with CaptureQueriesContext(connections["default"]) as first, CaptureQueriesContext(connections["keys"]) as keys:
            assert browser.get(address(course, page)).status_code == 200
        around = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
        return len([one for one in (*first, *keys) if not one["sql"].startswith(around)])

    few = asked()
    for year in range(2000, 2012):
        said = {"mark": "event", "date": str(year), "type": "work", "text": "Another year"}
        event = begin_thing(by=service.actor(), at=service.at, enrolment=course.label, kind="event")
        save_entry(
            by=service.actor(), at=service.at, enrolment=course.label, form="timeline", answers=said, about=event
        )

    assert asked() == few <= MOST


def test_a_supervisor_sees_the_focus_and_no_words_and_writes_nothing(service, browser, course) -> None:
    saved(choose(browser, course, _role_PA_DISPUTE="primary"))
    saved(send(browser, course, "formulation/", **a_formulation()))
    account = service.account("S-01", ("supervisor",))
    take_charge(course, account.id, "supervision", service.at)
    reader = Client(HTTP_HOST="localhost")
    reader.force_login(account, backend=BACKEND)

    page = reader.get(address(course))

    assert "Role dispute since" in text_of(page)
    assert HERS not in text_of(page)  # under a code, without anybody's words
    assert "Beginning safely" not in text_of(page)
    assert 'class="btn' not in page.content.decode().split("<main")[1]  # nothing to write
    assert reader.get(address(course, "formulation/")).status_code == 403
