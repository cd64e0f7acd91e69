"""Make the three pictures of the README anew: the caseload, and the session and the story of a worked case."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from gallery import FLAGS, SOMEBODY, chromium, served
from playwright.sync_api import sync_playwright

DOCS = Path(__file__).resolve().parents[1] / "docs"
PICTURES = {"caseload.png": "/", "session.png": "/courses/C02/sessions/8/", "course.png": "/courses/C02/"}
SIZE = (1280, 940)
LARGEST = 250_000  # bytes each: a README that opens at once


def main() -> int:
    """Serve the demonstration clinic, take the pictures, stop it."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        place = Path(folder)
        with served(place) as address:
            _reminders(place)
            browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
            page = browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]}, color_scheme="light")
            page.goto(f"{address}/sign-in/demo")
            page.get_by_role("button", name=SOMEBODY).click()
            for name, where in PICTURES.items():
                page.goto(address + where)
                page.screenshot(path=DOCS / name)
            browser.close()
    return max(_told(DOCS / name) for name in PICTURES)


def _reminders(place: Path) -> None:
    """Run the reminders once, as a service does every few minutes: else the caseload says that they stand still."""
    home = next((place / "var" / "demo").glob("*-*-*"))
    env = {**os.environ, "OPENIPT_HOME": str(home), "OPENIPT_LOOPBACK": "1"}
    subprocess.run([sys.executable, "-m", "openipt.cli", "tick"], check=True, env=env, stdout=subprocess.DEVNULL)


def _told(picture: Path) -> int:
    size = picture.stat().st_size
    print(f"{picture.name}: {size // 1000} kB")
    return int(size > LARGEST)


if __name__ == "__main__":
    sys.exit(main())
