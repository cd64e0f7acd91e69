"""A caregiver finds one page with one list. Everything else is no page to them, as to somebody from outside."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from casebooks import Service
from django.core import mail
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone
from evidence.address_book import BOOK, patterns
from rooms.portal.conftest import SECRET
from rooms.portal.test_between_sessions import a_session
from rooms.young.conftest import AGREED, CANARY, a_home, a_young_phone, home, later, law, phone, service

from openipt.accounts.actors import actor_of
from openipt.accounts.making import make_organisation
from openipt.accounts.models import Account
from openipt.casebook.operations.caregiving import NotNow, end_caregiver, let_caregiver_in, new_caregiver_slip
from openipt.casebook.operations.inviting import invite
from openipt.casebook.queries import caregiving
from openipt.casebook.queries.visible import NotAllowed, NotVisible
from openipt.post.ticking import tick
from openipt.rooms.portal.caregiver import only_near

__all__ = ["home", "law", "phone", "service"]
pytestmark = pytest.mark.django_db(databases=["default", "keys"])
THEIRS = {"near/", "in/", "in/first/", "in/forgotten/", "help/", "away/", "my/leave/"}
NOBODY = "00000000-0000-7000-8000-000000000000"


def every_address(home) -> dict[str, str]:
    """Every address of the service but theirs, written out for the young person's own course."""
    label, session = home.phone.enrolment.label, str(uuid4())
    found = {}
    for one in BOOK:
        if one.pattern not in THEIRS:
            entry = str(home.phone.entries("assent")[0].id)
            found[one.pattern] = one.path.format(c=label, s=session, e=entry, f=NOBODY)
    return found


def test_every_other_address_is_none_to_them(home) -> None:
    assert set(patterns()) - THEIRS <= set(every_address(home)), "an address that is not in the book"
    missing = home.get("/there/is/none/")
    assert missing.status_code == 404

    for pattern, path in every_address(home).items():
        for method in ("get", "post"):
            answer = getattr(home.browser, method)(path)
            assert (pattern, method, answer.status_code) == (pattern, method, 404)
            assert plain(answer) == plain(missing), pattern


def plain(answer) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", answer.content)


def test_without_the_first_door_the_policy_refuses_them_all_the_same(home, monkeypatch) -> None:
    monkeypatch.setattr(only_near, "OPEN", frozenset(str(one.name) for one in named()))

    for pattern, path in every_address(home).items():
        answer = home.get(path)
        if pattern.startswith(("courses/<slug", "my/")):
            assert (pattern, answer.status_code in (302, 404, 405)) == (pattern, True)
        assert CANARY.encode() not in answer.content, pattern
        assert home.phone.enrolment.label.encode() not in re.sub(rb'value="[^"]*"', b"", answer.content), pattern


def named(found=None):
    for one in found or get_resolver().url_patterns:
        yield from named(one.url_patterns) if hasattr(one, "url_patterns") else [one]


def test_the_page_shows_the_list_and_nothing_else(service) -> None:
    phone = a_young_phone(service)
    phone.write("consent", AGREED)
    phone.send("/my/agree/", agrees="yes", words=CANARY, _do="send")
    a_session(phone, days_ago=3)
    phone.write("phq-a", {f"q{n}": 3 for n in range(1, 10)})
    phone.send("/my/diary/", mood="2", note=CANARY, _do="send")
    home = a_home(phone)

    page = home.text()

    assert "The next session" in page
    assert service.organisation.name in page
    assert "Sessions that took place" not in page
    for never in (CANARY, "Robin", phone.enrolment.label, "PHQ", "score", "flag", "27"):
        assert never not in re.sub(r'<head>.*?</head>|value="[^"]*"', "", page, flags=re.DOTALL), never
    assert "<title>Notes</title>" in page


@pytest.mark.parametrize("sees", [(), ("next_session",), ("attendance",), ("clinic",), ("attendance", "clinic")])
def test_what_is_not_on_the_list_is_not_on_the_page(phone, sees) -> None:
    a_session(phone, days_ago=3)

    page = a_home(phone, sees=sees).text()

    assert ("The next session" in page) == ("next_session" in sees)
    assert ("Sessions that took place" in page) == ("attendance" in sees)
    assert (phone.service.organisation.name in page) == ("clinic" in sees)
    assert "/help/" in page, "numbers to ring in danger are there for everybody"


def test_a_table_that_closes_appointments_closes_them_here(home, monkeypatch) -> None:
    """The policy is asked: were it not, a stricter table would change nothing."""
    monkeypatch.setattr(caregiving, "rule", lambda *_args, **_more: type("No", (), {"allowed": False})())

    assert "The next session" not in home.text()


# ---- how it ends


def test_on_the_day_that_was_set(phone, monkeypatch) -> None:
    today = timezone.now().date()
    home = a_home(phone, until=today)
    assert home.get("/near/").status_code == 200

    later(monkeypatch, 1, home)

    assert home.get("/near/").status_code == 404


def test_when_the_course_ends(home, monkeypatch) -> None:
    from dataclasses import replace

    known = caregiving.record
    over = timezone.now().date()
    monkeypatch.setattr(caregiving, "record", lambda *args, **more: replace(known(*args, **more), ended_on=over))

    assert home.get("/near/").status_code == 404


def test_when_the_clinic_withdraws_it_and_no_slip_brings_it_back(home) -> None:
    how = {"by": home.phone.service.actor(), "at": timezone.now(), "enrolment": home.phone.enrolment.label}

    end_caregiver(**how, account=str(home.account.id), id=uuid4())

    assert "/in/" in home.get("/near/")["Location"]
    assert not Account.objects.get(id=home.account.id).is_active
    with pytest.raises(NotNow):
        new_caregiver_slip(**how, account=str(home.account.id))


def test_when_the_young_person_takes_the_yes_back(home) -> None:
    home.phone.send("/my/agree/", agrees="no", _do="send")

    assert home.get("/near/").status_code == 404


def test_a_page_that_is_over_looks_like_one_that_never_was(home, service) -> None:
    other = a_home(home.phone, called="Dad")
    home.phone.send("/my/agree/", agrees="no", _do="send")
    over = other.get("/near/")
    never = home.phone.get("/near/")  # a client has no such page

    assert (over.status_code, never.status_code) == (404, 404)
    assert "<h1>There is no such page</h1>" in over.content.decode()


def test_nobody_else_has_this_page(home, service) -> None:
    staff = Client(HTTP_HOST="localhost")
    staff.force_login(service.staff["T-01"], backend="openipt.accounts.backend.Backend")

    assert staff.get("/near/").status_code == 404
    assert home.phone.get("/near/").status_code == 404
    assert Client(HTTP_HOST="localhost").get("/near/")["Location"] == "/in/?next=%2Fnear%2F"


def test_a_caregiver_may_write_nothing(home) -> None:
    actor = actor_of(home.account, timezone.now())
    how = {"by": actor, "at": timezone.now(), "enrolment": home.phone.enrolment.label}

    with pytest.raises((NotVisible, NotAllowed)):
        let_caregiver_in(**how, called="Me", sees=["clinic"], until=None, id=uuid4())
    with pytest.raises((NotVisible, NotAllowed)):
        end_caregiver(**how, account=str(home.account.id), id=uuid4())
    with pytest.raises((NotVisible, NotAllowed)):
        invite(**how)
    assert home.browser.post("/near/", {}).status_code in (404, 405)


# ---- coming in


def test_they_come_in_by_the_clients_door_to_their_own_page_whatever_was_asked_for(home) -> None:
    browser = Client(HTTP_HOST="localhost")

    answer = browser.post("/in/", {"login": home.access.username, "password": SECRET, "next": "/my/diary/"})

    assert answer["Location"] == "/near/"
    assert browser.get("/near/").status_code == 200


def test_the_door_of_staff_does_not_know_them(home) -> None:
    browser = Client(HTTP_HOST="localhost")

    browser.post("/sign-in/", {"login": home.access.username, "password": SECRET})

    assert browser.get("/near/").status_code == 302


def test_an_account_tells_nobody_who_they_are(home) -> None:
    assert (home.account.name, home.account.email, home.account.client) == ("", "", None)


# ---- where a parent is not safe


def not_safe(phone) -> None:
    phone.write(
        "consent",
        {"treatment": True, "way": "not_safe", "parent_not_safe": "Seen with the lead", "decided_with": "Lead"},
    )


def test_where_a_parent_is_not_safe_nobody_is_let_in_and_who_was_sees_nothing_more(home) -> None:
    not_safe(home.phone)

    assert home.get("/near/").status_code == 404
    with pytest.raises(NotNow) as refused:
        a_home(home.phone, called="Dad")
    assert refused.value.why.id == "young.closed.not_safe"
    assert not Account.objects.filter(proxy_of=home.phone.enrolment.client_id).exclude(id=home.account.id).exists()


def test_where_a_parent_is_not_safe_no_mail_speaks_of_one_and_none_goes_to_one(db, settings, law) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SERVICE_ADDRESS = "https://openipt.clinic.example"
    law("england-and-wales")
    now = timezone.now()
    service = Service(make_organisation(name="Hill Road", zone="UTC", by=None, at=now), now)
    Account.objects.filter(id=service.account("T-01").id).update(email="t-01@clinic.example")
    phone = a_young_phone(service)
    not_safe(phone)
    phone.write("safe-contact", {"way": "phone", "channels": ["email"], "email": "robin@letters.example"})
    phone.write("phq-a", {f"q{n}": 1 for n in range(1, 9)} | {"q9": 2})

    for hours in range(0, 240, 6):
        tick(now + timedelta(hours=hours))

    assert {to for one in mail.outbox for to in one.to} <= {"t-01@clinic.example", "robin@letters.example"}
    assert mail.outbox, "the therapist is told that somebody has to look"
    told = " ".join(f"{one.subject} {one.body}" for one in mail.outbox).lower()
    assert not re.search(r"parent|mother|father|mum|dad|caregiver|guardian|not safe", told)
