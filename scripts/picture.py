"""Make the picture of the README anew: the session page of a worked course, as a browser shows it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

PORT = 8719
ADDRESS = f"http://127.0.0.1:{PORT}"
TARGET = Path(__file__).resolve().parents[1] / "docs" / "session.png"


def main() -> int:
    """Start the pages, take the picture, stop them."""
    chromium = os.environ.get("OPENIPT_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    server = subprocess.Popen(
        [sys.executable, "-m", "openipt.cli", "serve", "--port", str(PORT)], stdout=subprocess.DEVNULL
    )
    try:
        for _ in range(400):  # the demonstration clinic is built first, once a day
            try:
                socket.create_connection(("127.0.0.1", PORT), timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page(viewport={"width": 1280, "height": 940}, color_scheme="light")
            page.goto(f"{ADDRESS}/sign-in/demo")
            page.get_by_role("button", name="Ines Aalto").click()
            page.goto(f"{ADDRESS}/courses/C02/sessions/8/")
            page.screenshot(path=TARGET)
            browser.close()
    finally:
        server.terminate()
        server.wait(timeout=10)
    print(f"{TARGET.name}: {TARGET.stat().st_size // 1024} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
