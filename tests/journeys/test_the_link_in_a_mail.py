"""The link in a mail, in a browser: every page behind it, on a phone and on a desk, light and dark, in order."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from journeys.test_every_page_is_accessible import faults
from journeys.test_the_portal import a_new_course
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.journey, pytest.mark.filterwarnings("ignore::ResourceWarning")]

MAKER = Path(__file__).with_name("a_link.py")


@pytest.fixture
def stranger(browser: Browser) -> Iterator[Page]:
    """A browser in which nobody has ever signed in."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en-GB")
    yield context.new_page()
    context.close()


@pytest.fixture
def links(a_page, clinic) -> dict[str, str]:
    """The addresses of three links, to a course of their own."""
    course = a_new_course(a_page(), clinic.address, "Snipe").rstrip("/").rpartition("/")[2]
    made = subprocess.run(
        [sys.executable, str(MAKER), str(clinic.home), course], check=True, capture_output=True, text=True
    )
    return {name: clinic.address + path for name, path in json.loads(made.stdout).items()}


def in_order(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", name=words, level=1)).to_be_visible()
    assert page.title() == "Notes"
    assert faults(page) == [], words


def test_every_page_behind_a_link_is_in_order(stranger, links, site) -> None:
    stranger.goto(links["waits"])
    in_order(stranger, "You have a note")
    stranger.get_by_role("button", name="Show the questions").click()
    in_order(stranger, "A few questions")
    assert stranger.url == links["waits"], "no address says which questions these are"

    stranger.get_by_role("button", name="Send to my clinic").click()  # nothing is answered
    expect(stranger.get_by_role("alert")).to_contain_text("One answer is enough")
    in_order(stranger, "A few questions")
    for number in range(1, 9):
        stranger.locator(f"label:has(input[name=q{number}][value='1'])").click()
    stranger.locator("label:has(input[name=q9][value='2'])").click()
    stranger.get_by_role("button", name="Send to my clinic").click()
    in_order(stranger, "Thank you for telling us")
    expect(stranger.get_by_role("heading", name="When a person sees this")).to_be_visible()


def test_a_link_that_was_answered_or_ran_out_shows_nothing_of_it(stranger, links, site) -> None:
    stranger.goto(links["again"])
    stranger.get_by_role("button", name="Show the questions").click()
    stranger.locator("label:has(input[name=q1][value='1'])").click()
    stranger.get_by_role("button", name="Send to my clinic").click()
    in_order(stranger, "Sent. Thank you")

    stranger.goto(links["again"])
    assert stranger.locator("input[name=q1]").count() == 0
    in_order(stranger, stranger.locator("h1").inner_text())
    for address in (links["over"], f"{site}/n/nothing.here/"):
        stranger.goto(address)
        assert stranger.locator("input[name=q1], button[value=begin]").count() == 0
        in_order(stranger, stranger.locator("h1").inner_text())


def test_the_questions_can_be_answered_without_a_script(browser, links) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    page = context.new_page()
    page.goto(links["waits"])
    page.get_by_role("button", name="Show the questions").click()
    page.locator("label:has(input[name=q1][value='1'])").click()
    page.get_by_role("button", name="Send to my clinic").click()
    expect(page.get_by_role("heading", name="Sent. Thank you")).to_be_visible()
    context.close()
