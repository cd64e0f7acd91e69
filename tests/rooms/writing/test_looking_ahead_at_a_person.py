"""Looking ahead one meets a person: the focus, who is in it, where the dispute stands, the plan, the client's wish."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import pytest
from casebooks import Service, all_cases
from django.test import Client
from django.utils import timezone
from rooms.writing.desk import signed_in, text_of

from openipt.casebook.models import Enrolment
from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.record import record

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

MORNING = datetime(2025, 11, 3, 7, tzinfo=UTC)  # of the ninth session
AHEAD = "/courses/C02/sessions/ahead/"


@pytest.fixture
def course(service: Service) -> Enrolment:
    """The dispute as it stood on the morning of the ninth session."""
    case = next(case for case in all_cases() if any(one.enrolment == "C02" for one in case.records))
    service.keep(replace(case, records=tuple(one.as_of(MORNING) for one in case.records)))
    take_charge(service.enrolment("C02"), service.account("T-01").id, "assigned", service.at)
    return service.enrolment("C02")


@pytest.fixture
def browser(service: Service) -> Client:
    return signed_in(service, "T-01")


def words_of(answer) -> str:
    return unescape(text_of(answer))


def test_the_focus_its_person_and_the_stage_are_read_before_the_session(browser, course) -> None:
    page = words_of(browser.get(AHEAD))

    assert "The focus Role dispute: Lena, " in page
    assert "Stage of the dispute, 22 September: Talk has stopped . Practical texts only since June" in page
    assert "It is a fight nobody is having." in page


def test_the_plan_of_the_last_note_is_read_before_the_session(browser, course) -> None:
    drafted = words_of(browser.get(AHEAD)).split("From the last note")[1]
    assert drafted.strip().startswith(
        "Decision point 8: Add: evaluation for medication, or another treatment beside it."
    )
    assert "Read the note of session 8 A draft, not signed." in drafted
    label = next(one.id for one in record(course).sessions if one.number == 8)

    browser.post(
        f"/courses/C02/meetings/{label}/note/sign/", {"text": "Work. Much.\n\nStep. Ring the doctor on Monday."}
    )

    signed = words_of(browser.get(AHEAD)).split("From the last note")[1]
    assert signed.strip().startswith("Ring the doctor on Monday.")
    assert "Read the note of session 8" in signed
    assert "A draft, not signed." not in signed


def test_a_note_in_ones_own_words_is_told_by_its_last_ones(browser, course) -> None:
    label = next(one.id for one in record(course).sessions if one.number == 8)
    browser.post(f"/courses/C02/meetings/{label}/note/sign/", {"text": "We talked long.\nNext time: the letter."})

    assert "From the last note Next time: the letter." in words_of(browser.get(AHEAD))


def test_what_the_client_wants_to_talk_about_is_read_before_the_session_begins(browser, course, service) -> None:
    save_entry(
        by=service.actor(), at=timezone.now(), enrolment="C02", form="talk-about", answers={"most": "The letter."}
    )

    assert "Wants to talk about “The letter.”" in words_of(browser.get(AHEAD))
