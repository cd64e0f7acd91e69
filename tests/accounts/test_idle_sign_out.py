"""Whoever went away is signed out; a sign-in lasts no longer than a working day."""

from __future__ import annotations

import pytest
import time_machine
from django.contrib.sessions.models import Session
from signing import NOON, browser, sign_in, somebody

from openipt.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
HERE = "/sign-in/yours/"


@pytest.fixture
def hour():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def at_work(invented, hour):
    visitor = browser()
    somebody(invented)
    sign_in(visitor)
    return visitor


def test_within_half_an_hour_one_stays_signed_in(at_work, hour):
    hour.shift(29 * 60)

    assert at_work.get(HERE).status_code == 200


def test_after_half_an_hour_without_a_page_one_is_signed_out(at_work, hour):
    at_work.get(HERE)
    hour.shift(30 * 60 + 1)

    assert at_work.get(HERE).headers["Location"] == "/sign-in/?next=/sign-in/yours/"
    assert not Session.objects.filter(session_key=at_work.session.session_key).exists()
    assert AuditEvent.objects.filter(act="sign-in.end").exists()


def test_it_counts_from_signing_in_even_if_no_page_followed(at_work, hour):
    hour.shift(30 * 60 + 1)

    assert at_work.get(HERE).status_code == 302


def test_working_without_a_pause_one_signs_in_anew_after_twelve_hours(at_work, hour):
    for _ in range(24):
        hour.shift(29 * 60)
        assert at_work.get(HERE).status_code == 200
    hour.shift(29 * 60)

    assert at_work.get(HERE).status_code == 302


def test_pages_within_a_minute_write_nothing(at_work, hour, django_assert_num_queries):
    hour.shift(61)
    at_work.get(HERE)
    hour.shift(30)

    with django_assert_num_queries(2) as asked:  # the sign-in and the account; this page shows nothing more
        at_work.get(f"{HERE}password/")
    assert not [one["sql"] for one in asked.captured_queries if not one["sql"].startswith("SELECT")]


def test_a_page_a_minute_later_writes_down_when_the_sign_in_was_last_used(at_work, hour):
    from allauth.usersessions.models import UserSession

    began = UserSession.objects.get().last_seen_at
    hour.shift(90)
    at_work.get(HERE)

    assert (UserSession.objects.get().last_seen_at - began).total_seconds() == 90
