"""The step for between the sessions stands with what else is agreed: the newest one open, those before it folded."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from rooms.agreeing.desk import address, hold, text_of

from openipt.casebook.operations.changing import begin_thing
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.operations.sessions import close_session
from openipt.casebook.queries.record import record
from openipt.rooms.ui.templatetags.words import long_date

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
BEFORE = "Steps agreed before"


def close(service, course, number: int, **steps) -> None:
    met = next(one for one in record(course).sessions if one.number == number)
    at = met.happened_at + timedelta(hours=1)
    close_session(
        by=service.actor(), at=at, enrolment=course.label, session=met.id, answers={"mood": 4}, id=uuid4(), **steps
    )


def test_a_course_without_a_step_says_so(browser, course) -> None:
    assert "No agreed step stands here." in text_of(browser.get(address(course)))


def test_the_newest_step_stands_open_with_whom_and_since_when_and_the_others_are_folded(
    service, browser, course
) -> None:
    begun = {"by": service.actor(), "at": service.at, "enrolment": course.label}
    lena = begin_thing(**begun, kind="person")
    save_entry(**begun, form="interpersonal-inventory", answers={"alias": "Lena", "relation": "partner"}, about=lena)
    for number in (1, 2):
        hold(service, course, number)
    close(service, course, 1, step={"text": "Ring Rui on Sunday"})
    last = {"status": "not_now", "what_happened": "He was away"}
    close(service, course, 2, step={"text": "Ask Lena for an hour", "person": lena}, last=last)

    page = text_of(browser.get(address(course))).split("Step between the sessions")[1]
    newest, older = page.split(f"{BEFORE} (1)")

    day = {one.number: long_date(one.day) for one in record(course).sessions}
    assert "Ask Lena for an hour" in newest
    assert "Planned." in newest
    assert f"With Lena, agreed on {day[2]} in session 2" in newest
    assert "Ring Rui" not in newest
    assert "Ring Rui on Sunday" in older
    assert "Not now. He was away" in older
    assert f"Agreed on {day[1]} in session 1" in older  # how it went was said later, and agrees nothing anew
