"""Whoever runs a service adds a colleague, who comes in with a slip; hours change when a second person agrees."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.journey, pytest.mark.filterwarnings("ignore::ResourceWarning")]


def nothing_is_wrong_with(page: Page) -> None:
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


@pytest.fixture
def as_somebody(browser: Browser, site: str) -> Iterator:
    """Opens a page in which one of the invented people has signed in; without scripts, as every page here works."""
    opened = []

    def sign_in(name: str, script: bool = True) -> Page:
        context = browser.new_context(java_script_enabled=script, viewport={"width": 390, "height": 844})
        opened.append(context)
        page = context.new_page()
        page.goto(f"{site}/sign-in/demo")
        page.get_by_role("button", name=re.compile(name)).first.click()
        page.wait_for_url(f"{site}/")
        return page

    yield sign_in
    for context in opened:
        context.close()


def test_a_colleague_comes_in_with_a_slip_and_goes(as_somebody, browser: Browser, site: str) -> None:
    page = as_somebody("Answering", script=False)
    page.get_by_role("link", name="Service", exact=True).click()
    page.get_by_role("link", name="Add a colleague").click()
    page.get_by_role("button", name="Add this colleague").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose at least one role.")
    page.get_by_label("Name", exact=True).fill("Leyla Haddad")
    page.get_by_label("Sign-in name").fill("l.haddad")
    page.get_by_role("checkbox", name=re.compile("^Therapist")).check()
    page.get_by_role("button", name="Add this colleague").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("A way in for Leyla Haddad")
    page.get_by_role("button", name="Give this way in").click()
    code = page.locator(".slip .code").inner_text()
    page.get_by_role("link", name="Printed: go on").click()
    her_page = page.url

    context = browser.new_context(viewport={"width": 390, "height": 844})
    hers = context.new_page()
    hers.goto(f"{site}/sign-in/first/")
    nothing_is_wrong_with(hers)
    hers.get_by_label("Sign-in name on your slip").fill("L.Haddad")
    hers.get_by_label("Code on your slip").fill(code.lower())
    hers.get_by_label("Password you choose").fill("four quiet herons")
    hers.get_by_label("The same once more").fill("four quiet herons")
    hers.get_by_role("button", name="Save my password").click()
    hers.get_by_role("link", name="Sign in").first.click()
    hers.get_by_label("Sign-in name").fill("l.haddad")
    hers.get_by_label("Password").fill("four quiet herons")
    hers.get_by_role("button", name="Sign in").click()
    expect(hers).to_have_url(f"{site}/")

    page.goto(her_page)
    page.get_by_role("link", name="End this role").click()
    page.get_by_role("button", name="End this role").click()
    hers.goto(f"{site}/")
    expect(hers.get_by_role("heading", level=1)).to_have_text("You have no role here at this time")
    context.close()


def test_hours_wait_for_a_second_person(as_somebody, site: str) -> None:
    page = as_somebody("Answering")
    page.goto(f"{site}/service/promise/")
    nothing_is_wrong_with(page)
    page.get_by_label("closes on Friday").fill("13:00")
    page.get_by_label("Why").fill("Fridays are short from now on.")
    page.get_by_role("button", name="Put these hours forward").click()
    expect(page.get_by_text("Friday: 09:00 to 13:00 in place of 09:00 to 17:00.")).to_be_visible()
    expect(page.get_by_text("You put this forward yourself.")).to_be_visible()
    nothing_is_wrong_with(page)

    other = as_somebody("keeper")
    other.goto(f"{site}/service/")
    other.get_by_role("link", name=re.compile("Look and confirm")).click()
    other.get_by_role("button", name="Confirm it").click()
    expect(other.get_by_text("keeper confirmed it")).to_be_visible()
    other.goto(f"{site}/service/")
    expect(other.get_by_text("Friday, 09:00 to 13:00")).to_be_visible()


def test_every_page_of_the_service_can_be_read_by_everybody(as_somebody, site: str) -> None:
    page = as_somebody("Answering")
    for path in ("", "people/", "people/add/", "numbers/", "changes/", "alone/"):
        page.goto(f"{site}/service/{path}")
        nothing_is_wrong_with(page)
    page.goto(f"{site}/service/people/")
    page.get_by_role("link", name="TH-01").click()
    nothing_is_wrong_with(page)
