"""A client with a phone of their own: they come in with the slip and answer between the sessions."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect
from slips import wait_for_a_place

SECRET = "730264"  # noqa: S105  of invented people
PHONE = {"width": 390, "height": 844}


class ClientAtHome:
    """Taps on the client's phone. None of them is the therapist's."""

    def __init__(self, browser: Browser, address: str, slip: tuple[str, str]) -> None:
        self.browser, self.address, self.slip = browser, address, slip
        self.taps, self.was_here = 0, False

    def answers(self, keys: str, form: str) -> None:
        """Come in, answer a questionnaire question by question, and leave.

        Args:
            keys: An answer for each question, as its value.
            form: What stands for the questionnaire in an address.
        """
        context = self.browser.new_context(viewport=PHONE, locale="en-GB", java_script_enabled=False)
        page = context.new_page()
        self._come_in(page)
        page.locator(f"a[href*='{form}']").first.click()
        for key in keys:
            page.locator(f"fieldset button[type=submit][value='{key}']").click()
            self.taps += 1
        expect(page.locator("h1", has_text="Thank you").or_(page.get_by_text("Sent")).first).to_be_visible()
        context.close()

    def _come_in(self, page: Page) -> None:
        name, code = self.slip
        if self.was_here:
            page.goto(f"{self.address}/in/")
            page.locator("[name=login]").fill(name)
            page.locator("[name=password]").fill(SECRET)
            page.get_by_role("button", name="Come in").click()
        else:
            page.goto(f"{self.address}/in/first/")
            for field, text in zip(("name", "code", "secret", "again"), (name, code, SECRET, SECRET), strict=True):
                page.locator(f"[name={field}]").fill(text)
            wait_for_a_place()
            page.get_by_role("button", name="Keep my secret and go in").click()
            self.was_here = True
        expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()
