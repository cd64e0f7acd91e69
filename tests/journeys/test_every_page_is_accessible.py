"""Every page of the therapist's workspace: no accessibility fault, nothing beside its edge, focus seen, no scripts.

How a page is looked at stands in `looked_at.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from evidence.address_book import BOOK
from looked_at import DESK, faults
from playwright.sync_api import Browser, Page, StorageState
from staff_pages import AT_LAST, OF_A_MOMENT, PAGES, SCENES, TAKES_ONLY, Site, begin_course, places

pytestmark = [
    pytest.mark.journey,
    pytest.mark.long_journey,
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

ELSEWHERE = (
    "sign-in/",
    "^sign-in",
    "service/",
    "my/",
    "near/",  # a caregiver's page: test_a_young_person.py
    "n/",  # looked at in the same way by test_the_link_in_a_mail.py
    "in/",
    "away/",
    "help/",
    "recordings/",
)  # other rooms, each with journeys of its own
FOCUSED = """() => {
  const one = document.activeElement;
  if (one === document.body || one.id === "main") return null;
  if (["date", "time"].includes(one.type)) return null;  // the browser marks the part of the day that is being typed
  const shown = [one, ...one.parentElement ? [one.parentElement, one.nextElementSibling] : []].filter(Boolean);
  const ring = [...one.children].some((part) => getComputedStyle(part).stroke === "rgb(31, 79, 191)");  // in a drawing
  return { what: one.outerHTML.slice(0, 90), seen: ring || shown.some((part) => {
    const style = getComputedStyle(part);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  }) };
}"""


@pytest.fixture(scope="module")
def desk(browser: Browser, site: str, signed_in: StorageState) -> Iterator[tuple[Page, Site, dict[str, str]]]:
    """A page of somebody in charge of every course, and where each page of the workspace is found."""
    context = browser.new_context(storage_state=signed_in, viewport=DESK)  # type: ignore[arg-type]
    page = context.new_page()
    where = Site(site, context.request)
    yield page, where, places(where)
    context.close()


def test_no_page_of_the_workspace_is_left_out():
    listed = {_pattern(path) for path in PAGES.values()}
    known = {_pattern(f"/{one.pattern}") for one in BOOK if not one.pattern.startswith(ELSEWHERE)}
    takes = {_pattern(f"/{one}") for one in TAKES_ONLY | OF_A_MOMENT}

    assert known - listed - takes - {"/forms/~.pdf"} == set()


def test_every_page_is_found_in_the_clinic(desk):
    _, _, found = desk

    assert set(PAGES) - set(found) <= {"end with a person"}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_accessibility_fault_and_nothing_beside_its_edge(desk, name):
    page, site, found = desk
    if name not in found or found[name].endswith(".txt"):
        pytest.skip("no page for the eye")
    page.goto(site.address + found[name])

    assert faults(page) == []


@pytest.mark.parametrize("name", {**SCENES, **AT_LAST})
def test_a_page_that_refuses_asks_or_turns_has_no_accessibility_fault(browser, signed_in, site, name):
    context = browser.new_context(storage_state=signed_in, viewport=DESK)
    page = context.new_page()
    course = begin_course(page, Site(site, context.request))
    {**SCENES, **AT_LAST}[name](page, Site(site, context.request, course))

    assert faults(page) == []
    context.close()


def test_without_scripts_every_page_answers_and_shows_its_forms(browser, signed_in, desk):
    _, site, found = desk
    context = browser.new_context(storage_state=signed_in, java_script_enabled=False)
    page = context.new_page()
    wrong = []
    for name, place in found.items():
        answer = page.goto(site.address + place)
        shown = [one for one in page.locator("main form").all() if one.locator("button, input[type=submit]").count()]
        usable = all(
            any(button.is_visible() for button in one.locator("button").all()) or _folded(one) for one in shown
        )
        if answer is None or answer.status not in (200, 400, 404) or not usable:
            wrong.append((name, answer and answer.status, usable))
    context.close()

    assert wrong == []


def test_the_focus_is_seen_wherever_it_goes(desk):
    page, site, found = desk
    unseen = []
    for name in ("caseload", "course story", "session", "agreed", "circle", "sheet, communication-analysis", "flag"):
        page.goto(site.address + found[name])
        for _ in range(40):
            page.keyboard.press("Tab")
            stands = page.evaluate(FOCUSED)
            if stands and not stands["seen"]:
                unseen.append((name, stands["what"]))

    assert unseen == []


# ---- what is looked at


def _folded(form: object) -> bool:
    return bool(form.evaluate("(one) => Boolean(one.closest('details:not([open])')) || one.offsetParent === null"))  # type: ignore[attr-defined]


def _pattern(path: str) -> str:
    """An address with what differs from course to course left out."""
    path = re.sub(r"\{\w+\}|<\w+:\w+>", "~", path.split("?")[0])
    path = re.sub(r"^/(courses|manuals|lessons|forms)/(?!new/)[^/~]+(?=/)", r"/\1/~", path)
    return re.sub(r"/(fill|paper|decisions|sessions)/(?!new/|missed/|ahead/)[^/~]+/", r"/\1/~/", path)
