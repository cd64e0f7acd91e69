"""A therapist takes the inventory: people in two taps and a name, placed by hand, by keys, and without a script."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.journey, pytest.mark.filterwarnings("ignore::ResourceWarning")]


def nothing_is_wrong_with(page: Page) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (390, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()
            assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    page.emulate_media(color_scheme="light")


def begin_course(page: Page, site: str, called: str) -> str:
    """A new client; the address of the people's page."""
    page.goto(site + "/courses/new/")
    page.get_by_label("What shall the client be called here?").fill(called)
    page.get_by_text("IPT for depression, adults", exact=True).first.click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Begin the course").click()
    return f"{page.url}people/"


def add(page: Page, name: str, relation: str, ring: str) -> int:
    """Add somebody; how many taps it took besides the name."""
    page.get_by_label("What shall we call this person?").fill(name)
    page.locator(".adding label", has_text=re.compile(rf"^\s*{relation}\s*$")).click()
    page.get_by_role("button", name=ring, exact=True).click()
    expect(page.get_by_text(f"{name} is in the record and on the circle.")).to_be_visible()
    return 2


def stored(page: Page, people: str) -> dict[str, tuple[str, str, float]]:
    """Where everybody stands by the record, read from a page that is opened anew: name -> ring, wish, angle."""
    page.goto(people + "circle/")
    rows = page.locator("[data-person]").all()
    return {
        row.get_attribute("data-name"): (
            row.locator("[data-ring]:checked").get_attribute("value"),
            row.locator("[data-wished]").input_value(),
            float(row.locator("[data-angle]").input_value()),
        )
        for row in rows
    }


def test_people_are_added_in_two_taps_and_a_name_and_moved_by_hand(a_page, site):
    page = a_page(viewport={"width": 1280, "height": 900})
    people = begin_course(page, site, "Robin")
    page.goto(people)
    nothing_is_wrong_with(page)
    taps = [add(page, "Lena", "Partner", "In touch"), add(page, "Rui", "Friend", "Far")]
    assert taps == [2, 2]
    nothing_is_wrong_with(page)

    page.get_by_role("link", name="Move people on the circle").click()
    lena = page.get_by_role("slider", name="Lena")
    expect(lena).to_have_attribute("aria-valuetext", "in touch, ring 3 of 4")
    drag(page, "Lena", ring=1, angle=270)
    expect(page.get_by_text("Lena: very close, ring 1 of 4.")).to_be_visible()
    page.locator(".mode label", has_text="Where they are wished").click()
    drag(page, "Rui", ring=2, angle=200)
    expect(page.get_by_text("Rui: far, ring 4 of 4, wished close.")).to_be_visible()
    expect(page.get_by_text("Moved and not saved yet.")).to_be_visible()
    nothing_is_wrong_with(page)
    page.get_by_role("button", name="Save the circle").click()
    expect(page.get_by_text("The circle is in the record.")).to_be_visible()

    found = stored(page, people)
    assert found["Lena"][:2] == ("1", "")
    assert abs(found["Lena"][2] - 270) < 4
    assert found["Rui"] == ("4", "2", 200.0)  # a wish moves nobody


def drag(page: Page, name: str, *, ring: int, angle: float) -> None:
    """Take somebody by the hand to a place on a ring; angles in degrees from the top."""
    page.get_by_role("slider", name=name).scroll_into_view_if_needed()
    place = page.evaluate(
        """([ring, angle]) => {
            const board = document.querySelector("[data-board]");
            const svg = board.querySelector("svg"), r = Number(board.dataset.radii.split(" ")[ring - 1]);
            const turn = angle * Math.PI / 180;
            const x = Number(board.dataset.x) + r * Math.sin(turn), y = Number(board.dataset.y) - r * Math.cos(turn);
            const there = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM());
            return [there.x, there.y];
        }""",
        [ring, angle],
    )
    dot = page.get_by_role("slider", name=name).locator(".dot").bounding_box()
    page.mouse.move(dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2)
    page.mouse.down()
    page.mouse.move(place[0] + 6, place[1] + 2, steps=4)
    page.mouse.move(*place)
    page.mouse.up()


def test_with_keys_alone_somebody_is_added_placed_and_wished_nearer(a_page, site):
    page = a_page(viewport={"width": 1280, "height": 900})
    people = begin_course(page, site, "Kim")
    page.goto(people)
    page.get_by_label("What shall we call this person?").focus()
    keys = page.keyboard
    keys.type("Noah")
    keys.press("Tab")
    for _ in range(2):
        keys.press("ArrowRight")  # partner, parent, child
    expect(page.get_by_label("Child", exact=True)).to_be_checked()
    tab_to(page, "In touch")
    keys.press("Enter")
    expect(page.get_by_text("Noah is in the record and on the circle.")).to_be_visible()

    tab_to(page, "Move people on the circle")
    keys.press("Enter")
    expect(page.get_by_role("slider", name="Noah")).to_be_visible()
    tab_to(page, "Noah")
    said = page.locator("[data-say]")
    keys.press("ArrowUp")
    expect(said).to_have_text("Noah: close, ring 2 of 4.")
    keys.press("ArrowRight")
    keys.press("ArrowDown")
    expect(said).to_have_text("Noah: in touch, ring 3 of 4.")
    keys.press("Shift+Tab")
    keys.press("ArrowRight")
    expect(page.get_by_label("Where they are wished")).to_be_checked()
    keys.press("Tab")
    for _ in range(2):
        keys.press("ArrowUp")
    expect(said).to_have_text("Noah: in touch, ring 3 of 4, wished very close.")
    tab_to(page, "Save the circle")
    keys.press("Enter")
    expect(page.get_by_text("The circle is in the record.")).to_be_visible()

    assert stored(page, people) == {"Noah": ("3", "1", 35.0)}


def tab_to(page: Page, name: str) -> None:
    """Go on by Tab until something of this name has the focus."""
    words = "(document.activeElement.getAttribute('aria-label') || document.activeElement.textContent).trim()"
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(words) == name:
            return
    raise AssertionError(f"{name!r} cannot be reached by Tab")


def test_whoever_is_taken_off_by_a_key_waits_beside_the_circle(a_page, site):
    page = a_page(viewport={"width": 390, "height": 844})
    people = begin_course(page, site, "Sam")
    page.goto(people)
    for name in ("Lena", "Rui"):
        add(page, name, "Friend", "Close")
    page.goto(people + "circle/")
    page.get_by_role("slider", name="Rui").focus()
    page.keyboard.press("Delete")
    expect(page.get_by_text("Rui: not on the circle.")).to_be_visible()
    expect(page.get_by_role("button", name="Put Rui on the circle")).to_be_focused()
    nothing_is_wrong_with(page)
    page.get_by_role("button", name="Save the circle").click()

    page.goto(people + "circle/")
    page.get_by_role("button", name="Put Rui on the circle").click()
    expect(page.get_by_role("slider", name="Rui")).to_be_focused()
    page.get_by_role("button", name="Save the circle").click()

    assert {name: place[0] for name, place in stored(page, people).items()} == {"Lena": "2", "Rui": "4"}


def test_without_scripts_the_list_does_the_same(a_page, site):
    page = a_page(java_script_enabled=False, viewport={"width": 390, "height": 844})
    people = begin_course(page, site, "Alex")
    page.goto(people)
    for name in ("Lena", "Noah"):
        add(page, name, "Friend", "Far")
    page.goto(people + "circle/")
    row = page.locator("[data-person]").first
    row.locator("label", has_text="Very close").click()
    row.get_by_label("Wished").select_option("Close")
    page.get_by_role("button", name="Save the circle").click()
    expect(page.get_by_text("The circle is in the record.")).to_be_visible()

    page.get_by_role("link", name="Draw lines between people").click()
    line = page.get_by_role("group", name="Line 1")
    line.get_by_label("From").select_option("Noah")
    line.get_by_label("Line").select_option("Carries messages between")
    line.get_by_label("To").select_option("Lena")
    page.get_by_role("button", name="Save the lines").click()
    expect(page.get_by_text("Noah carries messages to Lena")).to_be_visible()

    assert {name: place[:2] for name, place in stored(page, people).items()} == {"Lena": ("1", "2"), "Noah": ("4", "")}


def test_two_days_are_read_side_by_side(a_page, site):
    page = a_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{site}/courses/C02/people/compare/")

    expect(page.get_by_role("listitem").filter(has_text=re.compile("moved|stands where")).first).to_be_visible()
    nothing_is_wrong_with(page)
    page.get_by_label("Then").select_option(index=1)
    page.get_by_role("button", name="Compare these two").click()
    expect(page.get_by_role("heading", name="Every circle that was saved")).to_be_visible()
    page.goto(f"{site}/courses/C02/people/ties/")
    nothing_is_wrong_with(page)
    page.goto(f"{site}/courses/C02/people/P01/")
    page.get_by_text("More, when it is needed").click()
    page.get_by_text("is no longer part of this life").click()
    nothing_is_wrong_with(page)
