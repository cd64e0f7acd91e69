"""What a client meets around danger: who answers now, what a closed clinic can promise, and who looked."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from rooms.portal.conftest import Phone
from rooms.portal.test_questions import answer
from rooms.portal.test_the_lock import away, lock_up

from openipt.audit.reading import Look
from openipt.casebook.models import Flag
from openipt.casebook.queries.looked import Looked, Part
from openipt.rooms.portal.well.mine import days
from openipt.rooms.ui.crisis_numbers import NAME, Number
from openipt.therapy.words import render

PAGE = """numbers:
  - {name: Night line, call: "+00 000 000 21", hours: "18:00 to 08:00", region: us, source: us, checked_on: 2026-11-01}
  - {name: Emergency services, call: "112", hours: day and night, region: us, source: us, checked_on: 2026-11-01}
"""
PLAN = {
    "warning_signs": [{"text": "Counting hours"}],
    "people_i_can_tell": [{"person": "Rui", "phone": "+00 000 000 13"}],
    "professionals": [{"name": "Crisis line of Ana Novak", "phone": "+00 000 000 99", "hours": "24 hours"}],
    "emergency_number": "112",
    "review_by": "2199-01-01",
}
OFFICE = {day: ["09:00", "17:00"] for day in ("monday", "tuesday", "wednesday", "thursday", "friday")}
database = pytest.mark.django_db(databases=["default", "keys"])


@pytest.fixture
def numbers(tmp_path, settings) -> None:
    settings.CRISIS_NUMBERS = str(tmp_path / NAME)
    (tmp_path / NAME).write_text(PAGE)


def at(phone: Phone, monkeypatch, weekday: int, hour: int) -> datetime:
    """Let it be a weekday (0 is Monday) and an hour at the clinic, after all that was written so far."""
    zone = ZoneInfo(phone.enrolment.organisation.zone)
    day = datetime.now(zone) + timedelta(days=1)
    day += timedelta(days=(weekday - day.weekday()) % 7)
    moment = day.replace(hour=hour, minute=43)
    monkeypatch.setattr("openipt.rooms.portal.hall.doors.timezone.now", lambda: moment.astimezone(UTC))
    phone.browser.force_login(phone.account, backend="openipt.accounts.backend.Backend")
    return moment


def opens(phone: Phone, **more) -> None:
    organisation = phone.enrolment.organisation
    organisation.promise = {"hours": OFFICE, **more}
    organisation.save()


def rung(page: str) -> list[str]:
    return re.findall(r'class="call" href="tel:([^"]+)"', page)


@database
def test_who_answers_now_stands_first_with_the_own_professionals_and_who_is_closed_says_when(
    phone, numbers, monkeypatch
) -> None:
    phone.write("safety-plan", PLAN)
    at(phone, monkeypatch, 6, 15)

    page = phone.text("/my/help/")

    assert rung(page) == ["112", "+0000000099", "+0000000021"]
    assert "Closed now, opens at 18:00." in page


@database
def test_the_page_after_a_grave_answer_shows_the_same_numbers_in_the_same_order(phone, numbers, monkeypatch) -> None:
    phone.write("safety-plan", PLAN)
    at(phone, monkeypatch, 6, 15)

    page = phone.text(phone.send("/my/tell/", asks_for="help_now")["Location"])

    assert rung(page) == ["112", "+0000000099", "+0000000021"]


@given(st.times(), st.times(), st.times())
def test_a_line_answers_from_when_it_opens_until_it_closes(opens_at, closes_at, now) -> None:
    one = Number(
        name="x",
        call="112",
        hours=f"{opens_at:%H:%M} to {closes_at:%H:%M}",
        region="here",
        source="us",
        checked_on=date(2026, 1, 1),
    )
    minute = now.hour * 60 + now.minute
    first, last = opens_at.hour * 60 + opens_at.minute, closes_at.hour * 60 + closes_at.minute
    answers = (minute - first) % 1440 < ((last - first) % 1440 or 1440)

    assert one.stands(datetime.combine(date(2026, 1, 1), now)) == ("open" if answers else "closed")


@database
def test_while_it_is_locked_professional_numbers_say_what_they_are_and_no_name_stands_there(phone, numbers) -> None:
    phone.write("safety-plan", PLAN)
    lock_up(phone)
    away(phone, 1000)

    page = phone.text("/my/help/")

    assert re.search(r'href="tel:\+0000000099"><b>Crisis line</b>', page)
    assert 'href="tel:+0000000013"' in page
    assert "Novak" not in page
    assert re.search(r"\bRui\b", page) is None  # a mark of the page may hold these letters by chance


@database
def test_a_closed_clinic_shows_the_numbers_first_and_asks_for_a_call_on_the_next_opening_day(
    phone, numbers, monkeypatch
) -> None:
    opens(phone)
    at(phone, monkeypatch, 6, 15)

    page = phone.text("/my/tell/")

    first = re.search(r'class="btn big primary"[^>]*value="(\w+)">([^<]+)<', page)
    assert first.groups() == ("contact", "Ask for a call on Monday, from 09:00")
    assert page.index('href="tel:112"') < page.index("The clinic is closed now.") < page.index(first[0])


@database
@pytest.mark.parametrize(("weekday", "more"), [(0, {}), (6, {"duty": True})])
def test_where_somebody_is_there_help_now_stays_the_first_button(phone, monkeypatch, weekday, more) -> None:
    opens(phone, **more)
    at(phone, monkeypatch, weekday, 15)

    assert re.search(r'class="btn big primary"[^>]*value="help_now"', phone.text("/my/tell/"))


@database
@pytest.mark.parametrize("asked", ["help_now", "contact"])
def test_the_therapist_reads_what_a_closed_clinic_told_the_client(phone, monkeypatch, asked) -> None:
    opens(phone)
    at(phone, monkeypatch, 6, 15)
    told = phone.text(phone.send("/my/tell/", asks_for=asked)["Location"])
    flag = Flag.objects.get()
    staff = Client(HTTP_HOST="localhost")
    staff.force_login(phone.service.staff["T-01"], backend="openipt.accounts.backend.Backend")

    page = staff.get(f"/courses/{phone.enrolment.label}/flags/{flag.id}/").content.decode()

    assert "before 09:00 on Monday" in told
    assert "It came in while the clinic was closed. The client was told: Monday 09:00." in page


# ---- who looked

ANA = "11111111-1111-4111-8111-111111111111"
SHE = ANA.replace("-", "")
MONDAY = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)


def looks(*seen: Look, kind: str = "cover") -> list[tuple[list[str], list[str]]]:
    part = {SHE: (Part(kind, MONDAY - timedelta(days=1), MONDAY + timedelta(days=1)),)}
    found = Looked(seen, False, {SHE: "Jonas Weber"}, None, part)
    return [([render(one) for one in day.told], [render(one) for one in day.quiet]) for day in days(found)]


def test_beside_each_name_stands_what_they_are_to_the_client_and_the_time() -> None:
    assert looks(Look(MONDAY, ANA, "course.open", "treatment")) == [
        (["Jonas Weber, your therapist’s stand-in, opened your notes at 14:05."], [])
    ]


def test_whoever_stands_in_no_more_is_not_called_so() -> None:
    later = MONDAY + timedelta(days=2)

    assert looks(Look(later, ANA, "course.open", "treatment"))[0][0] == ["Jonas Weber opened your notes at 14:05."]


def test_what_the_computer_of_the_clinic_did_is_one_quieter_line_that_says_what() -> None:
    seen = Look(MONDAY, "service", "slip.redeem", "")

    assert looks(seen, seen) == [([], ["The clinic’s computer put your slip into use."])]


def test_that_an_answer_was_passed_on_is_not_told_on_the_phone() -> None:
    """It may have been asked alone: nothing on the phone may follow from it (CLINICAL-RULES 2.4)."""
    assert looks(Look(MONDAY, "service", "pass_on_flag", "")) == []


# ---- the way out


@database
@pytest.mark.parametrize("told", ["a person was asked for", "an answer about danger", "the same once more"])
def test_the_way_out_stands_on_the_page_after_somebody_was_told(phone, told) -> None:
    """Whoever comes into the room then sees no page that says that a person was called."""
    if told == "a person was asked for":
        sent = phone.send("/my/tell/", asks_for="contact")
    else:
        for number in range(1, 10):
            sent = answer(phone, number, 1)
        sent = answer(phone, 9, 1) if told == "the same once more" else sent
    page = phone.text(sent["Location"])
    way = re.search(
        r'<header.*?<form method="post" action="([^"]+)">.*?>Leave now</button>.*?</header>', page, re.DOTALL
    )
    assert way

    assert phone.browser.post(way[1])["Location"] == "/away/"
    assert phone.get(sent["Location"]).status_code == 302, "signed out: going back shows nothing"
