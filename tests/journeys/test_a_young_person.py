"""Somebody of fourteen and her mother, each on a phone of their own: her word, one list, and an end in one tap."""

from __future__ import annotations

import re

import pytest
from cheap_phone import CheapPhone, a_cheap_phone
from journeys.test_the_portal import a_slip
from playwright.sync_api import Page, expect
from slips import wait_for_a_place

pytestmark = [pytest.mark.journey, pytest.mark.filterwarnings("ignore::ResourceWarning")]

WORDS = "OK if you do not tell them what I say about them"


def a_course_of_a_young_person(staff: Page, site: str) -> str:
    """Begin a course with the manual for young people; return its address."""
    staff.goto(f"{site}/courses/new/")
    staff.get_by_label("called", exact=False).first.fill("Wren")
    staff.locator("input[name=manual][value=ipt-a], select[name=manual]").first.evaluate(
        "one => one.tagName === 'SELECT' ? (one.value = 'ipt-a') : (one.checked = true)"
    )
    if staff.locator("[name=age]").count():
        staff.locator("[name=age]").fill("14")
    staff.locator("button[name=_do][value=questions], main form button[type=submit]").last.click()
    staff.locator("button[name=_do][value=begin]").click()
    staff.wait_for_url(re.compile(r"/courses/K-[0-9A-F]+/$"))
    return staff.url


def send(staff: Page, address: str, **said: str) -> None:
    """Send a sheet as its page sends it."""
    staff.goto(address)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', staff.content()))
    given = {name.replace("__", "."): text for name, text in said.items()}
    answer = staff.request.post(staff.url, form={**fields, **given, "_do": "save"}, headers={"Referer": address})
    assert answer.ok, answer.text()[:2000]


def is_agreed(staff: Page, course: str) -> None:
    """The date of birth, and the consent of both who have parental responsibility."""
    send(staff, f"{course}fill/birth-date/?fresh=1", born_on="2012-05-04")
    send(
        staff,
        f"{course}agreed/young/",
        way="holders",
        law="No law was named",
        caregivers__0__person="Mother",
        caregivers__1__person="Father",
        caregivers_see__0__text="When the sessions are",
    )


def lets_the_mother_in(staff: Page, course: str) -> tuple[str, str]:
    """The slip of a caregiver."""
    staff.goto(f"{course}young/")
    expect(staff.get_by_text(WORDS)).to_be_visible()
    staff.get_by_label("What the young person calls them").fill("Mum")
    staff.get_by_role("button", name="Make the caregiver’s slip").click()
    expect(staff.locator("dd.big")).to_have_count(2)
    name, code = staff.locator("dd.big").all_inner_texts()
    return name, code


def comes_in(phone: CheapPhone, slip: tuple[str, str]) -> None:
    """A caregiver comes in by the same door, to another page."""
    phone.open("/in/")
    phone.tap("I have a slip with a code")
    for field, text in zip(("name", "code", "secret", "again"), (*slip, "604913", "604913"), strict=True):
        phone.page.locator(f"[name={field}]").fill(text)
    wait_for_a_place()
    phone.tap("Keep my secret and go in")
    phone.says("What you see here")


def test_her_word_her_mothers_page_and_an_end_in_one_tap(a_page, browser, site) -> None:
    staff = a_page()
    course = a_course_of_a_young_person(staff, site)
    is_agreed(staff, course)
    with a_cheap_phone(browser, site) as hers, a_cheap_phone(browser, site, java_script_enabled=False) as mothers:
        hers.slow(1)
        mothers.slow(1)
        hers.comes_in_first(a_slip(staff, course))
        hers.says("Is this all right with you?")
        hers.tap("Say what you think")
        hers.is_in_order()
        hers.page.locator("[name=words]").fill(WORDS)
        hers.mark("agrees", "yes")
        hers.tap("Send to my therapist")
        expect(hers.page.get_by_text("Nobody at home sees anything here.")).to_be_visible()

        comes_in(mothers, lets_the_mother_in(staff, course))
        expect(mothers.page.get_by_text("No next session is agreed yet.")).to_be_visible()
        assert WORDS not in mothers.page.content()
        for path in ("/my/", "/my/diary/", "/", "/forms/", course.removeprefix(site)):
            assert mothers.page.request.get(f"{site}{path}").status == 404, path

        hers.open("/my/seen/")
        hers.is_in_order()
        hers.tap("Who looked at my notes")
        expect(hers.page.get_by_text("Mum saw what you share at ")).to_be_visible()
        hers.open("/my/seen/")
        hers.tap("Show Mum nothing any more")
        expect(hers.page.get_by_text("Mum sees nothing any more.")).to_be_visible()
        mothers.open("/near/")
        expect(mothers.page.get_by_role("heading", name="What you see here")).to_have_count(0)

    staff.goto(f"{course}young/")
    expect(staff.get_by_text("Ended by the young person on")).to_be_visible()


def test_the_caregivers_page_is_in_order(a_page, browser, site) -> None:
    staff = a_page()
    course = a_course_of_a_young_person(staff, site)
    is_agreed(staff, course)
    send(staff, f"{course}fill/assent/?fresh=1", agrees="yes", words=WORDS)
    slip = lets_the_mother_in(staff, course)
    with a_cheap_phone(browser, site) as mothers:
        mothers.slow(1)
        comes_in(mothers, slip)
        mothers.is_in_order()
        mothers.tap("Show the numbers")
        mothers.open("/near/")
        mothers.tap("Sign out")
        mothers.open("/near/")
        assert "/in/" in mothers.page.url
