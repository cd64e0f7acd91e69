"""The therapist reads what became of each reminder; whoever has nothing to do with the client reads nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from rooms.portal.test_between_sessions import a_session

from openipt.post.models import STATES
from openipt.post.reminding import reaching
from openipt.post.reminding.planning import KINDS
from openipt.post.ticking import tick
from openipt.therapy.words import catalogue

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
REACHED = {"way": "phone", "channels": ["email"], "email": "robin@letters.example"}
WHYS = (
    *("too_late", "not_needed", "not_answered", "enough_this_week", "no_channel", "no_address", "hours_in_words"),
    *("none_wanted", "on_paper", "worker_died", "erased", "invented", "no_mail_server", "mail_server"),
    *("address_refused", "mail_not_made", "opened", "answered"),
)


def page(service, phone, name: str = "T-01") -> str:
    browser = Client(HTTP_HOST="localhost")
    browser.force_login(service.account(name), backend="openipt.accounts.backend.Backend")
    return browser.get(f"/courses/{phone.enrolment.label}/reminders/").content.decode()


def test_what_was_planned_and_what_became_of_it_stands_in_words(service, phone) -> None:
    phone.write("safe-contact", REACHED)
    a_session(phone, next_in=3, step="Ring Petra")
    tick(timezone.now())
    tick(timezone.now() + timedelta(days=9))

    read = page(service, phone)

    assert "The questionnaire before the session" in read
    assert "The step that was agreed" in read
    assert "Planned." in read
    assert "Not sent" in read or "Not needed" in read
    assert "robin@letters.example" not in read
    assert "By e-mail, 2 a week at most, between 09:00 and 20:00" in read


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"channels": ["call"]}, "did not agree to e-mails"),
        ({"hours": "After lunch"}, "in words"),
        ({"way": "paper"}, "chose paper"),
    ],
)
def test_why_none_goes_out_is_said(service, phone, said, words) -> None:
    phone.write("safe-contact", {**REACHED, **said})

    assert words in page(service, phone)


def test_an_outsider_finds_no_such_page(service, phone) -> None:
    assert "There is no page" in page(service, phone, "T-09") or "No such page" in page(service, phone, "T-09")


def test_every_state_kind_and_reason_has_its_words() -> None:
    known = catalogue().lines

    for name in (*STATES, *WHYS):
        assert f"reminder.{name}" in known, name
    for kind in KINDS:
        assert f"reminder.kind.{kind}" in known
    assert reaching.USUAL == 2


def test_the_page_asks_at_most_fifteen_questions(service, phone, django_assert_max_num_queries) -> None:
    phone.write("safe-contact", REACHED)
    a_session(phone, next_in=3, step="Ring Petra")
    tick(timezone.now())
    page(service, phone)
    browser = Client(HTTP_HOST="localhost")
    browser.force_login(service.account("T-01"), backend="openipt.accounts.backend.Backend")
    browser.get(f"/courses/{phone.enrolment.label}/reminders/")
    with django_assert_max_num_queries(19):  # BEGIN, COMMIT and savepoints of the audit among them
        browser.get(f"/courses/{phone.enrolment.label}/reminders/")
