"""Measure the memory: saving a questionnaire and opening pages, over HTTP, in a clinic of two thousand clients.

`python bench/memory.py [--clients 2000] [--json]`. The clinic is built once below var/bench and used again. Processor
time is what the server's processes used, read from the system, divided by the requests; the load comes from this
process, so its own cost is not in it.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parent))
from run import Measured, table

STAFF = 40
SIMULATED = 40  # different courses; every client has one of them
PAGES = {"caseload": "/", "course": "/courses/{}/", "session": "/courses/{}/sessions/3/"}
ANSWERS = {f"q{n}": str(n % 3) for n in range(1, 9)} | {"q9": "0"}


def home_of(clients: int) -> Path:
    """The folder of the measured clinic."""
    return Path(__file__).resolve().parents[1] / "var" / "bench" / str(clients)


def start_django(place: Path) -> None:
    """Open a home with Django."""
    os.environ |= {
        "OPENIPT_HOME": str(place),
        "OPENIPT_LOOPBACK": "1",
        "DJANGO_SETTINGS_MODULE": "openipt.site.settings",
    }
    from openipt.site.home import home
    from openipt.site.making import make_home

    make_home(home(), datetime.now(UTC))
    import django

    django.setup()


def build(clients: int) -> None:
    """Build the clinic, once."""
    from rich.progress import track

    from openipt.accounts.making import make_organisation, make_staff
    from openipt.exchange.clinic import simulate
    from openipt.exchange.keeping import Keeper, keep
    from openipt.policy import Actor
    from openipt.site.making import make_tables

    make_tables()
    now = datetime.now(UTC)
    organisation = make_organisation(name="Measured", zone="UTC", by=None, at=now, synthetic=True)
    staff = {
        f"T-{n:02d}": make_staff(
            username=f"t-{n:02d}",
            name=f"T-{n:02d}",
            email="",
            organisation=organisation,
            roles=("therapist",),
            by=None,
            at=now,
        )
        for n in range(STAFF)
    }
    supervisor = make_staff(
        username="sv", name="SV", email="", organisation=organisation, roles=("supervisor",), by=None, at=now
    )
    keeper = Keeper(
        Actor(str(supervisor.id), str(organisation.id), frozenset({"operator"})),
        now,
        lambda label: staff[label].id if label in staff else supervisor.id,
    )
    began = (now - timedelta(weeks=20)).date()
    courses = [simulate(n, began_on=began + timedelta(days=n), today=now.date()) for n in range(SIMULATED)]
    for n in track(range(clients), "Building the measured clinic (once)", disable=not sys.stderr.isatty()):
        one = replace(courses[n % SIMULATED], enrolment=f"B-{n:05d}", client=f"C-{n:05d}", staff=f"T-{n % STAFF:02d}")
        keep(one, keeper)


class Server:
    """The real server, as it is served, and what its processes have used."""

    def __init__(self, place: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [sys.executable, "-m", "openipt.cli", "serve", "--port", str(self.port)]
        told = {**os.environ, "OPENIPT_HOME": str(place)}
        self.process = subprocess.Popen(command, env=told, stdout=subprocess.DEVNULL)
        for _ in range(150):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                break
            except OSError:
                time.sleep(0.1)

    def used(self) -> float:
        """Processor seconds of the server and its workers so far."""
        ticks = 0
        for pid in self.family():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """Megabytes of the largest worker."""

        def resident(pid: int) -> int:
            return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

        return max(map(resident, self.family())) / 1e6

    def family(self) -> list[int]:
        """The server's process and its workers."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(10)


class Visitor:
    """One signed-in browser."""

    def __init__(self, port: int, name: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}
        page = self.get("/sign-in/demo")
        person = re.search(rf'value="([0-9a-f-]+)">{name} ', page)
        if person is None:
            raise SystemExit(f"{name} cannot be signed in as")
        self.post("/sign-in/demo", {"person": person[1], "csrfmiddlewaretoken": token_in(page)})

    def ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        """Ask once; return status and page."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        except (ConnectionError, http.client.HTTPException):  # the server had closed it while nobody asked anything
            self.connection.close()
            self.connection.request(method, path, body, headers)
            answer = self.connection.getresponse()
        page = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, page

    def get(self, path: str) -> str:
        """Fetch a page that has to be there."""
        status, page = self.ask("GET", path)
        if status != 200:
            raise SystemExit(f"{path} answered {status}")
        return page

    def post(self, path: str, fields: dict[str, str]) -> int:
        """Send a form; return the status."""
        return self.ask("POST", path, urlencode(fields))[0]


def token_in(page: str) -> str:
    """The token against forged forms that stands in a page."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    return found[1] if found else ""


def loaded(server: Server, visitors: list[Visitor], act: object, times: int) -> dict[str, float]:
    """Let visitors act at once, `times` in all; return milliseconds (p50, p95, processor) and the rate."""
    taken: list[float] = []
    each = times // len(visitors)

    def work(visitor: Visitor, n: int) -> None:
        chance = random.Random(n)
        for _ in range(each):
            start = time.perf_counter()
            act(visitor, chance)  # type: ignore[operator]
            taken.append((time.perf_counter() - start) * 1000)

    threads = [threading.Thread(target=work, args=(visitor, n)) for n, visitor in enumerate(visitors)]
    before, began = server.used(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    wall, used = time.perf_counter() - began, server.used() - before
    ordered = sorted(taken)
    return {
        "p50": statistics.median(ordered),
        "p95": ordered[int(len(ordered) * 0.95)],
        "cpu": used * 1000 / len(ordered),
        "rate": len(ordered) / wall,
    }


def measured(clients: int) -> list[Measured]:
    """Measure everything in the clinic of so many clients."""
    place = home_of(clients)
    fresh = not (place / "built").exists()
    start_django(place)
    from django.db import connections

    from openipt.site.making import make_tables

    if fresh:
        build(clients)
        (place / "built").touch()
    else:
        make_tables()  # tables may have come since it was built
    connections.close_all()
    server = Server(place)
    try:
        return [*_saving(server, clients), *_pages(server, clients), _weight(server)]
    finally:
        server.stop()


def _course_of(number: int, chance: random.Random, clients: int) -> str:
    """One of a therapist's own courses."""
    return f"B-{number + STAFF * chance.randrange(clients // STAFF):05d}"


def _saving(server: Server, clients: int) -> list[Measured]:
    from uuid_utils.compat import uuid7

    def visitor_of(n: int) -> tuple[Visitor, int, str]:
        visitor = Visitor(server.port, f"T-{n:02d}")
        return visitor, n, token_in(visitor.get(f"/courses/B-{n:05d}/fill/phq-9/"))

    known = {one[0]: one for one in map(visitor_of, range(8))}

    def save(visitor: Visitor, chance: random.Random) -> None:
        _, number, token = known[visitor]
        fields = {**ANSWERS, "_id": str(uuid7()), "_version": "1.0.0", "_do": "save", "csrfmiddlewaretoken": token}
        status = visitor.post(f"/courses/{_course_of(number, chance, clients)}/fill/phq-9/", fields)
        if status != 303:
            raise SystemExit(f"saving answered {status}")

    loaded(server, list(known), save, 80)  # warm
    eight = loaded(server, list(known), save, 800)
    return [
        Measured("save a PHQ-9 over HTTP: processor time", eight["cpu"], "ms", 6),
        Measured("save a PHQ-9 over HTTP, 8 clients: rate", eight["rate"], "a second", 150, at_least=True),
        Measured("save a PHQ-9 over HTTP, 8 clients: p95", eight["p95"], "ms", 40),
    ]


def _pages(server: Server, clients: int) -> list[Measured]:
    two = {Visitor(server.port, f"T-{n:02d}"): n for n in range(2)}
    made = []
    for name, address in PAGES.items():

        def look(visitor: Visitor, chance: random.Random, address: str = address) -> None:
            visitor.get(address.format(_course_of(two[visitor], chance, clients)))

        loaded(server, list(two), look, 20)
        found = loaded(server, list(two), look, 200)
        made += [
            Measured(f"{name} page: processor time", found["cpu"], "ms", 12),
            Measured(f"{name} page, 2 clients: p95", found["p95"], "ms", 60),
        ]
    return made


def _weight(server: Server) -> Measured:
    return Measured("memory of a web worker", server.memory(), "MB", 150)


def main() -> int:
    """Measure and say which budgets hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=2000)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    found = measured(asked.clients)
    if asked.json:
        print(json.dumps([asdict(one) | {"holds": one.holds} for one in found], indent=1))
    else:
        print(table(found))
    return 0 if all(one.holds for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
