"""Measure the memory: saving a questionnaire and opening pages, over HTTP, in a clinic of two thousand clients.

`python bench/memory.py [--clients 2000] [--json]`. The clinic is built once below var/bench, and each time a copy of it
is measured. Processor time is what the server's processes used, read from the system, divided by the requests; the load
comes from this process, so its own cost is not in it.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import selectors
import shutil
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
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
    start_django(home_of(clients))
    from django.db import connections
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
    connections.close_all()
    (home_of(clients) / "built").touch()


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

    def prepared(self, path: str, fields: dict[str, str] | None = None) -> Asked:
        """Return a request of this browser for the load: a page, or a form that is to be taken."""
        body = urlencode(fields).encode() if fields else b""
        head = [f"{'POST' if fields else 'GET'} {path} HTTP/1.1", "Host: 127.0.0.1"]
        head.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if fields:
            head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        return Asked("\r\n".join([*head, "", ""]).encode() + body, b"303" if fields else b"200")


Act = Callable[[Visitor, random.Random], "Asked"]


def token_in(page: str) -> str:
    """The token against forged forms that stands in a page."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    return found[1] if found else ""


@dataclass(frozen=True)
class Asked:
    """A request as it goes over the wire, and the status that has to come back."""

    wire: bytes
    status: bytes


class Line:
    """One connection of the load: it sends what it is given and takes the answer in, and does nothing else."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.left, self.known = 0, b""

    def ask(self, asked: Asked) -> None:
        """Send a request."""
        self.asked, self.began, self.known, self.left = asked, time.perf_counter(), b"", -1
        self.socket.sendall(asked.wire)

    def answered(self) -> bool:
        """Take in what has come; return whether the answer is there to its last byte."""
        came = self.socket.recv(1 << 18)
        if not came:
            raise SystemExit("the server closed the connection")
        if self.left < 0:
            self.known += came
            head, end, rest = self.known.partition(b"\r\n\r\n")
            if not end:
                return False
            if head.split(b" ", 2)[1] != self.asked.status:
                raise SystemExit(f"{self.asked.wire[:60]!r} answered {head[:40]!r}")
            found = re.search(rb"(?i)content-length: (\d+)", head)
            self.left = int(found[1]) - len(rest) if found else 0
        else:
            self.left -= len(came)
        return self.left <= 0


def loaded(server: Server, visitors: list[Visitor], act: Act, times: int) -> dict[str, float]:
    """Let visitors act at once, each as soon as the last answer came; return milliseconds (p50, p95, cpu) and the rate.

    One loop drives all of them from requests put together beforehand: the load shares two cores with the server, and
    what it takes itself would be counted as waiting.
    """
    chances = [random.Random(n) for n in range(len(visitors))]
    waiting = [
        [act(one, chance) for _ in range(times // len(visitors))] for one, chance in zip(visitors, chances, strict=True)
    ]
    taken: list[float] = []
    lines = selectors.DefaultSelector()
    open_lines = [Line(server.port) for _ in visitors]
    before, began = server.used(), time.perf_counter()
    for line, own in zip(open_lines, waiting, strict=True):
        lines.register(line.socket, selectors.EVENT_READ, (line, own))
        line.ask(own.pop())
    while lines.get_map():
        for key, _ in lines.select():
            line, own = key.data
            if line.answered():
                taken.append((time.perf_counter() - line.began) * 1000)
                line.ask(own.pop()) if own else lines.unregister(line.socket)
    wall, used = time.perf_counter() - began, server.used() - before
    for line in open_lines:
        line.socket.close()
    ordered = sorted(taken)
    return {
        "p50": statistics.median(ordered),
        "p95": ordered[int(len(ordered) * 0.95)],
        "cpu": used * 1000 / len(ordered),
        "rate": len(ordered) / wall,
    }


def measured(clients: int) -> list[Measured]:
    """Measure everything in the clinic of so many clients."""
    kept = home_of(clients)
    if not (kept / "built").exists():
        subprocess.run([sys.executable, __file__, "--build", "--clients", str(clients)], check=True)
    place = kept.with_name(f"{clients}-measured")
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(kept, place)  # what is measured adds sheets: the next time would measure another clinic
    os.sync()
    start_django(place)
    from django.db import connections

    from openipt.site.making import make_tables

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

    def save(visitor: Visitor, chance: random.Random) -> Asked:
        _, number, token = known[visitor]
        fields = {**ANSWERS, "_id": str(uuid7()), "_version": "1.0.0", "_do": "save", "csrfmiddlewaretoken": token}
        return visitor.prepared(f"/courses/{_course_of(number, chance, clients)}/fill/phq-9/", fields)

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

        def look(visitor: Visitor, chance: random.Random, address: str = address) -> Asked:
            return visitor.prepared(address.format(_course_of(two[visitor], chance, clients)))

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
    parser.add_argument("--build", action="store_true", help="only build the clinic")
    asked = parser.parse_args()
    if asked.build:
        build(asked.clients)
        return 0
    found = measured(asked.clients)
    if asked.json:
        print(json.dumps([asdict(one) | {"holds": one.holds} for one in found], indent=1))
    else:
        print(table(found))
    return 0 if all(one.holds for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
