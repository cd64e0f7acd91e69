"""The HTML file of a replay in a real browser: accessible, nothing scrolls sideways but the pictures."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from openipt.exchange.cases import open_case, replay
from openipt.exchange.cases.opening import case_named
from openipt.exchange.cases.report import html

pytestmark = [pytest.mark.journey, pytest.mark.filterwarnings("ignore::ResourceWarning")]


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("reports")
    for case in ("C02", "C05"):
        (folder / f"{case}.html").write_text(html(replay(open_case(case_named(case)), people=True)), encoding="utf-8")
    return {case: (folder / f"{case}.html").as_uri() for case in ("C02", "C05")}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("case", ["C02", "C05"])
def test_the_report_has_no_accessibility_fault(browser, pages, case, width, scheme):
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(pages[case])
    page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true })")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_by_keyboard_the_first_stop_leads_to_the_course(browser, pages):
    page = browser.new_page()
    page.goto(pages["C02"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the course"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.close()
