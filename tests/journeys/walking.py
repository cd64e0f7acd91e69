"""Walking through a whole course: a clinic of the journey's own, hands on the keyboard, and eyes that look once."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

PROGRAM = Path(__file__).with_name("clinic_of_its_own.py")
WIDTHS = (390, 1280)
SIZE = {"width": 1280, "height": 900}
expect.set_options(timeout=20_000)  # these journeys are long, and must not fail because a machine is busy
FAR = 400  # so many Tabs reach the end of any page


# ---- a clinic of the journey's own ----


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Clinic:
    """A service in a folder of its own, and a server that can be killed, started again, and told which day it is."""

    def __init__(self, folder: Path) -> None:
        self.home, self.port = folder / "home", free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.server: subprocess.Popen[bytes] | None = None
        self.log = folder / "server.log"

    def turn(self, moment: datetime) -> None:
        """Say which moment it is from now on."""
        fresh = self.home.with_name("tomorrow")
        fresh.write_text(f"{moment.isoformat()} {time.monotonic()}")
        fresh.replace(self.home.with_name("today"))

    def build(self) -> None:
        """Make the tables and the people who work here."""
        subprocess.run([sys.executable, str(PROGRAM), "build", str(self.home)], check=True, env=self._told())

    def start(self) -> None:
        """Start the server and wait until it answers."""
        with self.log.open("ab") as log:
            command = [sys.executable, str(PROGRAM), "serve", str(self.home), str(self.port)]
            self.server = subprocess.Popen(command, env=self._told(), stdout=log, stderr=log, start_new_session=True)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"{self.address}/sign-in/", timeout=5).read()
                return
            except OSError:
                assert self.server.poll() is None, self.log.read_text()
                time.sleep(0.05)
        raise AssertionError("The server does not answer.")

    def kill(self) -> None:
        """Take the server away from one moment to the next, its workers with it."""
        assert self.server is not None
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait(timeout=10)

    def _told(self) -> dict[str, str]:
        return {
            **os.environ,
            "OPENIPT_HOME": str(self.home),
            "OPENIPT_LOOPBACK": "1",
            "DJANGO_SETTINGS_MODULE": "openipt.site.settings",
        }


@contextmanager
def a_clinic(folder: Path, day: datetime | None = None) -> Iterator[Clinic]:
    """A clinic that is there for one journey."""
    made = Clinic(folder)
    if day is not None:
        made.turn(day)
    made.build()
    made.start()
    try:
        yield made
    finally:
        made.kill()


def a_desk(browser: Browser, **wanted: object) -> BrowserContext:
    """A browser of somebody's own, with days written as they are written here."""
    return browser.new_context(viewport=SIZE, locale="en-GB", **wanted)  # type: ignore[arg-type]


# ---- hands ----


class Keys:
    """Hands that never leave the keyboard.

    `taps`: controls that were used: a link or a button pressed, a chip marked, a field gone to. A finger needs as many.
    `ways`: Tabs and arrows on the way there, which a finger does not need. Typing is neither.
    No page is opened by its address but the very first, and that counts as a tap.
    """

    def __init__(self, page: Page) -> None:
        self.page, self.taps, self.ways, self.opened = page, 0, 0, 0
        self.looks = Looks(page)
        self.counted: dict[str, tuple[int, int]] = {}

    # going there

    def arrive(self, address: str) -> None:
        """Open the service in an empty window: a bookmark, one tap."""
        assert self.page.url == "about:blank", "Somebody who works here follows links."
        self.page.goto(address)
        self.taps += 1
        self.opened += 1

    def to(self, what: Locator) -> None:
        """Go to a control by Tab: backwards where it stands above."""
        what = what.first
        expect(what).to_be_attached()
        back = bool(what.evaluate(ABOVE))
        for _ in range(FAR):
            if what.evaluate(THERE):
                return
            self.way("Shift+Tab" if back else "Tab")
        raise AssertionError(f"{what} cannot be reached by Tab on {self.page.url}")

    def name(self, name: str, words: str) -> None:
        """Type into the field of this name."""
        self.write(self.page.locator(f"main [name='{name}']"), words)

    def way(self, key: str) -> None:
        """Press a key that leads on: Tab, or an arrow."""
        self.page.keyboard.press(key)
        self.ways += 1

    # using it

    def press(self, what: Locator) -> None:
        """Press a button, a link, or what opens a fold."""
        self.to(what)
        self.page.keyboard.press("Enter")
        self.taps += 1

    def go(self, what: Locator) -> None:
        """Press what leads to another page, and look at that page."""
        before = self.page.url
        self.to(what)
        assert what.first.evaluate(UNDER_A_FINGER), f"{what} lies under something else: no finger reaches it"
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press("Enter")
        self.taps += 1
        self.opened += 1
        assert before, self.page.url
        self.looks.once()

    def link(self, name: str, exact: bool = False) -> None:
        self.go(self.page.get_by_role("link", name=name, exact=exact))

    def button(self, name: str) -> None:
        self.go(self.page.get_by_role("button", name=name))

    def key(self, letter: str) -> None:
        """A key that opens a sheet by itself."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press(letter)
        self.taps += 1
        self.opened += 1
        self.looks.once()

    def mark(self, what: Locator) -> None:
        """Mark one chip: a box by Space; one of several by the arrows."""
        what = what.first
        self.to(what)
        if what.get_attribute("type") == "radio":
            for _ in range(40):
                if what.evaluate("e => e === document.activeElement"):
                    break
                self.way("ArrowRight")
        if not what.is_checked():
            self.page.keyboard.press("Space")
        expect(what).to_be_checked()
        self.taps += 1

    def unmark(self, what: Locator) -> None:
        self.to(what)
        self.page.keyboard.press("Space")
        expect(what).not_to_be_checked()
        self.taps += 1

    def answer(self, name: str, value: str) -> None:
        """Mark the answer of this value to the question of this name."""
        self.mark(self.page.locator(f"input[name='{name}'][value='{value}']"))

    def chip(self, words: str, within: str = "main") -> None:
        """Mark the first chip of these words."""
        label = self.page.locator(f"{within} label", has_text=re.compile(rf"^\s*{re.escape(words)}\s*$"))
        self.mark(label.first.locator("input"))

    def write(self, what: Locator, words: str) -> None:
        """Go to a field and type; what stood there goes."""
        what = what.first
        self.to(what)
        if what.input_value() and what.get_attribute("type") not in ("date", "time"):
            self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(words)
        self.taps += 1

    def field(self, label: str, words: str, exact: bool = False) -> None:
        self.write(self.page.get_by_label(label, exact=exact), words)

    def day(self, what: Locator, day: str) -> None:
        """Type a day into a field of days, as one says it here: day, month, year."""
        year, month, of_month = day.split("-")
        self.write(what, f"{of_month}{month}{year}")
        expect(what.first).to_have_value(day)

    def choose(self, what: Locator, value: str) -> None:
        """Choose from a list by typing how the words begin."""
        words = what.locator(f"option[value='{value}']").inner_text()
        self.to(what)
        self.page.keyboard.type(words)
        expect(what).to_have_value(value)
        self.taps += 1

    # counting

    @contextmanager
    def counting(self, what: str) -> Iterator[None]:
        """Count what is done meanwhile under a name."""
        taps, ways = self.taps, self.ways
        yield
        was = self.counted.get(what, (0, 0))
        self.counted[what] = (was[0] + self.taps - taps, was[1] + self.ways - ways)


# Shift+Tab is shorter where the control stands before the focus and the focus is on the page at all.
ABOVE = """e => {
  const at = document.activeElement;
  if (!at || at === document.body || at === e) return false;
  return Boolean(at.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_PRECEDING);
}"""
# What stands there for a finger: itself, or what it lies in.
UNDER_A_FINGER = """e => {
  const box = e.getBoundingClientRect();
  const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return hit === null || e.contains(hit) || hit.contains(e);
}"""
# A group of radios is one stop: Tab comes to one of them, the arrows to the others.
THERE = """e => {
  const at = document.activeElement;
  if (at === e) return true;
  return e.type === "radio" && at.type === "radio" && at.name === e.name && at.form === e.form;
}"""


# ---- eyes ----


class Looks:
    """Looks at each kind of page once, narrow and wide: nothing stands in anybody's way, nothing runs over the edge."""

    def __init__(self, page: Page) -> None:
        self.page, self.seen = page, {}  # kind of page -> one of its addresses
        self.axe = Axe()

    def once(self) -> None:
        """Look at this page, unless one of its kind was looked at."""
        kind = _kind(self.page.url)
        if kind in self.seen:
            return
        self.seen[kind] = self.page.url
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": SIZE["height"]})
            found = self.axe.run(self.page)
            assert found.violations_count == 0, f"{self.page.url} at {width}\n{found.generate_report()}"
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width, self.page.url
        self.page.set_viewport_size(SIZE)


_MARKS = (
    (r"\?.*|#.*|^https?://[^/]+", ""),
    (r"/courses/(?!new)[\w-]+/", "/courses/-/"),
    (r"/[0-9a-f]{8}-[0-9a-f-]{27}/", "/-/"),
    (r"/sessions/\d+/", "/sessions/-/"),
    (r"/meetings/[\w-]+/", "/meetings/-/"),
    (r"/people/P\w+/", "/people/-/"),
)


def _kind(url: str) -> str:
    for pattern, words in _MARKS:
        url = re.sub(pattern, words, url)
    return url.replace("/meetings/-/", "/sessions/-/")


# ---- what every journey does ----


def sign_in(keys: Keys, clinic: Clinic, name: str) -> None:
    """Somebody sits down in the morning: the page that stayed open asks them to sign in again."""
    if keys.page.url == "about:blank":
        keys.arrive(clinic.address)
    else:
        keys.link("Caseload")
    keys.link("Look around as one of them")
    keys.go(keys.page.get_by_role("button", name=re.compile(rf"^{name}\b")))


def begin_session(keys: Keys, called: str, number: int, of: int = 16) -> None:
    """From the caseload, over what is to be read beforehand, into the session."""
    keys.link(f"Look ahead with {called}")
    keys.button(f"Begin session {number} now")
    expect(keys.page.get_by_role("heading", level=1)).to_contain_text(f"session {number} of {of}")


def write_card(keys: Keys, mood: int, *tasks: str, known: tuple[str, ...] = (), step: str = "", last: str = "") -> None:
    """A routine card: mood, what was done, one way of working, safety, the step.

    Args:
        keys: Whose hands.
        mood: As the client says it.
        tasks: What was done and is not marked yet.
        known: What is marked already: it left its sheet in this session.
        step: The step agreed.
        last: How the last one went.
    """
    card = keys.page.locator("#after-card")
    keys.page.evaluate("document.activeElement.blur()")
    keys.page.keyboard.press("w")
    keys.taps += 1
    keys.mark(keys.page.locator(f"input[name=mood][value='{mood}']"))  # at the opening question
    for task in known:
        expect(card.locator(f"input[name=tasks][value='{task}']")).to_be_checked()
    for task in tasks:
        box = card.locator(f"input[name=tasks][value='{task}']")
        assert not box.is_checked(), f"{task} is marked already: nobody taps it"
        if not box.is_visible():  # a gate held it back when the session began
            keys.press(card.get_by_text("Something else was done"))
        keys.mark(box)
    keys.mark(card.locator("input[name=techniques]"))
    keys.mark(card.locator("input[name=safety_asked][value=yes]"))
    if last:
        keys.mark(card.locator(f"input[name=_last][value='{last}']"))
    if step:
        keys.write(card.locator("#card-step"), step)
    if card.locator("input[name=next_date].offered").count():
        keys.mark(card.locator("input[name=next_date].offered"))


def sign_note(keys: Keys) -> None:
    """Save the card, read the note, sign it."""
    keys.button("Save, and go to the note")
    keys.button("Sign the note")
    expect(keys.page.get_by_text("Signed by").first).to_be_visible()
