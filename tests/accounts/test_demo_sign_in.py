"""Signing in by one click: only on this machine, only where everybody is invented; else there is no such page."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from signing import a_client_with_a_slip, a_service, somebody, words_of

from openipt.accounts.making import withdraw_slips

DEMO = "/sign-in/demo/"
NOWHERE = "/sign-in/no-such-page/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def here(settings):
    settings.LOOPBACK_ONLY = True
    return Client(HTTP_HOST="localhost:8000", REMOTE_ADDR="127.0.0.1")


@pytest.fixture
def clinic(db):
    then = timezone.now() - timedelta(days=1)
    organisation = a_service(synthetic=True, at=then)
    somebody(organisation, "mira", "therapist", "facilitator", name="Mira (therapist)", at=then)
    somebody(organisation, "noor", "operator", name="Noor (operator)", at=then)
    return organisation


def test_one_click_signs_in_as_one_of_the_invented_people(here, clinic):
    page = here.get(DEMO)
    assert "Mira (therapist) facilitator, therapist" in words_of(page)
    assert "Noor (operator) operator" in words_of(page)
    person = re.search(r'value="([0-9a-f-]{36})"', page.content.decode())[1]

    signed_in = here.post(DEMO, {"person": person})

    assert signed_in.headers["Location"] == "/"
    assert "mira" in words_of(here.get("/sign-in/yours/"))


def test_the_sign_in_page_leads_there(here, clinic):
    assert DEMO in here.get("/sign-in/").content.decode()


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1"])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8000", "[::1]:8000"])
def test_this_machine_has_several_names(here, clinic, address, host):
    assert here.get(DEMO, REMOTE_ADDR=address, HTTP_HOST=host).status_code == 200


def trace(visitor: Client, address: str, method: str = "get", **said: str) -> tuple[object, ...]:
    """All that an answer tells, but for the address in it and the token that is new each time."""
    answer = getattr(visitor, method)(address, **said)
    body = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode().replace(address, ""))
    return answer.status_code, sorted(answer.headers.items()), sorted(answer.cookies), body


CLOSED = {
    "the server is not bound to this machine": ({"LOOPBACK_ONLY": False}, {}),
    "somebody comes from another machine": ({}, {"REMOTE_ADDR": "192.168.1.20"}),
    "nobody knows where somebody comes from": ({}, {"REMOTE_ADDR": ""}),
    "a header says it was forwarded (RFC 7239)": ({}, {"HTTP_FORWARDED": "for=192.0.2.60"}),
    "a header says for whom": ({}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}),
    "a header says how": ({}, {"HTTP_X_FORWARDED_PROTO": "https"}),
    "a header says to where": ({}, {"HTTP_X_FORWARDED_HOST": "localhost"}),
    "an empty header says it": ({}, {"HTTP_X_FORWARDED_FOR": ""}),
    "a proxy signs": ({}, {"HTTP_VIA": "1.1 proxy"}),
    "a proxy passes an address on": ({}, {"HTTP_X_REAL_IP": "127.0.0.1"}),
    "it is asked for under another name": (
        {"ALLOWED_HOSTS": ["openipt.clinic.example"]},
        {"HTTP_HOST": "openipt.clinic.example"},
    ),
}


@pytest.mark.parametrize("method", ["get", "post", "put", "head", "options"])
@pytest.mark.parametrize("reason", CLOSED)
def test_each_condition_by_itself_closes_the_door_and_leaves_no_trace_of_it(here, clinic, settings, reason, method):
    assert here.get(DEMO).status_code == 200
    changed, said = CLOSED[reason]
    for name, value in changed.items():
        setattr(settings, name, value)
    strict = Client(enforce_csrf_checks=True, **{**here.defaults, **said})

    closed = trace(strict, DEMO, method)

    assert closed[0] == 404
    assert closed == trace(strict, NOWHERE, method)
    assert trace(strict, DEMO.rstrip("/"), method) == trace(strict, NOWHERE.rstrip("/"), method)
    if method == "get":
        assert DEMO not in strict.get("/sign-in/").content.decode()


def test_a_real_service_has_no_such_door(here, db):
    somebody(a_service(synthetic=False))

    assert trace(here, DEMO) == trace(here, NOWHERE)


def test_an_empty_database_has_no_such_door(here, db):
    assert trace(here, DEMO) == trace(here, NOWHERE)


def test_one_real_service_in_the_database_closes_it(here, clinic):
    from django.db import connection

    with connection.cursor() as cursor:  # by hand: the program itself never mixes them
        cursor.execute(
            "INSERT INTO accounts_organisation (id, name, zone, solo, synthetic, promise, created_at) "
            "VALUES (%s, 'Real', 'UTC', %s, %s, '{}', %s)",
            [uuid4().hex, False, False, timezone.now()],
        )

    assert trace(here, DEMO) == trace(here, NOWHERE)


def test_whoever_is_already_signed_in_sees_no_trace_of_a_closed_door_either(here, clinic, settings):
    here.post(DEMO, {"person": re.search(r'value="([0-9a-f-]{36})"', here.get(DEMO).content.decode())[1]})
    settings.LOOPBACK_ONLY = False

    assert trace(here, DEMO) == trace(here, NOWHERE)


def test_clients_and_people_without_a_role_are_not_on_the_list(here, clinic):
    access = a_client_with_a_slip(clinic, at=timezone.now() - timedelta(hours=1))
    from openipt.accounts.roles import end_role

    noor = clinic.accounts.get(username="noor")
    end_role(membership=noor.memberships.get(), by="boss", at=timezone.now())

    assert "Noor" not in words_of(here.get(DEMO))
    for account in (access.account, noor):
        assert here.post(DEMO, {"person": str(account.id)}).status_code == 404


def test_a_client_whose_slip_is_no_longer_out_can_be_looked_around_as(here, clinic):
    access = a_client_with_a_slip(clinic, at=timezone.now() - timedelta(hours=1))
    withdraw_slips(access.account, timezone.now())

    assert f"Client {access.username} client" in words_of(here.get(DEMO))
    assert here.post(DEMO, {"person": str(access.account.id)}).status_code == 302


@pytest.mark.parametrize("person", ["", "x", "6f9619ff-8b86-4d01-b42d-00cf4fc964ff", "' OR 1=1"])
def test_nobody_else_can_be_chosen(here, clinic, person):
    assert here.post(DEMO, {"person": person}).status_code == 404


def test_a_page_elsewhere_cannot_click_for_somebody(here, clinic):
    strict = Client(enforce_csrf_checks=True, **here.defaults)
    person = str(clinic.accounts.get(username="mira").id)

    assert strict.post(DEMO, {"person": person}).status_code == 403


def test_asking_twice_costs_no_more_queries_with_more_people(here, clinic, django_assert_num_queries):
    for number in range(15):
        somebody(clinic, f"more.{number}", name=f"More {number}", at=timezone.now() - timedelta(hours=1))

    with django_assert_num_queries(3):  # the services, staff, clients
        here.get(DEMO)
