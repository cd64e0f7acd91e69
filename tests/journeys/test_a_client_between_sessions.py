"""A client on a cheap phone, from the slip to the therapist's next card; with scripts, and without any."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from between_sessions import (
    FEELING,
    OF_THE_DAY,
    SHEET,
    TO_TALK_ABOUT,
    adds_somebody_and_moves_them,
    answers_a_questionnaire,
    finds_what_helps,
    invited,
    makes_a_plan,
    notes_the_day,
    the_therapist_begins_the_session,
    the_therapist_finds,
    walks_through_a_worksheet,
    writes_what_to_talk_about,
)
from cheap_phone import CheapPhone, a_cheap_phone
from playwright.sync_api import expect

from openipt.rooms.portal.questions.asking import key_of

pytestmark = [pytest.mark.journey, pytest.mark.filterwarnings("ignore::ResourceWarning")]


@pytest.fixture
def phone(browser, site) -> Iterator[CheapPhone]:
    with a_cheap_phone(browser, site) as one:
        yield one


def test_the_first_days_of_a_course(a_page, phone) -> None:
    staff = a_page()
    course, slip = invited(staff, phone, "Plover")
    phone.comes_in_first(slip)
    phone.is_in_order()

    answers_a_questionnaire(phone)

    the_therapist_finds(staff, f"{course}sessions/ahead/", "PHQ-9 is 8")


def test_the_people_of_a_life_and_a_day_with_one_of_them(a_page, phone) -> None:
    staff = a_page()
    course, slip = invited(staff, phone, "Redshank")
    phone.comes_in_first(slip)

    adds_somebody_and_moves_them(phone)
    notes_the_day(phone)

    the_therapist_finds(staff, f"{course}people/", "Lena")
    the_therapist_finds(staff, f"{course}sessions/ahead/", OF_THE_DAY)
    diary = the_therapist_begins_the_session(staff, course).locator("section:has(> h3:text-is('Diary'))")
    expect(diary).to_contain_text(f"Lena. We quarrelled. “{OF_THE_DAY}”")
    expect(diary.locator(".mood")).to_contain_text("4")


def test_the_days_before_a_session(a_page, phone) -> None:
    staff = a_page()
    course, slip = invited(staff, phone, "Lapwing")
    makes_a_plan(staff, course)
    phone.comes_in_first(slip)

    walks_through_a_worksheet(phone)
    writes_what_to_talk_about(phone)
    finds_what_helps(phone)

    the_therapist_finds(staff, f"{course}sessions/ahead/", TO_TALK_ABOUT, SHEET)
    staff.get_by_role("link", name=SHEET).first.click()
    expect(staff.locator("main")).to_contain_text("She left the room")
    page = the_therapist_begins_the_session(staff, course)
    expect(page.locator("main")).to_contain_text(TO_TALK_ABOUT)


# ---- without a script


def test_forms_help_and_plan_need_no_script(a_page, browser, site) -> None:
    """A browser in which scripts are switched off: everything can be answered, written, placed, and help is there."""
    staff = a_page()
    with a_cheap_phone(browser, site, java_script_enabled=False) as phone:
        course, slip = invited(staff, phone, "Knot")
        makes_a_plan(staff, course)
        phone.comes_in_first(slip)
        phone.sets_a_pin()
        phone.open("/my/")
        answers = f"/my/q/{key_of('phq-9')}/"
        phone.open(answers)
        for _ in range(2):
            phone.tap("Several days")
        expect(phone.page).to_have_url(f"{site}{answers}3/")
        phone.open(f"{FEELING}2/")
        phone.page.locator("main textarea").first.fill("She left the room")
        phone.tap(phone.page.locator("button[value=next]:visible").last)
        expect(phone.page).to_have_url(f"{site}{FEELING}3/")
        phone.open("/my/help/")
        expect(phone.page.locator("main")).to_contain_text("A walk with the dog")
        phone.tap("Leave now")
        phone.open("/help/")
        expect(phone.page.locator("main")).to_contain_text("Ring the emergency number")
