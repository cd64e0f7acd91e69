"""What is tapped stays where it was, and so does everything below it."""

from __future__ import annotations

import pytest
from journeys.test_a_session_is_held import begin_course, hold_session
from playwright.sync_api import Locator, Page, expect

pytestmark = [pytest.mark.journey, pytest.mark.filterwarnings("ignore::ResourceWarning")]

PLACES = """all => all.map(one => one.getBoundingClientRect()).map(
    at => [at.x, at.y + scrollY, at.width, at.height].map(Math.round).join(' '))"""


def places(them: Locator) -> list[str]:
    return them.evaluate_all(PLACES)


def wide(page: Page, width: int) -> Page:
    page.set_viewport_size({"width": width, "height": 900})
    return page


@pytest.mark.parametrize("width", [390, 1280])
def test_an_answer_on_a_scale_moves_no_other_question(site: str, a_page, width: int) -> None:
    page = wide(a_page(), width)
    page.goto(f"{site}/courses/C02/fill/communication-analysis/?plain")
    scale, questions = page.locator(".marks.scale").first, page.locator(".filling .item").filter(visible=True)
    back, before = scale.get_by_label("Leave blank"), places(questions)
    expect(back).to_be_hidden()  # for the keyboard and for who listens as well

    scale.locator(".steps label").nth(4).click()

    expect(back).to_be_visible()
    assert places(questions) == before


def test_a_chip_that_is_marked_stays_as_wide_as_it_was(site: str, a_page) -> None:
    page = wide(a_page(), 1280)
    hold_session(page, begin_course(page, site, "Nothing moves"), 1)
    for width in (390, 1280):
        wide(page, width)
        chips = page.locator(".after .tap label").filter(visible=True)
        before = places(chips)
        for box in ("feelings", "techniques"):
            first = page.locator(f".after .tap label:has(input[name={box}])").filter(visible=True).first
            first.click()
            expect(first.locator("input")).to_be_checked(checked=width == 390)
        assert places(chips) == before
