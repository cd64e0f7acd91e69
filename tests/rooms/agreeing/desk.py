"""What the pages of the first phase are sent, and what they say."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from uuid import uuid4

import pytest
from casebooks import Service, a_service
from django.test import Client
from django.utils import timezone

from openipt.casebook.models import Enrolment
from openipt.casebook.operations.sessions import hold_session
from openipt.casebook.queries.record import record
from openipt.therapy.course import gates
from openipt.therapy.manuals import open_manual

DAY = timedelta(days=1)
BACKEND = "openipt.accounts.backend.Backend"
MOST = 15  # DESIGN section 8
LINK = "It goes along with the quarrel that nobody speaks of."
HERS = "That is it. It is a fight nobody is having."


@pytest.fixture
def service(db) -> Service:
    return a_service(timezone.now() - 30 * DAY)


@pytest.fixture
def browser(service: Service) -> Client:
    return signed_in(service, "T-01")


def signed_in(service: Service, name: str) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(service.account(name), backend=BACKEND)
    return client


@pytest.fixture
def course(service: Service, browser: Client) -> Enrolment:
    return service.begin()


def today() -> date:
    return timezone.localdate()


def address(course: Enrolment, page: str = "") -> str:
    return f"/courses/{course.label}/agreed/{page}"


def send(browser: Client, course: Enrolment, page: str, **typed):
    """Send a page the way its browser does: opened first, every field that stands on it goes along."""
    shown = browser.get(address(course, page), follow=True)
    assert shown.status_code == 200, shown.content.decode()[:2000]
    where_to = shown.redirect_chain[-1][0] if shown.redirect_chain else address(course, page)
    pairs = {**fields_on(shown.content.decode()), **typed, "_do": "save"}
    return browser.post(where_to, pairs)


def fields_on(page: str) -> dict[str, object]:
    """What a browser would send of a page, as it was made."""
    form = re.search(r"<form method=\"post\"[^>]*data-fill[^>]*>.*?</form>", page, re.DOTALL)
    assert form, page[:3000]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input\b[^>]*>", form[0]):
        said = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if said.get("type") in ("radio", "checkbox") and not re.search(r"\schecked", tag):
            continue
        if said.get("name", "csrfmiddlewaretoken") != "csrfmiddlewaretoken":
            found.setdefault(said["name"], []).append(unescape(said.get("value", "on")))
    for name, text in re.findall(r"<textarea\b[^>]*?name=\"([^\"]+)\"[^>]*>\n?(.*?)</textarea>", form[0], re.DOTALL):
        found.setdefault(name, []).append(unescape(text))
    for name, inside in re.findall(r"<select\b[^>]*?name=\"([^\"]+)\"[^>]*>(.*?)</select>", form[0], re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', inside)
        found.setdefault(name, []).append(unescape(chosen[1]) if chosen else "")
    return found


def text_of(answer) -> str:
    page = re.sub(r"<(style|script)\b.*?</\1>", "", answer.content.decode(), flags=re.DOTALL)
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)))


def saved(answer) -> None:
    assert answer.status_code == 303, text_of(answer)


def choose(browser: Client, course: Enrolment, **typed):
    return send(browser, course, "focus/", **typed)


def a_formulation(**typed) -> dict[str, str]:
    said = {"condition_label": "Depression", "link_statement": LINK, "client_fit": "8", "client_words": HERS}
    return {**said, **typed}


def closed(course: Enrolment) -> set[str]:
    manual = open_manual("ipt-classic")
    before = {"consent", "eligibility", "formulation", "contract"}
    return {gate.id for gate in gates(manual, record(course), today()) if not gate.open} & before


def hold(service: Service, course: Enrolment, number: int, ago: timedelta | None = None) -> None:
    day = timezone.now() - ((10 - number) * DAY if ago is None else ago)
    hold_session(
        by=service.actor(), at=day, enrolment=course.label, number=number, id=uuid4(), kind="attended", happened_at=day
    )
