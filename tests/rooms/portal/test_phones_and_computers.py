"""Where a client came in is known to the client and the clinic; what nobody knows can be ended by both."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rooms.portal.conftest import SECRET, a_phone

from openipt.accounts.devices import Device
from openipt.accounts.knowing import COOKIE, looks_like
from openipt.audit.append_only import lifted
from openipt.casebook.queries.verifying import verify_record
from openipt.post.models import Message, Reminder
from openipt.post.ticking import tick

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
)
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"


def comes_in(phone, agent: str = ANDROID, browser: Client | None = None) -> Client:
    one = browser or Client(HTTP_HOST="localhost", HTTP_USER_AGENT=agent)
    answer = one.post("/in/", {"login": phone.account.username, "password": SECRET})
    assert answer.status_code == 302
    return one


def staff_of(service, name: str = "T-01") -> Client:
    made = Client(HTTP_HOST="localhost")
    made.force_login(service.staff[name], backend="openipt.accounts.backend.Backend")
    return made


def days_ago(n: int) -> None:
    with lifted("accounts_device"):
        for one in Device.objects.all():
            Device.objects.filter(id=one.id).update(first_seen_at=one.first_seen_at - timedelta(days=n))
        connection.check_constraints()  # PostgreSQL puts no trigger back while a check waits


def test_the_same_browser_is_met_once(phone) -> None:
    browser = comes_in(phone)
    browser.post("/my/leave/")
    comes_in(phone, browser=browser)

    assert Device.objects.count() == 1


def test_the_mark_goes_to_the_door_only_and_no_script_reads_it(phone) -> None:
    cookie = comes_in(phone).cookies[COOKIE]

    assert cookie["path"] == "/in/"
    assert cookie["httponly"]
    assert cookie.value not in str(list(Device.objects.values_list()))


def test_one_browser_of_two_clients_is_two_strangers(service, phone) -> None:
    browser = comes_in(phone)
    browser.post("/my/leave/")
    comes_in(a_phone(service), browser=browser)

    assert len({one.mark for one in Device.objects.all()}) == 2


def test_the_client_is_asked_on_the_phone_they_had_before(phone) -> None:
    mine = comes_in(phone)
    days_ago(2)
    theirs = comes_in(phone, WINDOWS)

    page = mine.get("/my/").content.decode()
    assert "Was this you?" in page
    assert "Firefox on Windows" in page
    assert "Was this you?" not in theirs.get("/my/").content.decode()

    button = re.search(r'name="_do" value="(mine:[^"]+)"', page)[1]
    mine.post("/my/keys/", {"_do": button})
    assert "Was this you?" not in mine.get("/my/").content.decode()


def test_after_a_week_nobody_asks_any_more(phone) -> None:
    mine = comes_in(phone)
    days_ago(2)
    comes_in(phone, WINDOWS)
    days_ago(8)

    assert "Was this you?" not in mine.get("/my/").content.decode()


def test_one_other_phone_is_signed_out_and_this_one_stays(phone) -> None:
    mine = comes_in(phone)
    other = comes_in(phone, WINDOWS)
    page = mine.get("/my/keys/").content.decode()
    assert "Chrome on Android (this one)" in page
    button = re.findall(r'value="(out:[^"]+)"', page)[0]  # the newest stands first

    assert mine.post("/my/keys/", {"_do": button})["Location"] == "/my/keys/?told=out"

    assert mine.get("/my/").status_code == 200
    assert other.get("/my/")["Location"].startswith("/in/")
    assert "Signed out." in mine.get("/my/keys/").content.decode()


def test_a_device_of_somebody_else_cannot_be_signed_out(service, phone) -> None:
    other = a_phone(service)
    theirs = comes_in(other)
    stranger = Device.objects.get(account=other.account)
    mine = comes_in(phone)

    mine.post("/my/keys/", {"_do": f"out:{stranger.id}"})

    assert theirs.get("/my/").status_code == 200


def test_the_therapist_sees_the_devices_and_ends_every_sign_in(service, phone) -> None:
    browser = comes_in(phone)
    days_ago(9)
    comes_in(phone, WINDOWS)
    staff, address = staff_of(service), f"/courses/{phone.enrolment.label}/invite/"

    page = staff.get(address).content.decode()
    assert "Chrome on Android" in page
    assert page.count("New here") == 1

    assert staff.post(address, {"_do": "out"}).status_code == 302
    assert browser.get("/my/")["Location"].startswith("/in/")
    comes_in(phone)


def test_an_outsider_finds_no_such_page_and_ends_nothing(service, phone) -> None:
    browser = comes_in(phone)
    service.account("T-09")
    address = f"/courses/{phone.enrolment.label}/invite/"

    for act in ("out", "pin", ""):
        assert staff_of(service, "T-09").post(address, {"_do": act}).status_code == 404
    assert browser.get("/my/").status_code == 200


def test_devices_are_part_of_what_is_verified(phone) -> None:
    comes_in(phone)
    assert list(verify_record()) == []

    with lifted("accounts_device"):
        Device.objects.update(looks="Another")
        connection.check_constraints()
    assert [one.kind for one in verify_record()] == ["row_differs"]


def test_today_and_the_keys_ask_at_most_fifteen_questions(phone) -> None:
    browser = comes_in(phone)
    for _ in range(3):
        comes_in(phone, WINDOWS)
    browser.post("/my/keys/pin/", {"now": SECRET, "new": "7302", "again": "7302"})
    browser.post("/my/lock/", {"pin": "7302"})
    for address in ("/my/", "/my/keys/", "/my/keys/pin/", "/my/help/"):
        browser.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(address).status_code == 200
        real = [one for one in asked if not one["sql"].startswith(("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE"))]
        assert len(real) <= 15, (address, [one["sql"][:80] for one in real])


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (ANDROID, "Chrome on Android"),
        (WINDOWS, "Firefox on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
        ("", "An unknown browser"),
        ("<script>", "An unknown browser"),
    ],
)
def test_a_browser_is_named_in_words(agent: str, words: str) -> None:
    assert looks_like(agent) == words


# ---- hearing of it


def test_whoever_is_in_charge_is_called_once_and_finds_it_on_the_first_page(service, phone) -> None:
    comes_in(phone)
    days_ago(2)
    tick(timezone.now())
    assert "new phone or computer" not in staff_of(service).get("/").content.decode()
    comes_in(phone, WINDOWS)

    for _ in range(2):
        tick(timezone.now())

    (message,) = Message.objects.filter(kind="device")
    assert message.to_id == service.staff["T-01"].id
    page = staff_of(service).get("/").content.decode()
    assert "new phone or computer" in page
    assert f"/courses/{phone.enrolment.label}/invite/#h-devices" in page
    service.account("T-09")
    assert "new phone or computer" not in staff_of(service, "T-09").get("/").content.decode()


def test_the_client_gets_a_note_where_that_is_safe(phone) -> None:
    phone.write("safe-contact", {"way": "phone", "channels": ["email"], "email": "robin@letters.example"})
    comes_in(phone)
    days_ago(2)
    comes_in(phone, WINDOWS)

    tick(timezone.now())

    (reminder,) = Reminder.objects.filter(kind="device")
    assert reminder.cause == str(Device.objects.get(looks="Firefox on Windows").id)
