"""Measure how soon a client's pages can be used in a real browser that works four times slower than this machine.

`python bench/phone.py [--clients 40]`. Every page is opened five times by a client who is signed in; the median counts.
"Usable" is when the page stands and its scripts have run (`domContentLoadedEventEnd`), counted from the tap.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
sys.path.insert(0, str(Path(__file__).resolve().parent))
import of_the_portal
from gallery import FLAGS, chromium
from loading import SECRET, Server
from memory import a_copy
from run import Measured, table

SLOWER, RUNS, MOST_MS = 4, 5, 1000
USABLE = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


def usable(server: Server, phone: of_the_portal.Phone) -> Iterator[Measured]:
    """Measure every page of the portal that `bench/memory.py` measures."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play, play.chromium.launch(executable_path=chromium(), args=list(FLAGS)) as browser:
        page = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True).new_page()
        site = f"http://127.0.0.1:{server.port}"
        _come_in(page, site, phone)
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        for name, address in of_the_portal.addresses().items():
            taken = []
            for _ in range(RUNS):
                page.goto(f"{site}{address}")
                taken.append(page.evaluate(USABLE))
            yield Measured(f"{name}, usable on a phone {SLOWER} times slower", statistics.median(taken), "ms", MOST_MS)


def _come_in(page: Any, site: str, phone: of_the_portal.Phone) -> None:
    page.goto(f"{site}/in/first/")
    for field, text in {"name": phone.slip[0], "code": phone.slip[1], "secret": SECRET, "again": SECRET}.items():
        page.locator(f"input[name={field}]").fill(text)
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()


def main() -> int:
    """Measure and say whether the budget holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=40)
    clients = parser.parse_args().clients
    place = a_copy(clients)
    phones = of_the_portal.invited(f"B-{n:05d}" for n in range(clients))
    from django.db import connections

    connections.close_all()
    server = Server(place)
    try:
        found = list(usable(server, phones[0]))
    finally:
        server.stop()
    print(table(found))
    return 0 if all(one.holds for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
