"""A decision, a missed session, an ending, maintenance: walked through in a browser."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.journey, pytest.mark.filterwarnings("ignore::ResourceWarning")]


def nothing_is_wrong_with(page: Page) -> None:
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url


def chip(page: Page, words: str):
    return page.locator(".tap label", has_text=re.compile(rf"^\s*{re.escape(words)}\s*$")).first


def begin_course(page: Page, site: str, called: str) -> str:
    """A new client; the address of the course."""
    page.goto(site + "/courses/new/")
    page.get_by_label("What shall the client be called here?").fill(called)
    page.get_by_text("IPT for depression, adults", exact=True).first.click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Begin the course").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(called)
    return page.url


def test_a_point_is_decided_and_a_second_person_is_asked(a_page, site):
    page = a_page(viewport={"width": 1280, "height": 900})
    course = begin_course(page, site, "Robin")

    page.goto(f"{course}decisions/DP8/")
    nothing_is_wrong_with(page)
    page.get_by_text("Continue; written reason").click()
    page.get_by_role("button", name="Write the decision").click()
    expect(page.get_by_role("alert")).to_contain_text("Write what the client says to it.")
    nothing_is_wrong_with(page)
    page.get_by_label("The client says").fill("I want to stay with it.")
    page.get_by_label("The reason", exact=True).fill("The talk is next week.")
    page.get_by_label("What they need to know, without names").fill("Slow. The talk is next week.")
    page.get_by_role("button", name="Write the decision").click()

    expect(page.get_by_text("waits for a second person")).to_be_visible()
    page.goto(f"{site}/sign-off/")
    expect(page.get_by_text("Your own, waiting for somebody else")).to_be_visible()
    nothing_is_wrong_with(page)


def test_stopped_coming_is_an_ending_of_three_taps(a_page, site):
    page = a_page(viewport={"width": 390, "height": 800})
    course = begin_course(page, site, "Kim")
    page.goto(course)
    page.get_by_role("link", name="Nobody met").click()
    page.get_by_role("button", name="Did not come").click()
    page.goto(f"{course}missed/")
    nothing_is_wrong_with(page)
    chip(page, "Not reached").click()
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_text("On day 3").first).to_be_visible()

    page.goto(f"{course}ending/")
    taps = 0
    for what in (
        page.get_by_role("link", name=re.compile("^Stopped coming")),
        chip(page, "The family doctor"),
        page.get_by_role("button", name="Write it, and close the course"),
    ):
        what.click()
        taps += 1

    expect(page.get_by_text(re.compile("^Stopped coming, "))).to_be_visible()
    assert taps == 3
    nothing_is_wrong_with(page)


def test_without_scripts_a_course_ends_properly_and_goes_on_in_maintenance(a_page, site):
    page = a_page(java_script_enabled=False)
    course = begin_course(page, site, "Alex")

    page.goto(f"{course}ending/?how=finished")
    page.get_by_label("What is different now").fill("I ring people again")
    page.get_by_label("Own warning signs").fill("Leaving messages unread")
    page.get_by_label("What comes next", exact=True).fill("Once a month")
    page.get_by_label("If there is none: why").fill("Wanted to talk instead")
    page.get_by_role("button", name="Write the ending").click()
    expect(page.get_by_text("written, and still on the list")).to_be_visible()
    page.goto(f"{course}ending/letter/")
    expect(page.get_by_label("The letter", exact=True)).to_contain_text("I ring people again")
    page.goto(f"{course}keeping-well/")
    expect(page.get_by_text("Leaving messages unread")).to_be_visible()

    page.goto(f"{course}going-on/?how=maintenance")
    page.get_by_label("Why", exact=True).fill("Third time")
    page.get_by_label("The client says").fill("Good to have a place.")
    page.get_by_label("The client agrees").check()
    page.get_by_role("button", name="Begin maintenance").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Alex")
    expect(page.get_by_text("Goes on from")).to_be_visible()
    assert page.url.rstrip("/").endswith("-M")


@pytest.mark.parametrize(
    "path",
    [
        "review/",
        "ending/?how=finished",
        "ending/letter/",
        "keeping-well/",
        "going-on/?how=extension",
        "handing-over/",
    ],
)
def test_nothing_stands_in_the_way_of_anybody_on_these_pages(a_page, site, path):
    page = a_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{site}/courses/C02/{path}")
    nothing_is_wrong_with(page)


def test_a_leave_names_who_stands_in(a_page, site):
    page = a_page(viewport={"width": 1280, "height": 900})
    begin_course(page, site, "Noor")
    page.goto(f"{site}/leave/")
    nothing_is_wrong_with(page)
    expect(page.get_by_label("First day")).to_have_value(f"{datetime.now(UTC):%Y-%m-%d}")
    page.get_by_label("Last day").fill(f"{datetime.now(UTC) - timedelta(days=3):%Y-%m-%d}")
    page.get_by_role("button", name="Name the colleague").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose who stands in.")
