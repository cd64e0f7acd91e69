"""What may stand on a phone that somebody else picks up: nothing asked alone, nothing that was to stay unread."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from rooms.portal.conftest import Phone, a_phone
from rooms.portal.test_questions import Q, answer
from rooms.test_query_counts import MOST, asked

from openipt.casebook.models import Flag
from openipt.rooms.portal.hall import promised
from openipt.rooms.portal.well import mine
from openipt.therapy.course import promise
from openipt.therapy.words import render, say

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

PLAN = {
    "warning_signs": [{"text": "Counting hours"}],
    "alone": [{"text": "A walk with the dog"}],
    "people_i_can_tell": [{"person": "Rui", "phone": "+00 000 000 13"}],
    "emergency_number": "112",
    "made_with": "Dr Amal",
    "review_by": "2199-01-01",
}
OWN = ["", "diary/", "talk/", "tell/", "reach/", "help/", "more/", "looked/", "looked/?all"]
PAGES = [*(f"/my/{one}" for one in OWN), "/help/", f"{Q}/1/"]
FEARED = {"asked_alone": True, "result": "current_violence", "safe_to_raise": "no", "child_or_adult_at_risk": True}
CALM = {"asked_alone": True, "result": "none", "safe_to_raise": "yes"}


def shown(phone: Phone) -> dict[str, bytes]:
    """Every page, without the marks that are new each time."""
    marks = rb'value="[A-Za-z0-9_:.-]{30,}"'
    return {one: re.sub(marks, b"", phone.get(one).content) for one in PAGES}


@pytest.mark.parametrize("answered", [FEARED, CALM])
def test_a_violence_answer_changes_no_byte_on_the_phone(phone, answered, monkeypatch) -> None:
    at = timezone.now()
    monkeypatch.setattr("openipt.rooms.portal.hall.doors.timezone.now", lambda: at)
    phone.write("intake", {"alias": "Robin"})  # the same person wrote on this day anyway
    before = shown(phone)

    phone.write("violence-check", answered)
    phone.write("safety-conversation", {"plan": answered is FEARED})

    assert Flag.objects.exists() == (answered is FEARED)
    assert shown(phone) == before


def test_a_build_that_tells_how_often_somebody_wrote_is_caught(phone, monkeypatch) -> None:
    at = timezone.now()
    monkeypatch.setattr("openipt.rooms.portal.hall.doors.timezone.now", lambda: at)
    monkeypatch.setattr(mine, "days", counting)
    before = shown(phone)

    phone.write("violence-check", FEARED)

    assert shown(phone) != before


def counting(found):
    """Who looked, each time: as the page for therapists may tell it."""
    for look in found.looks:
        if look.by != found.client:
            yield mine.Day(look.at.date(), (say("portal.looked.wrote", who=found.names.get(look.by, ""), clock=""),))


def test_the_comparison_could_see_a_difference(phone) -> None:
    before = shown(phone)
    phone.write("released-sentence", {"sentence": "One thing", "entries": 30})

    assert shown(phone) != before


def test_the_plan_is_one_tap_away_with_numbers_to_ring(phone) -> None:
    phone.write("safety-plan", PLAN)
    page = phone.text("/my/help/")

    assert "A walk with the dog" in page
    assert 'href="tel:+0000000013"' in page
    for address in PAGES:
        assert 'href="/my/help/"' in phone.text(address) or "<h1>Help now</h1>" in phone.text(address), address


def filled(phone: Phone, way: str) -> None:
    """A client who wrote a lot, and then chose a way."""
    phone.write("safety-plan", PLAN)
    phone.send("/my/diary/", note="canary diary", mood="3", _do="send")
    phone.send("/my/talk/", most="canary talk", _do="send")
    phone.send("/my/talk/", most="canary draft", _do="leave")
    phone.browser.force_login(phone.account, backend="openipt.accounts.backend.Backend")
    phone.write("released-sentence", {"sentence": "canary sentence", "entries": 30})
    phone.write("safe-contact", {"phone_shared": "often", "way": way, "take_care": "canary care"})


@pytest.mark.parametrize("way", ["write_only", "paper"])
def test_the_partner_with_the_unlocked_phone_reads_nothing_that_was_sent(phone, way) -> None:
    filled(phone, way)
    for number in range(1, 9):
        answer_quietly(phone, number)

    everything = b"".join(phone.get(one).content for one in PAGES)

    assert b"canary" not in everything
    assert b"walk with the dog" not in everything
    assert b"opened your notes" not in everything
    assert b"today. This is your first" not in everything


def answer_quietly(phone: Phone, number: int) -> None:
    phone.browser.post(f"{Q}/{number}/", {"_id": str(uuid4()), f"q{number}": "1"})


def test_the_partner_cannot_open_what_the_client_closed(phone) -> None:
    filled(phone, "write_only")

    phone.send("/my/reach/", way="phone", plan_on_phone="yes", hours="any time", _do="send")

    assert "canary diary" not in phone.text("/my/diary/")
    assert "walk with the dog" not in phone.text("/my/help/")
    assert len(phone.entries("safe-contact")) == 2  # the new hours are kept


def test_a_later_sheet_about_hours_opens_nothing(phone) -> None:
    filled(phone, "write_only")

    phone.write("safe-contact", {"hours": "Mondays"})

    assert "canary diary" not in phone.text("/my/diary/")


def test_write_only_can_still_write_and_be_helped(phone) -> None:
    filled(phone, "write_only")

    assert phone.send("/my/diary/", mood="3", _do="send").status_code == 302
    for number in range(1, 10):
        told = answer(phone, number, 1)
    assert "Thank you for telling us" in phone.text(told["Location"])
    assert Flag.objects.count() == 1


def test_on_paper_there_is_help_and_nothing_to_do(phone) -> None:
    filled(phone, "paper")

    assert "You chose paper" in phone.text("/my/")
    assert "You chose paper" in phone.text("/my/diary/")
    assert "Help now" in phone.text("/my/help/")
    told = phone.send("/my/tell/", asks_for="contact")
    assert "When a person sees this" in phone.text(told["Location"])


def test_how_to_be_reached_is_never_shown_on_the_phone(phone) -> None:
    phone.send("/my/reach/", phone_shared="often", phone="+00 000 000 77", take_care="He reads along", _do="send")

    everything = b"".join(phone.get(one).content for one in PAGES)

    assert b"000 77" not in everything
    assert b"reads along" not in everything
    assert b"checked" not in phone.get("/my/reach/").content


def test_no_page_may_be_kept_by_the_browser(phone) -> None:
    for address in PAGES:
        if address != "/help/":
            assert "no-store" in phone.get(address)["Cache-Control"], address


@pytest.mark.parametrize("address", PAGES)
def test_the_number_of_questions_to_the_database_is_small_and_does_not_grow(phone, address) -> None:
    few = asked(phone.browser, address)
    for n in range(12):
        phone.send("/my/diary/", mood=str(n % 11), _do="send")

    assert asked(phone.browser, address) == few <= MOST


# ---- when a person will honestly see it


OFFICE = {day: ["09:00", "17:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}
NOBODY = "Nobody is there at night or on days off."


OPEN, CLOSED = (27, 10, 0), (25, 23, 0)  # a Monday morning; a Saturday night
IS_OPEN, IS_CLOSED = "The clinic is open now.", "The clinic is closed now."


@pytest.mark.parametrize(
    ("said", "at", "due", "words"),
    [
        ({}, OPEN, (27, 17, 0), [f"{IS_OPEN} Somebody there reads this by 17:00 today.", NOBODY]),
        ({}, OPEN, (28, 17, 0), [f"{IS_OPEN} Somebody there reads this by 17:00 on Tuesday.", NOBODY]),
        ({}, OPEN, OPEN, [f"{IS_OPEN} This is put in front of them at once.", NOBODY]),
        ({}, CLOSED, (27, 17, 0), [f"{IS_CLOSED} Nobody there reads this before 09:00 on Monday.", NOBODY]),
        ({"duty": True}, CLOSED, (26, 3, 0), [f"{IS_CLOSED} Somebody is on call, and is told of this."]),
    ],
)
def test_when_a_person_sees_it_is_said_from_what_the_service_can_promise(said, at, due, words) -> None:
    given = promise({"hours": OFFICE, **said}, "UTC")
    moment = datetime(2025, 10, *at, tzinfo=UTC)

    lines = promised.said_of(given, moment, datetime(2025, 10, *due, tzinfo=UTC))

    assert [render(one) for one in lines] == words


def test_another_clients_pages_show_only_their_own(service) -> None:
    one, other = a_phone(service), a_phone(service)
    filled(one, "phone")

    assert "canary" not in "".join(other.text(address) for address in PAGES)
    assert "canary" in one.text("/my/diary/")


def test_nobody_who_is_not_signed_in_sees_a_page(phone) -> None:
    stranger = Client(HTTP_HOST="localhost")

    for address in PAGES:
        if address not in ("/help/", "/my/help/"):
            assert stranger.get(address)["Location"].startswith("/in/"), address
