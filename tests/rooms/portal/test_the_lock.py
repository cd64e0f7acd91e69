"""A phone that lies open: after two minutes it asks for the PIN. Help does not wait for it."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from rooms.portal.conftest import SECRET
from rooms.portal.test_safe_on_the_phone import PAGES, filled

from openipt.accounts.locking import AWAY
from openipt.audit.models import AuditEvent

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
PIN = "7302"


def lock_up(phone):
    told = phone.browser.post("/my/keys/pin/", {"now": SECRET, "new": PIN, "again": PIN})
    assert told.status_code == 302, told.content.decode()
    phone.browser.post("/my/lock/", {"pin": PIN})
    assert phone.get("/my/").status_code == 200
    return phone


@pytest.fixture
def locked(phone):
    """A phone with a PIN, open now."""
    return lock_up(phone)


def away(phone, seconds: float) -> None:
    """The client puts the phone down for so long."""
    session = phone.browser.session
    session["opened_at"] -= seconds
    session.save()


def asks(answer) -> bool:
    return "<h1>Your PIN</h1>" in answer.content.decode()


def test_after_two_minutes_away_the_next_page_asks_for_the_pin_and_then_goes_on(locked) -> None:
    away(locked, AWAY.total_seconds() + 1)

    shut = locked.get("/my/diary/")
    assert shut.status_code == 403
    assert asks(shut)
    told = locked.browser.post("/my/lock/", {"pin": PIN, "next": "/my/diary/"})
    assert told["Location"] == "/my/diary/"
    assert locked.get("/my/diary/").status_code == 200


def test_within_two_minutes_nobody_is_asked(locked) -> None:
    for _ in range(5):
        away(locked, AWAY.total_seconds() - 10)
        assert locked.get("/my/").status_code == 200


@pytest.mark.parametrize("address", [one for one in PAGES if "help" not in one])
def test_no_page_shows_anything_while_the_pin_is_asked(phone, address) -> None:
    filled(phone, "phone")
    away(lock_up(phone), 1000)

    page = phone.text(address)

    assert "<h1>Your PIN</h1>" in page
    assert "canary" not in page


def test_the_numbers_and_those_of_the_own_plan_stand_outside_the_lock(phone) -> None:
    filled(phone, "phone")
    lock_up(phone)
    numbers = set(re.findall(r'href="tel:([^"]+)"', phone.text("/my/help/")))
    away(phone, 1000)

    page = phone.text("/my/help/")

    assert set(re.findall(r'href="tel:([^"]+)"', page)) == numbers
    assert numbers
    assert "canary" not in page
    assert "walk with the dog" not in page
    assert 'href="/my/help/"' in phone.text("/my/")


def test_signing_in_again_asks_for_the_pin_too(locked) -> None:
    other = Client(HTTP_HOST="localhost")
    other.post("/in/", {"login": locked.account.username, "password": SECRET})

    assert asks(other.get("/my/"))


def test_a_wrong_pin_opens_nothing_and_after_five_it_is_not_looked_at(locked) -> None:
    away(locked, 1000)
    wrong = [locked.browser.post("/my/lock/", {"pin": "0000"}).status_code for _ in range(5)]

    assert wrong == [422] * 5
    assert locked.browser.post("/my/lock/", {"pin": PIN}).status_code == 429
    assert asks(locked.get("/my/"))
    assert locked.get("/my/help/").status_code == 200
    assert Client(HTTP_HOST="localhost").get("/help/").status_code == 200


def test_a_long_letter_is_taken_in_and_then_the_pin_is_asked(locked) -> None:
    page = locked.text("/my/talk/")
    marks = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("_id", "_for")}
    away(locked, 600)

    told = locked.browser.post("/my/talk/", {**marks, "most": "A long letter", "_do": "send"})

    assert told.status_code == 302
    (entry,) = locked.entries("talk-about")
    assert entry
    assert asks(locked.get(told["Location"]))


def test_words_on_a_page_that_was_covered_wait_behind_the_pin(locked) -> None:
    page = locked.text("/my/talk/")
    marks = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("_id", "_for")}

    covered = locked.browser.post("/my/talk/", {**marks, "most": "The letter came", "_do": "lock"})

    assert asks(covered)
    assert "They wait, locked" in covered.content.decode()
    assert "The letter" not in covered.content.decode()
    assert not locked.entries("talk-about")
    assert asks(locked.get("/my/talk/"))
    locked.browser.post("/my/lock/", {"pin": PIN, "next": "/my/talk/"})
    assert "The letter came" in locked.text("/my/talk/")


def test_it_can_be_shut_at_once(locked) -> None:
    assert asks(locked.browser.post("/my/lock/", {"_do": "lock"}))
    assert asks(locked.get("/my/"))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"now": "999999"}, "This is not your secret"),
        ({"new": "1234", "again": "1234"}, "easy to guess"),
        ({"again": "7303"}, "not the same"),
        ({"new": "73", "again": "73"}, "4 to 12 digits"),
        ({"new": "abcd", "again": "abcd"}, "4 to 12 digits"),
        ({"new": SECRET, "again": SECRET}, "not your secret"),
        ({"new": ""}, "this is empty"),
    ],
)
def test_a_pin_that_cannot_be_taken_says_why(phone, said, words) -> None:
    told = phone.browser.post("/my/keys/pin/", {"now": SECRET, "new": PIN, "again": PIN, **said})

    assert told.status_code == 422
    assert words in told.content.decode()
    assert phone.get("/my/").status_code == 200


def test_whoever_holds_an_open_phone_cannot_take_the_pin_off_without_the_secret(locked) -> None:
    assert locked.browser.post("/my/keys/pin/", {"now": PIN, "_do": "off"}).status_code == 422
    locked.account.refresh_from_db()
    assert locked.account.lock

    assert locked.browser.post("/my/keys/pin/", {"now": SECRET, "_do": "off"}).status_code == 302
    locked.account.refresh_from_db()
    assert not locked.account.lock


def test_a_forgotten_pin_is_taken_off_at_the_clinic_and_nowhere_else(locked, service) -> None:
    away(locked, 1000)
    assert asks(locked.get("/my/keys/pin/"))
    staff = Client(HTTP_HOST="localhost")
    staff.force_login(service.staff["T-01"], backend="openipt.accounts.backend.Backend")
    address = f"/courses/{locked.enrolment.label}/invite/"
    assert "Take the PIN off" in staff.get(address).content.decode()

    assert staff.post(address, {"_do": "pin"}).status_code == 302

    assert locked.get("/my/").status_code == 200
    assert "Take the PIN off" not in staff.get(address).content.decode()
    event = AuditEvent.objects.filter(act="lock.take-off").get()
    assert event.by == str(service.staff["T-01"].id)
    assert event.client == str(locked.enrolment.client_id)


def test_a_new_slip_ends_the_pin_too(locked, service) -> None:
    staff = Client(HTTP_HOST="localhost")
    staff.force_login(service.staff["T-01"], backend="openipt.accounts.backend.Backend")

    staff.post(f"/courses/{locked.enrolment.label}/invite/")

    locked.account.refresh_from_db()
    assert not locked.account.lock


def test_only_a_locked_room_has_a_script_and_it_is_our_own(locked) -> None:
    scripts = re.findall(r"<script[^>]*>", locked.text("/my/"))

    assert scripts == ['<script type="module" src="/static/portal/lock.js">']


def test_the_pin_stands_nowhere_as_it_was_typed(locked) -> None:
    assert PIN not in str(list(AuditEvent.objects.values_list()))
    locked.account.refresh_from_db()
    assert PIN not in locked.account.lock


def test_nobody_at_the_lock_is_led_to_the_way_in(db) -> None:
    assert Client(HTTP_HOST="localhost").get("/my/lock/")["Location"] == "/in/"


# ---- the secret


def test_the_client_changes_the_own_secret_and_other_sign_ins_end(phone) -> None:
    other = Client(HTTP_HOST="localhost")
    other.post("/in/", {"login": phone.account.username, "password": SECRET})
    assert other.get("/my/").status_code == 200

    told = phone.browser.post("/my/keys/secret/", {"now": SECRET, "new": "840275", "again": "840275"})

    assert told.status_code == 302
    assert phone.get("/my/").status_code == 200
    assert other.get("/my/")["Location"].startswith("/in/")
    assert other.post("/in/", {"login": phone.account.username, "password": SECRET}).status_code == 422
    assert other.post("/in/", {"login": phone.account.username, "password": "840275"}).status_code == 302


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"now": "111112"}, "This is not your secret"),
        ({"new": "123456", "again": "123456"}, "easy to guess"),
        ({"again": "840276"}, "not the same"),
    ],
)
def test_a_secret_that_cannot_be_taken_says_why(phone, said, words) -> None:
    told = phone.browser.post("/my/keys/secret/", {"now": SECRET, "new": "840275", "again": "840275", **said})

    assert told.status_code == 422
    assert words in told.content.decode()
