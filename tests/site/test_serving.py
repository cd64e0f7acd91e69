"""The pages are served one request at a time in each process, and nobody who says nothing keeps the others waiting."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator

import pytest

from openipt.site.serving import SILENCE, WORKERS

pytestmark = pytest.mark.skipif(
    not hasattr(socket, "TCP_DEFER_ACCEPT"), reason="the system cannot wait for the first word of a connection"
)
AT_ONCE = 1.0  # seconds in which a page of words is there
HEAD = b"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: csrftoken=" + 32 * b"a"
HALF_A_BODY = b"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 400\r\n\r\nlogin=somebody"
PROGRAM = "from evidence.home import make; make(0)"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a service of its own."""
    home = tmp_path_factory.mktemp("serving") / "home"
    told = {**os.environ, "OPENIPT_HOME": str(home), "OPENIPT_LOOPBACK": "1", "PYTHONPATH": "tests"}
    told["DJANGO_SETTINGS_MODULE"] = "openipt.site.settings"
    subprocess.run([sys.executable, "-c", f"import django; django.setup(); {PROGRAM}"], check=True, env=told)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "openipt.cli", "serve", "--port", str(number)], env=told, stdout=subprocess.DEVNULL
    )
    until = time.monotonic() + 60
    while not answers(number) and time.monotonic() < until:
        assert server.poll() is None, "the server ended"
        time.sleep(0.1)
    yield number
    server.terminate()
    server.wait(10)


def answers(port: int, seconds: float = 5) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/forms/phq-9/", timeout=seconds) as page:
            return bool(page.status == 200)
    except OSError:
        return False


@pytest.mark.long
def test_browsers_that_connect_ahead_and_say_nothing_keep_nobody(port: int) -> None:
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(4 * WORKERS)]

    assert answers(port, AT_ONCE)

    for one in silent:
        one.close()


@pytest.mark.long
@pytest.mark.parametrize("begun", [HEAD, HEAD + HALF_A_BODY], ids=["half a head", "half a body"])
def test_who_falls_silent_in_the_middle_is_hung_up_on_and_the_others_go_on(port: int, begun: bytes) -> None:
    halves = [socket.create_connection(("127.0.0.1", port)) for _ in range(WORKERS)]
    for one in halves:
        one.sendall(begun)
    time.sleep(0.2)
    assert not answers(port, AT_ONCE), "both processes wait for these"

    assert answers(port, SILENCE + AT_ONCE)

    for one in halves:
        one.settimeout(2 * SILENCE)
        said = b"".join(iter(lambda one=one: one.recv(1 << 16), b""))
        one.close()
        assert not said.startswith(b"HTTP/1.1 5")
