"""A small clinic that a journey has for itself, and a server whose day the journey says.

Run as a program: `python clinic_of_its_own.py build HOME`, then `python clinic_of_its_own.py serve HOME PORT`.
The day stands in the file `today` beside HOME: an ISO moment, and the reading of the machine's steady clock at which it
was written, so that every worker of the server shows the same time. Without the file the real clock goes on.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any

import time_machine

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

STAFF = {"Ana": ("therapist",), "Bea": ("therapist",), "Sol": ("supervisor",)}


def build(place: Path) -> None:
    """A service with two therapists and a supervisor, and no course yet."""
    import django

    from openipt.site.home import home
    from openipt.site.making import make_home, make_tables

    at = _told(place) or datetime.now(UTC)
    make_home(home(), at)
    django.setup()
    make_tables()
    from casebooks import a_service

    service = a_service(at)
    for name, roles in STAFF.items():
        service.account(name, roles)


class Calendar:
    """Stands before the pages and turns their clock to the moment that the journey wrote down."""

    def __init__(self, pages: Callable[..., Iterable[bytes]], place: Path) -> None:
        self.pages, self.place, self.lock = pages, place, Lock()
        self.said, self.travel = "", None

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        with self.lock:
            self._turn()
        return self.pages(environ, start)

    def _turn(self) -> None:
        said = _words(self.place)
        if said == self.said:
            return
        if self.travel is not None:
            self.travel.stop()
        words, since = said.split()
        moment = datetime.fromisoformat(words)
        self.said, self.travel = said, time_machine.travel(moment, tick=True)
        clock = self.travel.start()
        # Starting takes a worker some milliseconds, and one that lags behind the other does not see what that one
        # has just stored: nobody is in charge of a course before the moment it began.
        should = moment + timedelta(seconds=time.monotonic() - float(since))
        clock.shift(should - datetime.now(UTC))


def serve(place: Path, port: str) -> None:
    """The same server as everybody's, with the calendar before it."""
    if _words(place):
        from openipt.site import wsgi

        wsgi.application = Calendar(wsgi.application, place)
    from openipt.cli import main

    sys.argv = ["openipt", "serve", "--port", port]
    main()


def _words(place: Path) -> str:
    file = place.with_name("today")
    return file.read_text() if file.exists() else ""


def _told(place: Path) -> datetime | None:
    words = _words(place)
    return datetime.fromisoformat(words.split()[0]) if words else None


if __name__ == "__main__":
    what, home_of, *port_given = sys.argv[1:]
    os.environ |= {
        "OPENIPT_HOME": home_of,
        "OPENIPT_LOOPBACK": "1",
        "DJANGO_SETTINGS_MODULE": "openipt.site.settings",
    }
    build(Path(home_of)) if what == "build" else serve(Path(home_of), *port_given)
