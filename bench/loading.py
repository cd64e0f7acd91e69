"""The load of a measured clinic: the real server with what it uses, browsers that sign in, and requests over the wire.

Processor time is what the server's processes used, read from the system, divided by the requests; the load comes from
this process, so its own cost is not in it.
"""

from __future__ import annotations

import http.client
import os
import random
import re
import selectors
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import ClassVar
from urllib.parse import urlencode

from run import Measured

ALONE, AT_ONCE = 24, 16  # rounds that count; short ones: a machine that others share is seldom at its pace for long
FEW = 10  # requests of a round in which one asks at a time
PATIENCE = 60  # seconds at most until there are so many in which it was
PAUSE = 0.05  # seconds until the machine is asked again
AFTERWARDS = 0.005  # seconds in which a worker puts away what it answered with: that counts as well
PACE = 1.1  # times what a fixed piece of work takes: slower than that, something else has the machine
SECRET = "730264"  # noqa: S105  of invented people


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
        """Processor seconds of the server and its workers so far, finer than a clock tick: a round is a few of them."""
        threads = (one for pid in self.family() for one in Path(f"/proc/{pid}/task").iterdir())
        return sum(int((one / "schedstat").read_text().split()[0]) for one in threads) / 1e9

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
    """One browser, in which nobody has signed in yet."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}

    @classmethod
    def of_staff(cls, port: int, name: str) -> Visitor:
        """Sign in as one of the staff, by one click."""
        made = cls(port)
        page = made.get("/sign-in/demo")
        person = re.search(rf'value="([0-9a-f-]+)"><span>{name} ', page)
        if person is None:
            raise SystemExit(f"{name} cannot be signed in as")
        made.post("/sign-in/demo", {"person": person[1], "csrfmiddlewaretoken": token_in(page)})
        return made

    @classmethod
    def of_client(cls, port: int, slip: tuple[str, str]) -> Visitor:
        """Come in with what stands on a slip, as a client does the first time."""
        made = cls(port)
        said = {"csrfmiddlewaretoken": token_in(made.get("/in/first/")), "secret": SECRET, "again": SECRET}
        if made.post("/in/first/", {"name": slip[0], "code": slip[1], **said}) != 302:
            raise SystemExit(f"{slip[0]} was not let in")
        return made

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
    """One browser of the load: it sends what it is given and takes the answer in, and does nothing else."""

    def __init__(self, port: int) -> None:
        self.port = port

    def ask(self, asked: Asked) -> socket.socket:
        """Send a request, on a connection of its own: the server keeps none open."""
        self.asked, self.began, self.known, self.left = asked, time.perf_counter(), b"", -1
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(asked.wire)
        return self.socket

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


@dataclass(frozen=True)
class Found:
    """What came of some requests.

    Attributes:
        waited: Milliseconds from request to answer, in order of length.
        cpu: Milliseconds of the server's processor time a request.
        rate: Answers a second.
    """

    waited: list[float]
    cpu: float
    rate: float


def loaded(server: Server, visitors: list[Visitor], act: Act, times: int, beside: int, turn: int = 0) -> Found:
    """Let visitors act by turns.

    So many requests are under way beside one another, each begun as soon as an answer came. One loop drives all of
    them from requests put together beforehand: the load shares two cores with the server, and what it takes itself
    would be counted as waiting.
    """
    chances = [random.Random(f"{turn} {n}") for n in range(len(visitors))]  # each turn looks at other courses
    turns = [(n + turn * times) % len(visitors) for n in range(times)]
    asked = [act(visitors[n], chances[n]) for n in turns]
    waiting = [asked[n::beside] for n in range(beside)]
    taken: list[float] = []
    lines = selectors.DefaultSelector()
    open_lines = [Line(server.port) for _ in waiting]
    before, began = server.used(), time.perf_counter()
    for line, own in zip(open_lines, waiting, strict=True):
        lines.register(line.ask(own.pop()), selectors.EVENT_READ, (line, own))
    while lines.get_map():
        for key, _ in lines.select():
            line, own = key.data
            if line.answered():
                taken.append((time.perf_counter() - line.began) * 1000)
                lines.unregister(line.socket)
                line.socket.close()
                if own:
                    lines.register(line.ask(own.pop()), selectors.EVENT_READ, (line, own))
    wall = time.perf_counter() - began
    time.sleep(AFTERWARDS)
    used = server.used() - before
    return Found(sorted(taken), used * 1000 / len(taken), len(taken) / wall)


class Machine:
    """How quick the machine is just now, by a fixed piece of work. A machine that others share may lose half its pace.

    Attributes:
        seen: Milliseconds of the piece, each time it was done.
    """

    seen: ClassVar[list[float]] = []

    @classmethod
    def at_its_pace(cls) -> bool:
        """Do the piece on each core; return whether it took about as long, on both, as in the quicker fifth of times.

        The very quickest is no measure: for moments a core that has nobody beside it runs above its pace.
        """
        cores = os.sched_getaffinity(0)
        try:
            taken = max([cls._on(core) for core in cores])
        finally:
            os.sched_setaffinity(0, cores)
        cls.seen.append(taken)
        return taken <= PACE * sorted(cls.seen)[len(cls.seen) // 5]

    @classmethod
    def _on(cls, core: int) -> float:
        os.sched_setaffinity(0, {core})
        return statistics.median(cls._piece() for _ in range(3))

    @staticmethod
    def _piece() -> float:
        began, total = time.process_time(), 0
        for n in range(20_000):  # numbers alone: what the server keeps near its core stays there
            total += n * n % 7
        return (time.process_time() - began) * 1000


def rounds(once: Callable[[int], Found], wanted: int) -> tuple[list[Found], int]:
    """Do rounds until so many were done on a machine at its pace; return them, and how many were not.

    Where patience runs out, rounds on a slow machine stand for what is missing.
    """
    at_its_pace: list[Found] = []
    slow: list[Found] = []
    until = time.monotonic() + PATIENCE
    for turn in count():
        patient = time.monotonic() < until
        if len(at_its_pace) + (0 if patient else len(slow)) >= wanted:
            break
        if patient and not Machine.at_its_pace():
            time.sleep(PAUSE)
            continue
        found = once(turn)
        (at_its_pace if Machine.at_its_pace() else slow).append(found)
    missing = wanted - len(at_its_pace)
    return [*at_its_pace, *slow[:missing]], missing


@dataclass(frozen=True)
class Load:
    """What one request costs: medians of rounds, one at a time and several at once by turns."""

    alone: list[float]  # milliseconds of processor time, a round each: one asks at a time, the other core is quiet
    at_once: list[float]  # the same while several ask
    p95: float  # milliseconds one waits while several ask
    rate: float  # answers a second while several ask
    slow: int  # rounds that count although the machine was not at its pace: there were too few others

    @classmethod
    def of(cls, server: Server, visitors: list[Visitor], act: Act, *, at_once: int, beside: int) -> Load:
        """Measure requests one at a time, and rounds of `at_once` with so many beside one another."""
        loaded(server, visitors, act, 4 * max(len(visitors), 10), beside)  # warm
        ones, slow = rounds(lambda turn: loaded(server, visitors, act, FEW, 1, turn), ALONE)
        many, _ = rounds(lambda turn: loaded(server, visitors, act, at_once, beside, turn), AT_ONCE)
        waited = sorted(each for one in many for each in one.waited)
        return cls(
            [one.cpu for one in ones],
            [one.cpu for one in many],
            waited[int(len(waited) * 0.95)],
            statistics.median(one.rate for one in many),
            slow,
        )

    def rows(self, name: str, most: float) -> Iterator[Measured]:
        """Tell the processor time beside its budget, and what the same costs while others ask."""
        quarters = statistics.quantiles(self.alone, n=4)
        note = f"half of the rounds {quarters[0]:.1f} to {quarters[2]:.1f}"
        if self.slow:
            note += f", {self.slow} of {len(self.alone)} on a slow machine"
        yield Measured(f"{name}: processor time", statistics.median(self.alone), "ms", most, note=note)
        yield Measured(f"{name}: while others ask, too", statistics.median(self.at_once), "ms")
