"""From the slip to an own secret; out again in a hurry; and nobody else in between."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from rooms.portal.conftest import SECRET, a_phone

from openipt.accounts.models import Account
from openipt.audit.models import AuditEvent

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def browser() -> Client:
    return Client(HTTP_HOST="localhost")


def therapist(service) -> Client:
    made = browser()
    made.force_login(service.staff["T-01"], backend="openipt.accounts.backend.Backend")
    return made


def slip_of(page: str) -> tuple[str, str]:
    name, code = re.findall(r'<dd class="big num">([^<]+)</dd>', page)
    return name, code


def test_from_the_therapists_slip_to_the_first_page(service) -> None:
    course = service.begin()
    page = therapist(service).post(f"/courses/{course.label}/invite/").content.decode()
    name, code = slip_of(page)
    client = browser()

    came = client.post("/in/first/", {"name": name.upper(), "code": code, "secret": SECRET, "again": SECRET})

    assert came["Location"] == "/my/"
    assert "<h1>Today</h1>" in client.get("/my/").content.decode()
    assert code not in therapist(service).get(f"/courses/{course.label}/invite/").content.decode()
    assert code not in str(list(AuditEvent.objects.values_list()))


def test_the_second_time_the_name_and_the_own_secret_are_enough(phone) -> None:
    client = browser()
    said = {"login": phone.account.username.replace("-", " "), "password": SECRET, "next": "/my/diary/"}

    assert client.post("/in/", said)["Location"] == "/my/diary/"
    assert client.get("/my/diary/").status_code == 200


@pytest.mark.parametrize("there", ["//elsewhere.example/", "https://elsewhere.example/", "/courses/C01/", "", "\\\\x"])
def test_coming_in_leads_nowhere_else(phone, there) -> None:
    said = {"login": phone.account.username, "password": SECRET, "next": there}

    assert browser().post("/in/", said)["Location"] == "/my/"


def test_staff_do_not_come_in_here(service, phone) -> None:
    said = {"login": "t-01", "password": "a long sentence that nobody guesses"}

    assert browser().post("/in/", said).status_code == 422


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"again": "111122"}, "These two are not the same"),
        ({"secret": "123456", "again": "123456"}, "easy to guess"),
        ({"code": "BCDF-GHJ-KMP"}, "do not go together"),
        ({"name": ""}, "this is empty"),
    ],
)
def test_a_slip_that_is_typed_wrong_says_so_and_stays_good(service, said, words) -> None:
    course = service.begin()
    name, code = slip_of(therapist(service).post(f"/courses/{course.label}/invite/").content.decode())
    right = {"name": name, "code": code, "secret": SECRET, "again": SECRET}
    client = browser()

    told = client.post("/in/first/", {**right, **said})

    assert told.status_code == 422
    assert words in told.content.decode()
    assert client.post("/in/first/", right).status_code == 302


def test_a_new_slip_ends_the_old_way_in_at_once(service, phone) -> None:
    assert phone.get("/my/").status_code == 200

    name, code = slip_of(therapist(service).post(f"/courses/{phone.enrolment.label}/invite/").content.decode())

    assert phone.get("/my/")["Location"].startswith("/in/")
    assert browser().post("/in/", {"login": name, "password": SECRET}).status_code == 422
    assert (
        browser().post("/in/first/", {"name": name, "code": code, "secret": SECRET, "again": SECRET}).status_code == 302
    )


def test_signing_out_everywhere_ends_every_browser(phone) -> None:
    other = browser()
    other.post("/in/", {"login": phone.account.username, "password": SECRET})
    here = browser()
    here.post("/in/", {"login": phone.account.username, "password": SECRET})

    here.post("/my/everywhere/")

    for one in (other, here):
        assert one.get("/my/")["Location"].startswith("/in/")


def test_leaving_keeps_what_was_typed_and_leads_to_a_page_that_says_nothing(phone) -> None:
    left = phone.send("/my/talk/", most="My brother rang", _do="leave")

    assert left["Location"] == "/away/"
    assert "My brother" not in browser().get("/away/").content.decode()
    assert phone.get("/my/talk/")["Location"].startswith("/in/")
    assert not phone.entries("talk-about")
    phone.browser.force_login(phone.account, backend="openipt.accounts.backend.Backend")
    again = phone.text("/my/talk/")
    assert "My brother rang" in again
    assert "It is not sent yet" in again


def test_a_sign_in_that_runs_out_over_a_sheet_loses_no_word(phone) -> None:
    page = phone.text("/my/talk/")
    marks = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("_id", "_for")}
    cookies = phone.browser.cookies.copy()
    phone.browser.logout()

    told = phone.browser.post("/my/talk/", {**marks, "most": "The letter came", "_do": "send"})

    assert told.status_code == 403
    assert "They are not lost" in told.content.decode()
    assert "The letter" not in told.content.decode()
    phone.browser.force_login(phone.account, backend="openipt.accounts.backend.Backend")
    assert "The letter came" in phone.text("/my/talk/")
    assert cookies is not None


def test_the_numbers_stand_outside_the_lock_and_without_a_script(phone) -> None:
    page = browser().get("/help/").content.decode()

    assert "Help now" in page
    assert "<script" not in page
    assert browser().get("/my/help/")["Location"] == "/help/"


ENTRY_SCREENS = ["/my/talk/", "/my/diary/", "/my/tell/", "/my/reach/", "/in/", "/in/first/", "/my/"]


@pytest.mark.parametrize("address", ENTRY_SCREENS)
def test_every_entry_screen_says_that_nobody_watches_and_where_help_is(phone, address) -> None:
    page = phone.text(address)

    assert re.search(r"Nobody watches this (page )?live", page)
    assert re.search(r'href="(/my)?/help/"', page)
    assert "Leave now" in page or address.startswith("/in/")


@pytest.mark.parametrize("address", [*ENTRY_SCREENS, "/my/more/", "/my/looked/", "/my/help/", "/help/", "/away/"])
def test_titles_say_nothing_and_no_page_needs_a_script(phone, address) -> None:
    page = phone.text(address)

    assert re.search("<title>(.*)</title>", page)[1] == "Notes"
    scripts = re.findall(r"<script[^>]*>", page)  # one keeps what is being written; without it a button does
    assert set(scripts) <= {'<script type="module" src="/static/portal/draft.js">'}
    assert "OpenIPT" not in page


def test_another_client_and_staff_find_no_such_page(service, phone) -> None:
    sent = phone.send("/my/talk/", most="Only mine", _do="send")
    assert sent.status_code == 302
    (entry,) = phone.entries("talk-about")
    step = phone.service.actor()
    other = a_phone(service)

    assert other.get(f"/my/sent/{entry.id}/").status_code == 404
    for address in ("/my/", "/my/talk/", "/my/diary/", "/my/help/", f"/my/sent/{entry.id}/"):
        assert therapist(service).get(address).status_code == 404, address
    assert step
    assert "Only mine" not in other.text("/my/talk/")


def test_a_client_at_the_door_of_staff_is_led_to_the_own_room(phone) -> None:
    assert phone.get("/")["Location"] == "/my/"
    assert phone.get(f"/courses/{phone.enrolment.label}/").status_code in (403, 404)


def test_an_account_that_was_closed_opens_nothing(phone) -> None:
    Account.objects.filter(pk=phone.account.pk).update(is_active=False)

    assert phone.get("/my/")["Location"].startswith("/in/")
