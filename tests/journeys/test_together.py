"""Therapist and client write one sheet together: by one key, turned round and back, and it stands with the session."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.journey, pytest.mark.filterwarnings("ignore::ResourceWarning")]

SESSION = "/courses/C02/sessions/9/"


def nothing_is_wrong_with(page: Page) -> None:
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def test_a_talk_is_written_by_keys_turned_to_the_client_and_stands_with_the_session(a_page, site):
    page = a_page(viewport={"width": 1280, "height": 900})
    page.goto(site + SESSION)
    page.locator("#catch-text").press("c")  # a letter that is typed opens nothing
    expect(page.locator("#catch-text")).to_have_value("c")
    page.locator("#catch-text").fill("")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", level=1)).to_have_text("Communication analysis")

    page.locator(".said-line").first.locator(".speaks label").first.click()
    page.locator("textarea[data-next]").first.focus()
    page.keyboard.type("You would have said no.")
    page.keyboard.press("Enter")
    page.keyboard.type("Ask me, then.")
    page.keyboard.press("Enter")  # a third line, by one key
    expect(page.locator("textarea[data-next]")).to_have_count(3)
    page.get_by_label(re.compile("What I would say now, in place of line 1")).fill("I was afraid, so I did not ask.")
    expect(page.get_by_text(re.compile(r"^Kept \d\d:\d\d"))).to_be_visible()
    nothing_is_wrong_with(page)

    page.get_by_role("button", name="Turn it to the client").click()
    expect(page.get_by_text("Mateo")).to_have_count(0)
    expect(page.get_by_role("button", name="Turn the sheet back")).to_be_hidden()
    nothing_is_wrong_with(page)
    page.locator("textarea[data-next]").nth(1).fill("Ask me, then. I would have said yes.")
    expect(page.get_by_text(re.compile(r"^Kept \d\d:\d\d"))).to_be_visible()
    page.get_by_text("For the therapist").click()
    page.get_by_role("button", name="Turn the sheet back").click()

    page.get_by_role("button", name="Save to the record").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("session 9")
    page.locator("[data-sheets]").get_by_role("link", name="Communication analysis").last.click()
    expect(page.get_by_text("Ask me, then. I would have said yes.")).to_be_visible()
    expect(page.get_by_text("I was afraid, so I did not ask.")).to_be_visible()


def test_a_line_is_caught_and_taken_back_while_the_card_stays_as_it_is(a_page, site):
    page = a_page(viewport={"width": 1280, "height": 900})
    page.goto(site + SESSION)
    nothing_is_wrong_with(page)
    page.keyboard.press("n")
    page.keyboard.type("She cried, he sat down again")
    page.get_by_role("button", name="Catch it").click()

    expect(page.get_by_text("Caught: She cried")).to_be_visible()
    expect(page.locator("[data-sheets]")).to_contain_text("She cried")
    page.get_by_role("button", name="Take it back").click()
    expect(page.locator("[data-sheets]")).not_to_contain_text("She cried")


def test_keys_can_be_switched_off(a_page, site):
    page = a_page(viewport={"width": 1280, "height": 900})
    page.goto(site + SESSION)
    page.get_by_label("One key opens a sheet").uncheck()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("d")
    page.wait_for_timeout(200)
    assert page.url.endswith(SESSION)
    page.get_by_label("One key opens a sheet").check()


def test_without_scripts_a_talk_is_written_turned_and_saved(a_page, site):
    page = a_page(java_script_enabled=False)
    page.goto(site + "/courses/C02/sessions/10/")
    page.locator(".sheet-keys").get_by_role("link", name="Communication analysis").click()
    page.locator("textarea[data-next]").first.fill("Right.")
    page.get_by_role("button", name="Add the next line").click()
    expect(page.locator("textarea[data-next]")).to_have_count(3)
    page.get_by_role("button", name="Turn it to the client").click()
    page.locator("textarea[data-next]").nth(1).fill("What is it now?")
    page.get_by_role("button", name="Keep what is here").click()
    page.get_by_text("For the therapist").click()
    page.get_by_role("button", name="Turn the sheet back").click()
    expect(page.locator("textarea[data-next]").nth(1)).to_have_value("What is it now?")
    page.get_by_role("button", name="Save to the record").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("session 10")
