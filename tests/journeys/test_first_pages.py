"""A therapist reads a course in a browser: by eye, by keyboard, on a phone, in the dark, on paper, without scripts."""

from __future__ import annotations

import pytest
from looked_at import faults
from playwright.sync_api import expect

pytestmark = [pytest.mark.journey, pytest.mark.filterwarnings("ignore::ResourceWarning")]

PAGES = {
    "caseload": "/?on=2025-10-27",
    "course": "/courses/C02/?on=2025-11-03",
    "course at its end": "/courses/C01/",
    "session": "/courses/C02/sessions/9/",
    "session with a flag and a decision": "/courses/C02/sessions/8/",
    "group member": "/courses/C05-M7/sessions/4/",
    "people": "/courses/C02/people/",
    "entry": ("C02", "C02-s09-I2"),
    "forms": "/forms/",
    "questionnaire": "/forms/phq-9/",
    "worksheet": "/forms/communication-analysis/",
    "structure only": "/forms/wsas/",
    "manuals": "/manuals/",
    "manual": "/manuals/ipt-classic/",
    "lessons": "/lessons/",
    "lesson": "/lessons/reading-faces-and-postures/",
    "lesson of a group": "/lessons/ast-3-six-strategies/",
    "lesson with words on when to stop": "/lessons/learning-to-relax/",
    "components": "/ui/",
    "signing in": "/sign-in/",
    "looking around": "/sign-in/demo",
    "your own sign-in": "/sign-in/yours/",
    "where you are signed in": "/sign-in/yours/places/",
    "nothing here": "/nope",
    "refused": "/?on=tomorrow",
}


def address_of(clinic, name: str) -> str:
    """Where a page of the list is found."""
    known = PAGES[name]
    return clinic.address + (known if isinstance(known, str) else clinic.entry(*known))


@pytest.mark.long_journey
@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_accessibility_fault_and_nothing_beside_its_edge(a_page, clinic, name):
    page = a_page()
    page.goto(address_of(clinic, name))

    assert faults(page) == []


def test_the_keyboard_alone_leads_from_the_caseload_to_a_task_and_back(a_page, site):
    page = a_page(viewport={"width": 1280, "height": 900})
    page.goto(site + "/?on=2025-11-03")

    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to content")
    page.keyboard.press("Enter")
    tab_to(page, "Mateo")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mateo")
    tab_to(page, "Sessions")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("session 9 of 16")  # the newest by that day
    tab_to(page, "How")
    page.keyboard.press("Enter")
    expect(page.locator("details[open]").first).to_be_visible()
    page.go_back()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your courses")


def tab_to(page, words: str) -> None:
    """Press Tab until the focus stands on something that begins with these words."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if (page.evaluate("document.activeElement.innerText") or "").strip().startswith(words):
            return
    raise AssertionError(f"{words!r} cannot be reached with the Tab key")


def test_without_javascript_every_page_still_says_everything(a_page, clinic):
    page = a_page(java_script_enabled=False)

    for name in PAGES:
        page.goto(address_of(clinic, name))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(clinic.address + "/courses/C02/sessions/9/")
    expect(page.get_by_text("The note, drafted from this session")).to_be_visible()


def test_on_paper_the_page_drops_its_frame_and_what_was_asked_alone(a_page, clinic):
    page = a_page()
    page.emulate_media(media="print")

    page.goto(clinic.address + "/courses/C02/sessions/9/")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.locator(f'a[href*="{clinic.entries["C02-violence-5"]}"]')).to_be_hidden()
    page.goto(clinic.address + clinic.entry("C02", "C02-violence-1"))
    expect(page.get_by_role("article")).to_be_hidden()


def test_no_page_asks_another_machine_for_anything(a_page, clinic):
    asked: list[str] = []
    page = a_page()
    page.on("request", lambda request: asked.append(request.url))

    for name in PAGES:
        page.goto(address_of(clinic, name))

    assert [url for url in asked if not url.startswith(clinic.address)] == []
