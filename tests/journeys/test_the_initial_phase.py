"""A therapist goes through the first phase with a new client, by keys alone, until the work on the focus is open."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.journey, pytest.mark.filterwarnings("ignore::ResourceWarning")]

MOST_TAPS = 48  # of three sessions: consent, intake, timeline, focus, formulation, agreement and a goal


class Keys:
    """Hands that never leave the keyboard. A tap is a control that was chosen; typing and moving on are none."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def go(self, what) -> None:
        """Move to a control by its keys and press it: proof that one gets there without a mouse."""
        what.focus()
        expect(what).to_be_focused()
        self.page.keyboard.press("Enter")
        self.taps += 1

    def mark(self, name: str, value: str) -> None:
        """Mark one answer of a row of chips."""
        chip = self.page.locator(f"input[name='{name}'][value='{value}']")
        chip.focus()
        expect(chip).to_be_focused()
        self.page.keyboard.press("Space")
        expect(chip).to_be_checked()
        self.taps += 1

    def type(self, label: str, words: str) -> None:
        field = self.page.get_by_label(label).first
        field.focus()
        self.page.keyboard.insert_text(words)
        self.taps += 1

    def save(self, button: str) -> None:
        self.go(self.page.get_by_role("button", name=button))
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("what is agreed")
        expect(self.page.get_by_role("status").first).to_have_text("In the record.")


def nothing_is_wrong_with(page: Page) -> None:
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def a_course(page: Page, site: str, called: str) -> str:
    page.goto(f"{site}/courses/new/")
    page.get_by_label("What shall the client be called here?").fill(called)
    page.get_by_text("IPT for depression, adults", exact=True).first.click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Begin the course").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(called)
    return page.url


def test_the_first_phase_by_keys_alone_and_in_few_taps(a_page, site):
    page = a_page(viewport={"width": 1280, "height": 900})
    course = a_course(page, site, "Robin")
    keys = Keys(page)
    keys.go(page.get_by_role("link", name="Agreed", exact=True))
    expect(page.get_by_text("4 things are missing before the work on the focus.")).to_be_visible()
    nothing_is_wrong_with(page)

    keys.go(page.get_by_role("link", name="Write the consent"))
    keys.mark("treatment", "yes")
    keys.save("Save the consent")
    keys.go(page.get_by_role("link", name="Write the intake"))
    keys.type("Diagnosis", "Depression")
    keys.save("Save the intake")
    keys.go(page.get_by_role("link", name="Put something on it"))
    keys.type("What happened?", "The project was refused, nothing said")
    keys.type("Year", "2025")
    page.get_by_label("What kind of thing?").select_option("dispute")
    keys.mark("valence", "-2")
    keys.go(page.get_by_role("button", name="Put it on the timeline"))
    expect(page.get_by_role("status").first).to_have_text("In the record. It stands on the timeline below.")
    keys.go(page.get_by_role("link", name="All that is agreed"))

    keys.go(page.get_by_role("link", name="Choose the focus"))
    expect(page.locator("#area-PA_DISPUTE")).to_contain_text("The project was refused")
    expect(page.locator(".area input:checked")).to_have_count(0)
    nothing_is_wrong_with(page)
    keys.mark("_role_PA_DISPUTE", "primary")
    keys.mark("_role_PA_TRANSITION", "runner_up")
    keys.type("Why this focus, in words", "What hurts most, and nearest to the beginning")
    keys.save("Save the focus")
    keys.go(page.get_by_role("link", name="Say the formulation").first)
    keys.type("Name of the condition", "Depression")
    keys.type("What we said, to the client", "It goes along with a quarrel that nobody speaks of.")
    keys.mark("client_fit", "8")
    keys.type("In the client's words", "It is a fight nobody is having.")
    keys.save("Save the formulation")
    keys.go(page.get_by_role("link", name="Agree on one card").first)
    nothing_is_wrong_with(page)
    keys.mark("agreed_how", "spoken")
    keys.save("Save the agreement")

    expect(page.get_by_text("One thing is missing before the work on the focus.")).to_be_visible()
    keys.go(page.get_by_role("link", name="Add a goal"))
    keys.mark("scope", "self")
    keys.type("What would we see you do?", "Say what the project meant")
    keys.mark("baseline", "0")
    keys.mark("target", "8")
    keys.save("Save the goal")
    nothing_is_wrong_with(page)
    assert keys.taps <= MOST_TAPS, keys.taps
    page.goto(course)
    expect(page.get_by_text("It is a fight nobody is having.").first).to_be_visible()


def test_what_is_asked_alone_says_so_and_is_not_printed(a_page, site):
    page = a_page(viewport={"width": 390, "height": 800})
    page.goto(a_course(page, site, "Kim") + "agreed/alone/")
    nothing_is_wrong_with(page)
    expect(page.get_by_text("Only while Kim is alone with you")).to_be_visible()

    page.emulate_media(media="print")

    expect(page.get_by_text("Only while Kim is alone with you")).to_be_hidden()
    expect(page.get_by_text("What was answered")).to_be_hidden()


def test_without_scripts_the_focus_is_chosen_and_changed_with_a_reason(a_page, site):
    page = a_page(java_script_enabled=False)
    page.goto(f"{site}/courses/new/")
    page.get_by_label("What shall the client be called here?").fill("Alex")
    page.get_by_text("IPT for depression, adults", exact=True).first.click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Begin the course").click()
    agreed = page.url + "agreed/"
    for area, why in (("PA_GRIEF", ""), ("PA_DISPUTE", "The quarrel came first")):
        page.goto(agreed + "focus/")
        if why:
            page.locator("#area-PA_GRIEF label", has_text="Neither").click()
            page.get_by_label("Why the focus was changed").fill(why)
        page.locator(f"#area-{area} label", has_text="The focus").click()
        page.get_by_role("button", name="Save the focus").click()

    expect(page.locator(".focuses > li")).to_have_count(2)
    expect(page.locator(".focuses > li.before")).to_contain_text("Grief")
    expect(page.get_by_text("The quarrel came first")).to_be_visible()
