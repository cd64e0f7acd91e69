"""Every address and every command says what it opens. One that does not is not built."""

from __future__ import annotations

import re

import pytest
from casebooks import Service
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from openipt import cli
from openipt.casebook.queries.courses import open_course
from openipt.policy import Door

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def addresses(patterns=None, before: str = "") -> dict[str, object]:
    """Every address of the service with its view."""
    found: dict[str, object] = {}
    for one in patterns or get_resolver().url_patterns:
        if isinstance(one, URLResolver):
            found |= addresses(one.url_patterns, before + str(one.pattern))
        elif isinstance(one, URLPattern):
            found[before + str(one.pattern)] = one.callback
    return found


def commands() -> dict[str, object]:
    """Every command with the function behind it, those of groups as `group name`."""
    found = {one.__name__.replace("_", "-"): one for one in cli.COMMANDS}
    for group in cli.GROUPS:
        for one in group.registered_commands:
            found[f"{group.info.name} {one.callback.__name__}"] = one.callback
    return found


@pytest.mark.parametrize("address", sorted(addresses()))
def test_every_address_has_a_door(address: str) -> None:
    door = getattr(addresses()[address], "door", None)

    assert isinstance(door, Door), f"{address} says nowhere what it opens"
    assert door.why or door.kind
    door.prove()


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_has_a_door(name: str) -> None:
    door = getattr(commands()[name], "door", None)

    assert isinstance(door, Door), f"openipt {name} says nowhere what it opens"
    door.prove()


def plain(answer) -> bytes:
    """A page without what differs at every request anyway."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", answer.content)


def of_a_course(service: Service) -> list[str]:
    """One address of every page that shows a client's record."""
    known = open_course(service.actor("Everybody", ("therapist", "facilitator")), "C02", service.at).record
    return [
        "/courses/C02/",
        "/courses/C02/sessions/5/",
        "/courses/C02/people/",
        "/courses/C02/treatment/",
        f"/courses/C02/entries/{known.entries[3].id}/",
    ]


def test_nobody_comes_in_without_signing_in(clinic: Service) -> None:
    for address in ("/", *of_a_course(clinic)):
        answer = Client(HTTP_HOST="localhost").get(address)
        assert answer.status_code == 302, address
        assert answer["Location"].startswith("/sign-in/")


def test_the_outsider_meets_nothing_and_learns_nothing(clinic: Service, outsider: Client) -> None:
    for address in of_a_course(clinic):
        missing = outsider.get(address.replace("C02", "K-NOBODY"))
        theirs = outsider.get(address)

        assert (theirs.status_code, missing.status_code) == (404, 404), address
        assert plain(theirs) == plain(missing)
        assert b"Mateo" not in theirs.content


def test_no_page_of_any_course_is_there_for_the_outsider(places: dict[str, str], outsider: Client) -> None:
    of_courses = {name: path for name, path in places.items() if re.match(r"/courses/(?!new)", path)}
    assert len(of_courses) > 60

    for name, address in of_courses.items():
        course = address.split("/")[2]
        theirs, missing = outsider.get(address), outsider.get(address.replace(course, "K-NOBODY"))
        assert (theirs.status_code, missing.status_code) == (404, 404), name
        assert plain(theirs) == plain(missing), name


def test_the_outsiders_caseload_is_empty(outsider: Client) -> None:
    page = outsider.get("/").content.decode()

    assert "No course is yours yet" in page
    assert "Mateo" not in page


def test_the_supervisor_sees_codes_in_place_of_names_and_no_free_text(clinic: Service, supervisor: Client) -> None:
    page = supervisor.get("/courses/C02/").content.decode()
    record = open_course(clinic.actor("Everybody", ("therapist", "facilitator")), "C02", clinic.at).record

    assert record.client in page
    assert "Mateo" not in page
    assert record.says("formulation")["client_words"] not in page


def test_the_operator_sees_no_clinical_word(operator: Client, clinic: Service) -> None:
    assert "Mateo" not in operator.get("/").content.decode()
    for address in of_a_course(clinic):
        assert operator.get(address).status_code == 404
