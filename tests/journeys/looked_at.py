"""A page loaded once and looked at four times: no accessibility fault, nothing beside its edge.

What axe finds depends on the width through the layout, and on light and dark through the colours alone: all rules run
at both widths, and the rule about colours in the other scheme, too.
"""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT as AXE  # read in once a page: it is half a megabyte
from playwright.sync_api import Page

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
NARROWEST = {"width": 320, "height": 700}
ALL = {"resultTypes": ["violations"]}  # what is right is counted, not told: telling it takes longer than looking
COLOURS = {**ALL, "runOnly": {"type": "rule", "values": ["color-contrast"]}}


def faults(page: Page) -> list[str]:
    """What is wrong with a page as it stands, folds open, at every width and in both schemes."""
    page.evaluate("document.querySelectorAll('details:not([name])').forEach((one) => { one.open = true; })")
    found: list[str] = []
    for size, scheme, other in ((DESK, "light", "dark"), (PHONE, "dark", "light")):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        found += _axe(page, f"{size['width']} {scheme}", ALL) + _sideways(page, size["width"])
        page.emulate_media(color_scheme=other)  # type: ignore[arg-type]
        found += _axe(page, f"{size['width']} {other}", COLOURS)
    page.set_viewport_size(NARROWEST)  # type: ignore[arg-type]
    found += _sideways(page, NARROWEST["width"])
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    return found


def violations(page: Page, options: dict[str, object] = ALL) -> list[dict[str, Any]]:
    """What axe finds on a page as it stands."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE)
    return page.evaluate("(options) => axe.run(options).then((told) => told.violations)", options)


def _axe(page: Page, where: str, options: dict[str, object]) -> list[str]:
    found = violations(page, options)
    return [f"{where}: {one['id']}: {[node['html'][:120] for node in one['nodes']][:3]}" for one in found]


def _sideways(page: Page, width: int) -> list[str]:
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide <= width:
        return []
    guilty = page.evaluate(
        "(width) => [...document.querySelectorAll('main *')].filter((one) =>"
        " one.getBoundingClientRect().right > width + 1 && !one.closest('.tablebox, .scroll'))"
        ".slice(0, 4).map((one) => one.outerHTML.slice(0, 90))",
        width,
    )
    return [f"{width}: scrolls sideways to {wide}: {guilty}"]
