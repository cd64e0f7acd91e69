"""Take a picture of every page of the client's room, as the client of the dispute case has it: to be looked at.

python scripts/phone_gallery.py [shots/phone]        then open index.html in that folder
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from gallery import FLAGS, LONGEST, SCHEMES, SOMEBODY, chromium, index_of, served
from playwright.sync_api import Browser, Page, sync_playwright

COURSE = "C02"
SIZE = {"width": 360, "height": 740}
SECRET = "730264"  # noqa: S105  of an invented person
FIRST = ("/in/", "/in/first/", "/in/forgotten/", "/help/", "/away/", "/my/")
ALIKE = 4  # pages of one kind: a sheet, a person, a lesson; more of them show nothing new
OWN = re.compile(r"^/(?:my|help|near)/")


def main() -> int:
    """Serve the demonstration clinic, let the client in, and take every page that a link leads to."""
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "shots/phone")
    target.mkdir(parents=True, exist_ok=True)
    taken: dict[str, dict[str, list[str]]] = {}
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        slip = _slip(browser, site)
        for n, scheme in enumerate(SCHEMES):
            context = browser.new_context(viewport=SIZE, color_scheme=scheme, is_mobile=True, has_touch=True)  # type: ignore[arg-type]
            page = context.new_page()
            _come_in(page, site, slip, first=n == 0)
            for name in _every_page(page, site):
                taken.setdefault(name, {})[scheme] = list(_slices(page, target, f"{name}-{scheme}"))
            context.close()
        browser.close()
    (target / "index.html").write_text(index_of(taken, "The client's room, page by page"), encoding="utf-8")
    print(f"{len(taken)} pages; open {target / 'index.html'}")
    return 0


def _slip(browser: Browser, site: str) -> tuple[str, str]:
    page = browser.new_page()
    page.goto(f"{site}/sign-in/demo")
    page.get_by_role("button", name=SOMEBODY).click()
    page.wait_for_url(f"{site}/")
    page.goto(f"{site}/courses/{COURSE}/invite/")
    page.get_by_role("button", name=re.compile("Make .* slip")).click()
    page.locator("dd.big").nth(1).wait_for()
    name, code = page.locator("dd.big").all_inner_texts()
    page.context.close()
    return name, code


def _come_in(page: Page, site: str, slip: tuple[str, str], *, first: bool) -> None:
    page.goto(f"{site}/in/first/" if first else f"{site}/in/")
    fields = zip(("name", "code", "secret", "again"), (*slip, SECRET, SECRET), strict=True)
    for field, text in fields if first else (("login", slip[0]), ("password", SECRET)):
        page.locator(f"[name={field}]").fill(text)
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(f"{site}/my/**")


def _every_page(page: Page, site: str) -> Iterator[str]:
    """Open one page after the other, whatever a link leads to, and yield what each is called."""
    waiting, known, kinds = list(FIRST), set(FIRST), dict[str, int]()
    while waiting:
        path = waiting.pop(0)
        page.goto(site + path)
        kind = "-".join(part if part.isalpha() else "x" for part in path.strip("/").split("/")) or "start"
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] > ALIKE:
            continue
        yield f"{kind}-{kinds[kind]}"
        for found in page.locator("a[href^='/']").evaluate_all("links => links.map(one => one.getAttribute('href'))"):
            way = found.split("#")[0].split("?")[0]
            if OWN.match(way) and way not in known:
                known.add(way)
                waiting.append(way)


def _slices(page: Page, target: Path, name: str) -> Iterator[str]:
    height = page.evaluate("document.documentElement.scrollHeight")
    for n, top in enumerate(range(0, max(height, 1), LONGEST)):
        clip = {"x": 0, "y": top, "width": SIZE["width"], "height": min(LONGEST, height - top)}
        page.screenshot(path=target / f"{name}-{n}.png", full_page=True, clip=clip)  # type: ignore[arg-type]
        yield f"{name}-{n}.png"


if __name__ == "__main__":
    sys.exit(main())
