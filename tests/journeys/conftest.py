"""A real server process and a real browser."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

BUILDER = Path(__file__).with_name("clinic.py")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


CHROMIUMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def chromium() -> str:
    """Where the browser is; a journey without one fails, it is never passed over."""
    named = os.environ.get("OPENIPT_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, CHROMIUMS)), None)
    assert found, "The journeys need a Chromium: run `make browser`, or set OPENIPT_CHROMIUM to its path."
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Clinic:
    """A running server, and where the entries of the worked cases are found."""

    address: str
    entries: dict[str, str]
    home: Path

    def entry(self, course: str, name: str) -> str:
        """The address of an entry by the name that its case file gives it."""
        return f"/courses/{course}/entries/{self.entries[name]}/"


@pytest.fixture(scope="session")
def clinic(tmp_path_factory) -> Iterator[Clinic]:
    """A clinic with every worked case, served by a process of its own."""
    home = tmp_path_factory.mktemp("clinic") / "home"
    beside_others = "PYTEST_XDIST_WORKER" in os.environ
    of_this_run = tmp_path_factory.getbasetemp().parent if beside_others else tmp_path_factory.getbasetemp()
    entries = _a_copy(of_this_run / "built-clinic", home)
    told = _told(home)
    port = free_port()
    command = [sys.executable, "-m", "openipt.cli", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=told, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    address = f"http://127.0.0.1:{port}"
    until = time.monotonic() + 120  # beside other journeys that begin, on a slow machine
    while not _answers(f"{address}/forms/phq-9/"):
        assert server.poll() is None, server.stderr.read().decode() if server.stderr else "the server ended"
        assert time.monotonic() < until, "the server does not answer"
        time.sleep(0.2)
    yield Clinic(address, entries, home)
    server.terminate()
    server.wait(timeout=10)
    if server.stderr:
        server.stderr.close()


def _told(home: Path) -> dict[str, str]:
    return {
        **os.environ,
        "OPENIPT_HOME": str(home),
        "OPENIPT_LOOPBACK": "1",
        "DJANGO_SETTINGS_MODULE": "openipt.site.settings",
    }


def _a_copy(kept: Path, home: Path) -> dict[str, str]:
    """Copy the clinic that whoever of this run came first has built; return where its entries can be read."""
    kept.mkdir(exist_ok=True)
    with (kept / "lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not (kept / "entries.json").exists():
            built = subprocess.run(
                [sys.executable, str(BUILDER), str(kept / "home")],
                check=True,
                capture_output=True,
                text=True,
                env=_told(kept / "home"),
            )
            (kept / "entries.json").write_text(built.stdout)
    shutil.copytree(kept / "home", home)
    return json.loads((kept / "entries.json").read_text())


def _answers(address: str) -> bool:
    try:
        urllib.request.urlopen(address, timeout=5).read()
    except OSError:
        return False
    return True


@pytest.fixture(scope="session")
def site(clinic: Clinic) -> str:
    """The address of a running server."""
    return clinic.address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def signed_in(browser: Browser, site: str) -> StorageState:
    """What a browser remembers after somebody in charge of every course signed in by one click."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}/sign-in/demo")
    page.get_by_role("button", name="Everybody").click()
    page.wait_for_url(f"{site}/")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def a_page(browser: Browser, signed_in: StorageState) -> Iterator[Callable[..., Page]]:
    """Opens a page for somebody who has signed in; closed with the test."""
    opened: list[BrowserContext] = []

    def open_page(**wanted: Any) -> Page:
        context = browser.new_context(storage_state=signed_in, **wanted)
        opened.append(context)
        return context.new_page()

    yield open_page
    for context in opened:
        context.close()
