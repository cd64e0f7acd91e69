"""Meetings beside the sessions: said to be due on the course, named on the card, and gone once they were held."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from casebooks import Service, a_service
from django.test import Client
from django.utils import timezone

from openipt.casebook.models import Enrolment
from openipt.casebook.queries.record import record
from openipt.therapy.course.meetings import meetings
from openipt.therapy.manuals import open_manual
from openipt.therapy.record import session_sheet

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
WHICH = "It was a meeting beside the sessions"


@pytest.fixture
def service(db) -> Service:
    return a_service(timezone.now() - timedelta(days=30))


@pytest.fixture
def browser(service: Service) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(service.account("T-01"), backend="openipt.accounts.backend.Backend")
    return client


def begun(browser: Client, course: Enrolment, kind: str = "phone_check") -> str:
    moment = timezone.now() - timedelta(minutes=50)
    when = {"day": f"{moment:%Y-%m-%d}", "time": f"{moment:%H:%M}"}
    sent = {"_id": str(uuid4()), **when, "kind": kind, "minutes": "50", "modality": "in_person"}
    assert browser.post(f"/courses/{course.label}/sessions/new/", sent).status_code == 302
    return record(course).sessions[-1].id


def close(browser: Client, course: Enrolment, session: str, **said: str):
    card = {"_id": str(uuid4()), "_replaces": "", "mood": "4", **said}
    return browser.post(f"/courses/{course.label}/meetings/{session}/after/", card)


def words(page: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.decode()))


def test_the_card_names_the_meeting_and_the_course_asks_for_it_no_more(service: Service, browser: Client) -> None:
    course = service.begin(manual="ipt-b")
    (wanted,) = [one for one in open_manual("ipt-b").meetings if one.when == "before"]
    story = f"/courses/{course.label}/"
    assert wanted.label in words(browser.get(story).content)

    session = begun(browser, course)
    page = browser.get(f"{story}meetings/{session}/").content
    assert WHICH in words(page)
    assert f'name="meeting" value="{wanted.id}"' in page.decode()
    assert close(browser, course, session, meeting=wanted.id).status_code == 302

    known = record(course)
    assert session_sheet(known, known.sessions[-1])["meeting"] == wanted.id
    assert wanted.id not in [one.meeting.id for one in meetings(open_manual("ipt-b"), known, date.today())]
    assert f"Beside the sessions: {wanted.label}" in words(browser.get(f"{story}meetings/{session}/").content)
    assert wanted.label not in words(browser.get(story).content)


def test_a_meeting_that_is_due_stands_among_what_is_due_in_the_session(service: Service, browser: Client) -> None:
    course = service.begin(manual="ipt-g")
    session = begun(browser, course, "attended")
    page = browser.get(f"/courses/{course.label}/meetings/{session}/").content.decode()
    due = re.search(r"<h3>Due</h3>(.*?)</section>", page, re.DOTALL)
    labels = [one.label for one in open_manual("ipt-g").meetings if one.when == "before"]
    assert due
    assert any(label in words(due[1].encode()) for label in labels)
    assert "/sessions/new/" in due[1]


def test_a_meeting_that_was_named_can_be_taken_back(service: Service, browser: Client) -> None:
    course = service.begin(manual="ipt-b")
    session = begun(browser, course)
    meeting = open_manual("ipt-b").meetings[0].id
    close(browser, course, session, meeting=meeting)
    older = record(course).newest("session-record", session).id
    assert close(browser, course, session, meeting="", _replaces=older).status_code == 302
    known = record(course)
    assert "meeting" not in session_sheet(known, known.sessions[-1])


def test_a_meeting_the_manual_does_not_have_comes_back_with_words(service: Service, browser: Client) -> None:
    course = service.begin(manual="ipt-b")
    session = begun(browser, course)
    answer = close(browser, course, session, meeting="tea-party", note="What I wrote")
    assert answer.status_code == 422
    said = words(answer.content)
    assert "The manual has no meeting “tea-party” beside its sessions" in said
    assert "What I wrote" in said
    assert record(course).newest("session-record", session) is None


def test_a_manual_without_such_meetings_does_not_ask(service: Service, browser: Client) -> None:
    course = service.begin(manual="ipt-classic")
    session = begun(browser, course)
    assert WHICH not in words(browser.get(f"/courses/{course.label}/meetings/{session}/").content)
    assert "Beside the sessions" not in words(browser.get(f"/courses/{course.label}/").content)
