"""Whatever is refused to a client, and wherever: the page says nothing of what this is."""

from __future__ import annotations

import re

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def says_nothing(page: str) -> None:
    assert re.search("<title>(.*)</title>", page)[1] == "Notes"
    assert "OpenIPT" not in page
    assert "Caseload" not in page
    assert "/help/" in page


def stranger(**more: object) -> Client:
    return Client(HTTP_HOST="localhost", **more)


@pytest.mark.parametrize(
    "address", ["/no/such/page/", "/courses/{label}/", "/courses/nothing/", "/my/no-such/", "/?on=never", "/service/"]
)
def test_a_page_refused_to_a_client_says_nothing(phone, address) -> None:
    answer = phone.get(address.format(label=phone.enrolment.label))
    if answer.status_code == 302:
        assert answer["Location"] == "/my/"
        return

    assert answer.status_code in (400, 403, 404)
    says_nothing(answer.content.decode())
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Length"] == str(len(answer.content)), "a browser would wait for the rest"


def test_too_many_tries_at_the_door_say_nothing(phone) -> None:
    browser = stranger()
    answers = [browser.post("/in/", {"login": "nobody", "password": "x"}) for _ in range(31)]

    assert answers[-1].status_code == 429
    says_nothing(answers[-1].content.decode())


@pytest.mark.parametrize("address", ["/in/nothing/", "/my/nothing/", "/in/first/nothing"])
def test_nobody_at_the_door_finds_a_page_that_says_nothing(db, address) -> None:
    answer = stranger().get(address)

    assert answer.status_code == 404
    says_nothing(answer.content.decode())


def test_a_page_without_its_mark_against_forgery_says_nothing(phone) -> None:
    browser = stranger(enforce_csrf_checks=True)

    answer = browser.post("/in/", {"login": "nobody", "password": "x"})

    assert answer.status_code == 403
    says_nothing(answer.content.decode())


def test_a_page_that_breaks_says_nothing(phone, monkeypatch) -> None:
    def broken(*_given: object) -> None:
        raise RuntimeError("Petra")

    monkeypatch.setattr("openipt.rooms.portal.today.today.things_to_do", broken)
    phone.browser.raise_request_exception = False

    answer = phone.get("/my/")

    assert answer.status_code == 500
    says_nothing(answer.content.decode())
    assert "Petra" not in answer.content.decode()


def test_a_host_that_is_not_ours_is_told_nothing_at_the_door(db) -> None:
    answer = Client(HTTP_HOST="elsewhere.example").get("/in/")

    assert answer.status_code == 400
    says_nothing(answer.content.decode())


def test_staff_keep_their_frame(service) -> None:
    browser = stranger()
    browser.force_login(service.account("T-01"), backend="openipt.accounts.backend.Backend")

    assert "OpenIPT" in browser.get("/courses/nothing/").content.decode()
    assert "OpenIPT" in stranger().get("/no/such/page/").content.decode()
