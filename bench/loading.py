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
from pathlib import Path
from urllib.parse import urlencode

from run import Measured

ROUNDS = 9  # short ones: a machine that others share is seldom at its pace for long
TRIES = 45  # rounds at most, where the machine is not at its pace in some
PACE = 1.1  # times the best time of a fixed piece of work: slower than that, something else has the machine
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


def loaded(server: Server, visitors: list[Visitor], act: Act, times: int, beside: int) -> dict[str, float]:
    """Let visitors act by turns; return milliseconds (p50, p95, cpu) and the rate.

    So many requests are under way beside one another, each begun as soon as an answer came. One loop drives all of
    them from requests put together beforehand: the load shares two cores with the server, and what it takes itself
    would be counted as waiting.
    """
    chances = [random.Random(n) for n in range(len(visitors))]
    turns = [n % len(visitors) for n in range(times)]
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
    wall, used = time.perf_counter() - began, server.used() - before
    ordered = sorted(taken)
    return {
        "p50": statistics.median(ordered),
        "p95": ordered[int(len(ordered) * 0.95)],
        "cpu": used * 1000 / len(ordered),
        "rate": len(ordered) / wall,
    }


class Machine:
    """How quick the machine is just now, by a fixed piece of work. A machine that others share may lose half its pace.

    Attributes:
        best: Milliseconds of the piece, the least so far.
    """

    best = float("inf")

    @classmethod
    def at_its_pace(cls) -> bool:
        """Do the piece a few times; return whether it took about as long as it ever did."""
        taken = statistics.median(cls._piece() for _ in range(7))
        cls.best = min(cls.best, taken)
        return taken <= PACE * cls.best

    @staticmethod
    def _piece() -> float:
        began, words = time.process_time(), {}
        for n in range(20_000):
            words[f"{n:x}"] = n * n
        return (time.process_time() - began) * 1000


@dataclass(frozen=True)
class Load:
    """What one request costs: medians of rounds, one at a time and several at once by turns."""

    alone: list[float]  # milliseconds of processor time, a round each: one asks at a time, the other core is quiet
    at_once: list[float]  # the same while several ask
    p95: float  # milliseconds one waits while several ask
    rate: float  # answers a second while several ask
    left_out: int  # rounds in which the machine was not at its pace

    @classmethod
    def of(cls, server: Server, visitors: list[Visitor], act: Act, *, alone: int, at_once: int, beside: int) -> Load:
        """Measure `alone` requests one at a time and `at_once` with so many beside one another, in each round."""
        loaded(server, visitors, act, 2 * max(len(visitors), 10), beside)  # warm
        rounds, slow = [], []
        while len(rounds) < ROUNDS and len(rounds) + len(slow) < TRIES:
            before = Machine.at_its_pace()
            one = loaded(server, visitors, act, alone, 1), loaded(server, visitors, act, at_once, beside)
            (rounds if Machine.at_its_pace() and before else slow).append(one)
        rounds += slow[len(slow) - ROUNDS + len(rounds) :] if len(rounds) < ROUNDS else []
        return cls(
            [one["cpu"] for one, _ in rounds],
            [all_["cpu"] for _, all_ in rounds],
            statistics.median(all_["p95"] for _, all_ in rounds),
            statistics.median(all_["rate"] for _, all_ in rounds),
            len(slow),
        )

    def rows(self, name: str, most: float) -> Iterator[Measured]:
        """Tell the processor time beside its budget, and what the same costs while others ask."""
        low, high = min(self.alone), max(self.alone)
        note = f"rounds {low:.1f} to {high:.1f}" + (f", {self.left_out} on a slow machine" if self.left_out else "")
        yield Measured(f"{name}: processor time", statistics.median(self.alone), "ms", most, note=note)
        yield Measured(f"{name}: while others ask, too", statistics.median(self.at_once), "ms")
