"""A day that is typed by half is not sent as if it were blank: the sheet stays, and says so beside the field."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.journey, pytest.mark.filterwarnings("ignore::ResourceWarning")]

TALK = "/courses/C02/fill/communication-analysis/?session=S09&back=S09"
NOT_WHOLE = "This day is not whole yet: write day, month and year, or empty the field."


def typed_by_half(page: Page, field: str) -> None:
    """The month and the day, and no year: as somebody types who is called away."""
    page.locator(field).fill("")  # whatever was offered
    page.locator(field).focus()
    page.keyboard.type("1118")
    assert page.locator(field).evaluate("field => field.validity.badInput && field.value === ''")


def test_a_sheet_with_half_a_day_stays_here_and_names_it(a_page, site) -> None:
    page = a_page(viewport={"width": 1280, "height": 900})
    page.goto(site + TALK)
    day = "input[name='when.day']"
    typed_by_half(page, day)
    page.locator("textarea[data-next]").first.fill("You could have rung.")
    expect(page.get_by_text(re.compile(r"^Kept \d\d:\d\d.*What is not whole yet is not kept"))).to_be_visible()

    page.get_by_role("button", name="Save to the record").click()

    expect(page.get_by_text(NOT_WHOLE)).to_be_visible()
    expect(page.locator(day)).to_be_focused()
    expect(page.locator("textarea[data-next]").first).to_have_value("You could have rung.")
    page.locator(day).fill("2025-11-18")
    expect(page.get_by_text(NOT_WHOLE)).to_have_count(0)
    page.get_by_role("button", name="Save to the record").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("session 9")


def test_the_card_with_half_a_next_date_stays_here_too(a_page, site) -> None:
    page = a_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{site}/courses/C02/sessions/9/?change=card")
    typed_by_half(page, "#card-day")

    page.get_by_role("button", name="Save the card").click()

    expect(page.get_by_text(NOT_WHOLE)).to_be_visible()
    expect(page.locator("#card-day")).to_be_focused()
