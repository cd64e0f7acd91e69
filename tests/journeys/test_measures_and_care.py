"""A stack of paper is typed in, a medicine is written down, a safety plan is printed: with the keys alone."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.journey, pytest.mark.filterwarnings("ignore::ResourceWarning")]

MOST_KEYS = 12  # a PHQ-9 from paper, saving included
COURSE = "/courses/C01/"


class Keys:
    """Two hands on a keyboard, and a count of what they press."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1


def nothing_is_wrong_with(page: Page) -> None:
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def test_a_phq_9_is_typed_in_twelve_keys_or_fewer(a_page, site) -> None:
    page = a_page()
    page.goto(f"{site}{COURSE}measures/paper/phq-9/")
    keys, total = Keys(page), page.locator("[data-total]")

    keys.press(*"21012101")
    expect(total).to_be_hidden()  # a total of some of the answers would be no total
    keys.press("0")
    expect(total).to_have_text("Total 8")
    keys.press("1", "Enter")

    expect(page.get_by_role("heading", name="PHQ-9 was 8 on")).to_be_visible()
    assert keys.pressed <= MOST_KEYS


def test_backspace_goes_back_to_the_answer_that_was_wrong(a_page, site) -> None:
    page = a_page()
    page.goto(f"{site}{COURSE}measures/paper/gad-7/")
    keys = Keys(page)

    keys.press("1", "3", "Backspace", "0", *"11111", "Enter", "Enter")  # whether it made life difficult was left blank

    expect(page.get_by_role("heading", name="GAD-7 was 6 on")).to_be_visible()


def test_without_a_script_the_same_page_takes_the_same_sheet(a_page, site) -> None:
    page = a_page(java_script_enabled=False)
    page.goto(f"{site}{COURSE}measures/paper/gad-7/")
    for n in range(1, 8):
        page.locator(f"input[name=q{n}][value='1']").check(force=True)
    page.get_by_role("button", name="Save GAD-7").click()

    expect(page.get_by_role("heading", name="GAD-7 was 7 on")).to_be_visible()


def test_a_medicine_begins_changes_and_stops(a_page, site) -> None:
    page = a_page()
    page.goto(f"{site}{COURSE}care/")
    page.get_by_role("link", name="first medicine").or_(page.get_by_role("link", name="Add a medicine")).click()
    page.get_by_label("When", exact=False).first.fill("2026-03-02")
    page.get_by_label("What", exact=False).first.fill("Mirtazapine")
    page.get_by_label("started", exact=True).check(force=True)
    page.get_by_label("Dose").fill("15")
    page.get_by_role("button", name="Save to the record").click()
    expect(page.get_by_role("heading", name="Mirtazapine, 15 mg.")).to_be_visible()

    page.get_by_role("link", name="Stop Mirtazapine").click()
    page.get_by_label("When", exact=False).first.fill("2026-05-01")
    page.get_by_role("button", name="Save to the record").click()

    expect(page.get_by_role("heading", name="Mirtazapine: stopped.")).to_be_visible()


def test_the_safety_plan_prints_on_one_page(a_page, site) -> None:
    page = a_page()
    page.goto(f"{site}/courses/C02/safety/")
    printed = page.pdf(format="A4")

    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    page.emulate_media(media="print")
    expect(page.get_by_text("Driving without a destination")).to_be_visible()
    expect(page.get_by_role("link", name="Safety conversation")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wrong_with_these_pages(a_page, site, scheme) -> None:
    page = a_page(color_scheme=scheme)
    for tail in ("measures/", "measures/paper/", "measures/paper/phq-9/", "care/", "safety/", "looks/"):
        page.goto(f"{site}/courses/C02/{tail}")
        nothing_is_wrong_with(page)
