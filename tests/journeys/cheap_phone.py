"""A cheap phone: 360 pixels wide, four times slower than this machine, a finger on it, and an eye that looks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from looked_at import violations
from playwright.sync_api import Browser, BrowserContext, CDPSession, Locator, Page, expect
from slips import wait_for_a_place

SECRET = "730264"  # noqa: S105  of invented people
PIN = "4826"
SIZE = {"width": 360, "height": 740}
SLOWER = 4
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
)
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
expect.set_options(timeout=20_000)  # a slow phone beside other work
# What a browser of this house cannot do by itself here: go behind another window, and come to the front again.
SHOWN = """(how) => {
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => how });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


class CheapPhone:
    """One browser on a phone, and the finger on it. `taps` counts what was tapped; typing is no tap."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.context, self.site, self.taps = context, site, 0
        self.page: Page = context.new_page()
        self.engine: CDPSession = context.new_cdp_session(self.page)
        self.slow(SLOWER)

    def slow(self, times: int) -> None:
        """Work so many times slower than this machine."""
        self.engine.send("Emulation.setCPUThrottlingRate", {"rate": times})

    def open(self, path: str) -> Page:
        """Open a page by its address."""
        self.page.goto(f"{self.site}{path}")
        return self.page

    def tap(self, what: Locator | str) -> None:
        """Tap a button or a link, and wait for the page that it leads to: one tap."""
        found = self.named(what) if isinstance(what, str) else what
        with self.page.expect_navigation():
            found.first.tap()
        self.taps += 1

    def mark(self, name: str, value: str = "") -> None:
        """Tap an answer that stays on the page: one tap."""
        chip = f"input[name='{name}']" + (f"[value='{value}']" if value else "")
        self.page.locator(f"label:has({chip})").first.tap()
        self.taps += 1

    def named(self, words: str) -> Locator:
        """A button or a link that says this."""
        says = re.compile(rf"^{re.escape(words)}")
        return self.page.get_by_role("button", name=says).or_(self.page.get_by_role("link", name=says))

    def says(self, words: str) -> None:
        """See that the page has this heading."""
        expect(self.page.get_by_role("heading", name=words).first).to_be_visible()

    def comes_in_first(self, slip: tuple[str, str]) -> None:
        """The slip, once, and a secret of one's own."""
        self.open("/in/")
        self.tap("I have a slip with a code")
        for field, text in zip(("name", "code", "secret", "again"), (*slip, SECRET, SECRET), strict=True):
            self.page.locator(f"[name={field}]").fill(text)
        wait_for_a_place()
        self.tap("Keep my secret and go in")
        self.says("Today")

    def comes_in(self, name: str, *, here: bool = False) -> None:
        """The name of the slip, and the own secret; `here`: the page that asks is open already."""
        if not here:
            self.open("/in/")
        self.page.locator("[name=login]").fill(name)
        self.page.locator("[name=password]").fill(SECRET)
        self.tap("Come in")

    def sets_a_pin(self) -> None:
        """Lock the room with a PIN."""
        self.open("/my/keys/pin/")
        for field, text in (("now", SECRET), ("new", PIN), ("again", PIN)):
            self.page.locator(f"[name={field}]").fill(text)
        self.tap(self.page.locator("main form button[type=submit]"))
        expect(self.page.get_by_role("status")).to_contain_text("Your PIN is set")

    def types_the_pin(self) -> None:
        """Open the lock."""
        expect(self.page.get_by_role("heading", name="Your PIN")).to_be_visible()
        self.page.locator("[name=pin]").fill(PIN)
        self.tap("Open")

    def goes_behind(self) -> None:
        """Another app comes to the front."""
        self.page.evaluate(SHOWN, "hidden")

    def comes_back(self, minutes: float) -> None:
        """This one comes to the front again, after so many minutes of the phone's own clock."""
        self.page.evaluate(f"(now => {{ Date.now = () => now + {minutes * 60_000}; }})(Date.now())")
        self.page.evaluate(SHOWN, "visible")

    def is_in_order(self) -> None:
        """See that axe finds nothing, nothing stands beside the edge, and the title says nothing."""
        assert self.page.title() == "Notes"
        assert self.page.evaluate("document.documentElement.scrollWidth") <= SIZE["width"], self.page.url
        self.slow(1)  # looking is not the phone's work
        found = violations(self.page)
        self.slow(SLOWER)
        assert found == [], (self.page.url, [(one["id"], one["nodes"][0]["html"][:120]) for one in found])


@contextmanager
def a_cheap_phone(browser: Browser, site: str, agent: str = ANDROID, **wanted: Any) -> Iterator[CheapPhone]:
    """A phone of somebody's own."""
    context = browser.new_context(
        viewport=SIZE, has_touch=True, is_mobile=True, locale="en-GB", user_agent=agent, **wanted
    )
    try:
        yield CheapPhone(context, site)
    finally:
        context.close()
