"""The client's own material in a real browser: the circle under a finger, a talk, and what is wrong with no page."""

from __future__ import annotations

import gzip

import pytest
from axe_playwright_python.sync_playwright import Axe
from journeys.test_the_portal import a_new_course, a_slip, comes_in, looking, phone  # noqa: F401 - fixtures
from playwright.sync_api import Page, expect

from openipt.rooms.portal.questions.asking import key_of

pytestmark = [pytest.mark.journey, pytest.mark.filterwarnings("ignore::ResourceWarning")]

OWN = (
    "/my/more/",
    "/my/people/",
    "/my/sheets/",
    "/my/read/",
    "/my/life/",
    "/my/goals/",
    "/my/well/",
    "/my/well/now/",
    "/my/day/",
)
STEPS = tuple(f"/my/sheets/{key_of('emotion-identification')}/{n}/" for n in (1, 5, 6))
MORE = (f"/my/read/{key_of('lesson/conflict')}/", f"/my/sheets/{key_of('communication-analysis')}/8/")
FIRST_LOAD = 60_000  # bytes, compressed


def add(page: Page, name: str, ring: str) -> None:
    page.get_by_label("What do you call them?").fill(name)
    page.get_by_role("button", name=ring, exact=True).click()


def test_somebody_in_two_taps_and_a_finger_on_the_circle(a_page, phone, site) -> None:  # noqa: F811
    staff = a_page()
    course = a_new_course(staff, site, "Finch")
    comes_in(phone, site, a_slip(staff, course))
    phone.goto(f"{site}/my/people/")
    add(phone, "Lena", "Close")
    add(phone, "Rui", "Far")
    phone.get_by_role("link", name="Lena").click()

    board = phone.locator(".board input:visible")
    box = board.bounding_box()
    board.click(position={"x": box["width"] / 2, "y": 24})

    expect(phone.get_by_role("status")).to_contain_text("Moved")
    expect(phone.locator("button[name=ring].chosen")).to_have_text("Far (now)")
    assert "Lena" not in phone.url
    staff.goto(f"{course}people/")
    expect(staff.get_by_text("Lena").first).to_be_visible()


def test_nothing_is_wrong_with_the_clients_own_pages(a_page, looking, site) -> None:  # noqa: F811
    staff = a_page()
    comes_in(looking, site, a_slip(staff, f"{site}/courses/C03/"))
    looking.goto(f"{site}/my/people/")
    person = looking.locator("a[href^='/my/people/']").first.get_attribute("href")
    for tail in (*OWN, *STEPS, *MORE, person):
        looking.goto(f"{site}{tail}")
        looking.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        for scheme in ("light", "dark"):
            looking.emulate_media(color_scheme=scheme)
            found = Axe().run(looking)
            assert found.violations_count == 0, (tail, scheme, found.generate_report())
        for width in (320, 390):
            looking.set_viewport_size({"width": width, "height": 844})
            assert looking.evaluate("document.documentElement.scrollWidth") <= width, (tail, width)


def test_the_first_load_is_small_and_its_only_script_keeps_what_is_typed(a_page, looking, site) -> None:  # noqa: F811
    staff = a_page()
    comes_in(looking, site, a_slip(staff, f"{site}/courses/C03/"))
    loaded: list[bytes] = []
    looking.on("response", lambda one: loaded.append(one.body()) if one.ok else None)
    looking.goto(f"{site}/my/people/", wait_until="networkidle")

    assert sum(len(gzip.compress(one)) for one in loaded) <= FIRST_LOAD
    scripts = [one.get_attribute("src") or "" for one in looking.locator("script").all()]
    assert [one.rpartition("/")[2].partition(".")[0] for one in scripts] == ["draft"]
