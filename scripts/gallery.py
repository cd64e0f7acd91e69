"""Take a picture of every page of the therapist's workspace, narrow and wide, light and dark: to be looked at.

python scripts/gallery.py [shots/workspace]        then open index.html in that folder
python scripts/gallery.py --only "course story,session"     some of them, by the beginning of their names
"""

from __future__ import annotations

import argparse
import html
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "journeys"))

import staff_pages  # noqa: E402 - the list of pages stands with the tests that walk it

SIZES = ((390, 844), (1280, 900))
SCHEMES = ("light", "dark")
LONGEST = 1700  # a longer page comes in slices, so that each can be looked at
SOMEBODY = "Ines Aalto"
# Of the demonstration clinic: whose course has ended, who leads the group, who may switch things on.
ENDED, MEMBER = "C06", "C05-M7"
BEFORE_SIGNING_IN = ("signing in", "looking around")
OTHERS = {"{finished}": "Tomasz Nowak", "{member}": "Samuel Okoye", "/service/": "Marta Pires"}
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")


def main() -> int:
    """Serve the demonstration clinic from a folder of its own, and take every page of it."""
    asked = _asked()
    target = Path(asked.target)
    with _site(asked.at) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        camera = Camera(browser, address, target, [one.strip() for one in asked.only.split(",") if one.strip()])
        camera.take_all()
        browser.close()
    index = target / "index.html"
    index.write_text(index_of(camera.taken, "The workspace, page by page"), encoding="utf-8")
    print(f"{len(camera.taken)} pages; open {index}")
    return 0


def _asked() -> argparse.Namespace:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("target", nargs="?", default="shots/workspace")
    reader.add_argument("--only", default="", help="beginnings of names, with commas between them")
    reader.add_argument("--at", default="", help="a demonstration clinic that runs already: http://127.0.0.1:8000")
    return reader.parse_args()


class Camera:
    """Goes through the clinic in each size and scheme, and remembers what it took."""

    def __init__(self, browser: Browser, address: str, target: Path, only: list[str]) -> None:
        self.browser, self.address, self.target, self.only = browser, address, target, only
        self.taken: dict[str, dict[str, list[str]]] = {}  # page -> size and scheme -> its slices
        self.empty = ""
        self.is_now = ""

    def take_all(self) -> None:
        """Every page, every state of a page, every sheet on paper."""
        self.target.mkdir(parents=True, exist_ok=True)
        for scheme in SCHEMES:
            for width, height in SIZES:
                context = self.browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
                self._round(context.new_page(), f"{width}-{scheme}")
                context.close()
        self._on_paper()

    def _round(self, page: Page, way: str) -> None:
        site = self._sign_in(page)
        if not self.empty and self._wanted("empty course"):
            self.empty = staff_pages.begin_course(page, site)
        for name, place in self._places(site).items():
            self._be(page, _who_looks(name))
            page.goto(site.address + place)
            self._picture(page, name, way)
        self._be(page, SOMEBODY)
        for name, scene in {**staff_pages.SCENES, **staff_pages.AT_LAST}.items():
            if self._wanted(name):
                scene(page, replace(site, course=staff_pages.begin_course(page, site)))
                self._picture(page, name, way)

    def _places(self, site: staff_pages.Site) -> dict[str, str]:
        every = {name: place for name, place in staff_pages.places(site).items() if not place.endswith(".txt")}
        if self.empty:
            of = staff_pages.OF_AN_EMPTY_COURSE
            every |= {f"empty course, {one or 'story'}": f"/courses/{self.empty}/{one}" for one in of}
        return {name: place for name, place in every.items() if self._wanted(name)}

    def _on_paper(self) -> None:
        context = self.browser.new_context(viewport={"width": 794, "height": 1123})
        page = context.new_page()
        site = self._sign_in(page)
        page.emulate_media(media="print")
        for name, place in staff_pages.places(site).items():
            if name in staff_pages.ON_PAPER and self._wanted(name):
                page.goto(site.address + place)
                self._picture(page, f"{name}, on paper", "paper")
        context.close()

    def _wanted(self, name: str) -> bool:
        return not self.only or any(name.startswith(one) for one in self.only)

    def _sign_in(self, page: Page) -> staff_pages.Site:
        self.is_now = ""
        self._be(page, SOMEBODY)
        return staff_pages.Site(self.address, page.context.request, finished=ENDED, member=MEMBER)

    def _be(self, page: Page, somebody: str) -> None:
        if self.is_now == somebody:
            return
        page.context.clear_cookies()
        self.is_now = somebody
        if somebody:
            page.goto(f"{self.address}/sign-in/demo")
            page.get_by_role("button", name=somebody).click()
            page.wait_for_url(lambda url: "/sign-in" not in url)

    def _picture(self, page: Page, name: str, way: str) -> None:
        size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
        plain = "".join(letter if letter.isalnum() else "-" for letter in name.lower())
        slices = self.taken.setdefault(name, {}).setdefault(way, [])
        for n, top in enumerate(range(0, max(size[1], 1), LONGEST)):
            file = f"{plain}-{way}-{n}.png"
            clip = {"x": 0, "y": top, "width": size[0], "height": min(LONGEST, size[1] - top)}
            page.screenshot(path=self.target / file, full_page=True, clip=clip)  # type: ignore[arg-type]
            slices.append(file)


def _who_looks(name: str) -> str:
    """Return who is shown a page: whose course it is of; nobody before signing in."""
    if name in BEFORE_SIGNING_IN:
        return ""
    place = staff_pages.PAGES.get(name, "")
    return next((person for part, person in OTHERS.items() if part in place), SOMEBODY)


def index_of(taken: dict[str, dict[str, list[str]]], title: str) -> str:
    """Return a page that shows every picture beside its other sizes; it asks nobody for anything."""
    links = "".join(f'<li><a href="#{n}">{html.escape(name)}</a></li>' for n, name in enumerate(taken))
    parts = []
    for n, (name, ways) in enumerate(taken.items()):
        shown = "".join(
            f"<figure><figcaption>{html.escape(way)}</figcaption>"
            + "".join(f'<img loading="lazy" src="{one}" alt="{html.escape(name)}, {way}">' for one in slices)
            + "</figure>"
            for way, slices in ways.items()
        )
        parts.append(f'<section id="{n}"><h2>{html.escape(name)}</h2><div>{shown}</div></section>')
    style = (
        "body{font:16px system-ui;margin:1rem;background:#eee}section>div{display:flex;gap:1rem;overflow-x:auto}"
        "figure{margin:0;flex:none}img{display:block;inline-size:26rem}ul{columns:14rem}"
    )
    return (
        f'<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>{title}</title>'
        f"<style>{style}</style><h1>{title}</h1><ul>{links}</ul>{''.join(parts)}</html>"
    )


@contextmanager
def _site(running: str) -> Iterator[str]:
    if running:
        yield running
        return
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as address:
        yield address


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a demonstration clinic, built in a folder, as long as somebody looks at it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {name: value for name, value in os.environ.items() if name != "OPENIPT_HOME"}
    command = [sys.executable, "-m", "openipt.cli", "serve", "--port", str(port)]
    server = subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(900):  # the clinic is built first
            if server.poll() is not None:
                raise SystemExit("The demonstration clinic did not start; try `make run` to see why.")
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=10)


def chromium() -> str | None:
    """Where the browser is; None leaves it to Playwright."""
    known = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return os.environ.get("OPENIPT_CHROMIUM") or next(filter(None, map(shutil.which, known)), None)


if __name__ == "__main__":
    sys.exit(main())
