"""Whoever prepares a session reads first what is known of danger, and what was due at an earlier session."""

from __future__ import annotations

import re
from html import unescape

import pytest
from casebooks import Service
from django.test import Client
from django.utils import timezone
from rooms.writing.desk import BACKEND, DAY, a_card, actor, begun, outcome, text_of, today

from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.operations.saving import save_entry

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

SAFETY = r"Thoughts of death and self-harm, asked about aloud: due at session 1 \(\d+ \w+\) and not on record since\."
MEDICAL = r"Medical, mania, psychosis and substances review: due at session 1 \(\d+ \w+\) and not on record since\."


def page(browser: Client, address: str) -> str:
    return unescape(text_of(browser.get(address, follow=True)))


@pytest.fixture
def left_open(browser, course) -> str:
    """A first session a week ago, before which question 9 was answered, and in which nothing was asked aloud."""
    label = begun(browser, course, day=f"{timezone.now() - 7 * DAY:%Y-%m-%d}", time="00:10")
    answers = {f"q{n}": 1 for n in range(1, 10)}
    on = timezone.now() - 7 * DAY
    write = {"by": actor(course), "at": timezone.now(), "enrolment": course.label, "happened_at": on}
    save_entry(**write, form="phq-9", answers=answers)
    card = a_card(tasks=["MID.01"], safety_asked="")
    assert browser.post(f"/courses/{course.label}/meetings/{label}/after/", card).status_code == 302
    return f"/courses/{course.label}/"


def since(shown: str) -> str:
    return shown[shown.index("Since ") :]


def test_looking_ahead_and_in_the_session_both_overdue_reviews_stand_among_what_is_due(
    browser, course, left_open: str
) -> None:
    ahead = browser.get(f"{left_open}sessions/ahead/").content.decode()
    session = browser.get(f"{left_open}meetings/{begun(browser, course)}/").content.decode()

    for shown in (ahead, session):
        assert re.search(SAFETY, unescape(shown))
        assert re.search(MEDICAL, unescape(shown))
        assert f'href="{left_open}agreed/safety/">Write it' in shown
        assert f'href="{left_open}agreed/medical/">Write it' in shown


def test_what_is_on_record_by_now_is_due_no_more(browser, course, left_open: str) -> None:
    session = f"{left_open}meetings/{begun(browser, course)}/"
    browser.post(f"{session}after/", a_card(tasks=["INI.01"]))

    for address in (session, f"{left_open}sessions/ahead/"):
        assert "not on record since" not in page(browser, address), address


def test_the_session_that_is_prepared_begins_with_the_newest_answer_and_the_plan(
    browser, course, left_open: str
) -> None:
    session = since(page(browser, f"{left_open}meetings/{begun(browser, course)}/"))

    known = session.index("Known about safety")
    assert re.search(r"On \d+ \w+ \d{4}: PHQ-9 question 9 was answered “Several days”", session[known:])
    assert "No safety plan is on record." in session[known:]
    assert known < session.index("Questionnaire")


def test_looking_ahead_an_answer_somebody_wrote_about_stands_under_since(browser, course, left_open: str) -> None:
    ahead = f"{left_open}sessions/ahead/"
    waiting = since(page(browser, ahead)).split("Known about safety")[1].split("Questionnaire")[0]
    assert "question 9" not in waiting  # it stands at the head of the page
    flag = re.search(r"/courses/[^\"]*flags/[^\"]+", browser.get(ahead).content.decode())[0]
    said = outcome(supervisor="1", next_contact=today(), no_conversation="It was asked at once on the telephone.")
    assert browser.post(f"{flag}outcome/", said).status_code == 302

    shown = since(page(browser, ahead))

    assert "question 9 was answered “Several days”" in shown.split("Questionnaire")[0]


def test_whoever_may_not_see_the_sheets_is_not_told_that_they_are_missing(
    service: Service, browser, left_open: str, course
) -> None:
    account = service.account("S-01", ("supervisor",))
    take_charge(course, account.id, "supervision", service.at)
    reader = Client(HTTP_HOST="localhost")
    reader.force_login(account, backend=BACKEND)

    for address in (f"{left_open}meetings/{begun(browser, course)}/", f"{left_open}sessions/ahead/"):
        assert "not on record since" not in page(reader, address), address
