"""Take a picture of everything that insight and progress can show, narrow and wide, light and dark: to be looked at.

python scripts/status_gallery.py [shots/statuses]
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from gallery import chromium
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
BUILDER = ROOT / "tests" / "journeys" / "statuses.py"
SIZES = ((390, 844), (1280, 900))
LONGEST = 1700  # a picture of a longer page is cut, so that it can be looked at

Wanted = list[tuple[str, str, str]]  # name of the picture, address, part of the page ("" is all of it)


def main() -> int:
    """Build the clinic, and take its pictures as it is, once it has learned, and switched off."""
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "shots/statuses")
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        env = {**os.environ, "OPENIPT_HOME": str(home), "OPENIPT_LOOPBACK": "1"}
        env["DJANGO_SETTINGS_MODULE"] = "openipt.site.settings"
        built = subprocess.run([sys.executable, BUILDER, home], check=True, capture_output=True, text=True, env=env)
        labels = json.loads(built.stdout.splitlines()[-1])
        with _served(env) as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox", "--disable-gpu"])
            taken = _take(browser, site, target, _as_it_is(labels))
            _command(env, "progress", "--learn")
            taken += _take(browser, site, target, _learned(labels))
            _command(env, "insight", "--switch-off")
            taken += _take(browser, site, target, _off(labels))
            browser.close()
    print(f"{taken} pictures in {target}")
    return 0


def _as_it_is(labels: dict[str, str]) -> Wanted:
    diaries = ("statuses", "left out", "few", "hardly", "waiting", "afraid")
    wanted = [(f"insight-{name}", f"/courses/{labels[name]}/insight/", "") for name in diaries]
    wanted += [(f"session-{name}", f"/courses/{labels[name]}/sessions/1/", ".side") for name in diaries[:2]]
    states = ("worse", "ask", "off_track", "on_track", "early", "steady", "rising")
    today = f"?on={datetime.now(UTC).date()}"  # without it a course is shown as of its last fact
    wanted += [(f"state-{name}", f"/courses/{labels[name]}/{today}", ".beside") for name in states]
    wanted += [(f"head-{name}", f"/courses/{labels[name]}/{today}", ".coursehead") for name in states]
    return [*wanted, ("caseload", "/", ""), ("switch-on", "/service/insight/", "")]


def _learned(labels: dict[str, str]) -> Wanted:
    names = ("rising", "off_track", "early", "steady")
    wanted = [(f"band-{name}", f"/courses/{labels[name]}/", ".beside") for name in names]
    return [*wanted, ("band-caseload", "/", "")]


def _off(labels: dict[str, str]) -> Wanted:
    course = f"/courses/{labels['statuses']}/"
    return [
        ("off-insight", f"{course}insight/", ""),
        ("off-session", f"{course}sessions/1/", ""),
        ("off-switch", "/service/insight/", ""),
        ("off-unread", "/service/insight/#unread", ""),
    ]


def _take(browser: Browser, site: str, target: Path, wanted: Wanted) -> int:
    for scheme in ("light", "dark"):
        for width, height in SIZES:
            context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
            page = context.new_page()
            for name, address, part in wanted:
                _sign_in(page, site, "Ida" if "/service/" in address else "Everybody")
                page.goto(site + address)
                if address.endswith("#unread"):
                    page.locator("form.write button").click()
                _picture(page, part, target / f"{name.replace(' ', '-')}-{width}-{scheme}.png")
            context.close()
    return 4 * len(wanted)


def _picture(page: Page, part: str, path: Path) -> None:
    if part:
        page.locator(part).first.screenshot(path=path)
        return
    wide, high = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    page.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": wide, "height": min(high, LONGEST)})


def _sign_in(page: Page, site: str, name: str) -> None:
    if getattr(page, "openipt_name", None) == name:
        return
    page.context.clear_cookies()
    page.goto(f"{site}/sign-in/demo")
    page.get_by_role("button", name=name).first.click()
    page.wait_for_load_state()
    page.openipt_name = name  # type: ignore[attr-defined]


def _command(env: dict[str, str], *line: str) -> None:
    subprocess.run([sys.executable, "-m", "openipt.cli", *line], check=True, env=env, stdout=subprocess.DEVNULL)


@contextmanager
def _served(env: dict[str, str]) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "openipt.cli", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                break
            except OSError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=10)


if __name__ == "__main__":
    sys.exit(main())
