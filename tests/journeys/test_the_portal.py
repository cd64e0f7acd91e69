"""From the slip to a person who comes: a client at 390 px, question by question, and the therapist who is called."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from slips import wait_for_a_place

pytestmark = [pytest.mark.journey, pytest.mark.filterwarnings("ignore::ResourceWarning")]

PHONE = {"viewport": {"width": 390, "height": 844}, "java_script_enabled": False}
SECRET = "730264"  # noqa: S105  of invented people
TAPS = 11  # a PHQ-9 from today to sent: ten answers and the way there


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A cheap phone without a script, in which nobody has signed in."""
    context: BrowserContext = browser.new_context(**PHONE)
    yield context.new_page()
    context.close()


@pytest.fixture
def looking(browser: Browser) -> Iterator[Page]:
    """The same phone with the script that looks for what is wrong with a page; the pages have none of their own."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def a_new_course(staff: Page, site: str, called: str) -> str:
    """Begin a course for somebody new; return its address."""
    staff.goto(f"{site}/courses/new/")
    staff.get_by_label("called", exact=False).first.fill(called)
    staff.locator("input[name=manual][value=ipt-classic], select[name=manual]").first.evaluate(
        "one => one.tagName === 'SELECT' ? (one.value = 'ipt-classic') : (one.checked = true)"
    )
    staff.locator("button[name=_do][value=questions], main form button[type=submit]").last.click()
    staff.locator("button[name=_do][value=begin]").click()
    staff.wait_for_url(re.compile(r"/courses/K-[0-9A-F]+/$"))
    return staff.url


def a_slip(staff: Page, course: str) -> tuple[str, str]:
    staff.goto(f"{course}invite/")
    staff.get_by_role("button", name=re.compile("Make .* slip")).click()
    expect(staff.locator("dd.big")).to_have_count(2)
    name, code = staff.locator("dd.big").all_inner_texts()
    return name, code


def comes_in(phone: Page, site: str, slip: tuple[str, str]) -> None:
    phone.goto(f"{site}/in/first/")
    for field, text in zip(("name", "code", "secret", "again"), (*slip, SECRET, SECRET), strict=True):
        phone.locator(f"[name={field}]").fill(text)
    wait_for_a_place()
    phone.get_by_role("button", name="Keep my secret and go in").click()
    expect(phone.get_by_role("heading", name="Today")).to_be_visible()


def to_the_questions(phone: Page) -> None:
    phone.locator("a[href^='/my/q/']").first.click()
    while phone.get_by_text("1 of 10").count() == 0:  # another questionnaire is due, too: the next one
        phone.goto(phone.url.split("/my/")[0] + "/my/q/ed001844/")


@pytest.mark.short_journey
def test_from_the_slip_to_a_person_who_is_called(a_page, phone, site) -> None:
    staff = a_page()
    course = a_new_course(staff, site, "Bittern")
    comes_in(phone, site, a_slip(staff, course))

    to_the_questions(phone)
    taps = 1
    for number in range(2, 10):
        phone.get_by_role("button", name="Several days").click()
        taps += 1
        expect(phone.get_by_text(f"{number} of 10")).to_be_visible()  # a second tap on the same page is no next answer
    assert "phq" not in phone.url.lower()
    phone.get_by_role("button", name="Nearly every day").click()
    taps += 1

    expect(phone.get_by_role("heading", name="Thank you for telling us")).to_be_visible()
    expect(phone.get_by_role("heading", name="When a person sees this")).to_be_visible()
    staff.goto(f"{site}/")
    row = staff.locator("li, article").filter(has_text="Bittern").last
    expect(row).to_contain_text("nearly every day", ignore_case=True)

    phone.get_by_role("link", name="Go on").click()
    phone.get_by_role("button", name="Very difficult").click()
    taps += 1
    assert taps <= TAPS
    expect(phone.get_by_text("That was the last question.").first).to_be_visible()
    staff.goto(f"{course}flags/")
    expect(staff.locator("main .flag:not(.settled)")).to_have_count(1)


def test_in_a_hurry_the_draft_is_kept_and_the_way_back_shows_nothing(a_page, phone, site) -> None:
    staff = a_page()
    slip = a_slip(staff, a_new_course(staff, site, "Heron"))
    comes_in(phone, site, slip)
    phone.goto(f"{site}/my/talk/")
    phone.locator("#f-most").fill("What he said at dinner")
    phone.get_by_role("button", name="Leave now").click()
    expect(phone.get_by_text("No notes here.")).to_be_visible()

    phone.go_back()
    expect(phone.get_by_text("dinner")).to_have_count(0)
    assert phone.title() == "Notes"

    phone.goto(f"{site}/in/")
    phone.locator("[name=login]").fill(slip[0])
    phone.locator("[name=password]").fill(SECRET)
    phone.get_by_role("button", name="Come in").click()
    phone.goto(f"{site}/my/talk/")
    expect(phone.locator("#f-most")).to_have_value("What he said at dinner")


def test_nothing_is_wrong_with_the_pages_of_a_phone(a_page, looking, site) -> None:
    staff = a_page()
    comes_in(looking, site, a_slip(staff, f"{site}/courses/C02/"))
    tails = ("/my/", "/my/talk/", "/my/diary/", "/my/help/", "/my/tell/", "/my/more/", "/my/reach/", "/my/looked/?all",
             "/my/q/ed001844/1/", "/help/", "/in/", "/in/first/", "/in/forgotten/")  # fmt: skip
    for scheme in ("light", "dark"):
        looking.emulate_media(color_scheme=scheme)
        for tail in tails:
            looking.goto(f"{site}{tail}")
            found = Axe().run(looking)
            assert found.violations_count == 0, (tail, found.generate_report())
            for width in (320, 390):
                looking.set_viewport_size({"width": width, "height": 844})
                assert looking.evaluate("document.documentElement.scrollWidth") <= width, (tail, width)
    staff.goto(f"{site}/courses/C02/invite/")
    found = Axe().run(staff)
    assert found.violations_count == 0, found.generate_report()
