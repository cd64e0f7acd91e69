"""What one worker of the server has stored, the other shows with the next request, on a day that the journey says."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from walking import Clinic, a_clinic

pytestmark = pytest.mark.journey

DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
COURSES, LOOKS = 12, 6  # with clocks that differ by milliseconds, one course in two was not found


class Caller:
    """Asks with a connection of its own each time: whichever worker is free answers."""

    def __init__(self, clinic: Clinic) -> None:
        self.port, self.cookies = clinic.port, {}

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Ask once; return status, page and where it leads."""
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": kept, "Content-Type": "application/x-www-form-urlencoded"}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, urlencode(form or {}) if form else None, headers)
        answer = connection.getresponse()
        page = answer.read().decode()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        return answer.status, page, answer.headers.get("Location", "")

    def send(self, path: str, form: dict[str, str]) -> tuple[int, str, str]:
        """Open a page and send its form, first as it is wanted, then with `no` where the page asks more."""
        _, page, _ = self.ask("GET", path)
        for _ in range(2):
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
            asked = dict.fromkeys(re.findall(r'name="(rule_[^"]+)"', page), "no")
            status, page, there = self.ask("POST", path, {**asked, **form, "csrfmiddlewaretoken": token[1]})
            if status == 302:
                break
        return status, page, there


def test_a_course_that_began_is_there_whichever_worker_answers(tmp_path: Path) -> None:
    with a_clinic(tmp_path, DAY) as clinic:
        caller = Caller(clinic)
        ana = re.search(r'value="([0-9a-f-]+)"><span>Ana ', caller.ask("GET", "/sign-in/demo")[1])
        caller.send("/sign-in/demo", {"person": ana[1]})

        answers = [caller.ask("GET", there)[0] for there in _begun(caller) for _ in range(LOOKS)]

    assert answers == [200] * COURSES * LOOKS


def _begun(caller: Caller):
    """Begin one course after the other, so that each is asked for at once."""
    who = {"called": "Robin", "age": "34", "pronouns": "she/her", "manual": "ipt-classic"}
    for _ in range(COURSES):
        form = {"_id": str(uuid4()), **who, "began_on": f"{DAY:%Y-%m-%d}", "population": "yes", "_do": "begin"}
        status, page, there = caller.send("/courses/new/", {**form, "chosen_because": "It fits."})
        assert status == 302, page
        yield there
