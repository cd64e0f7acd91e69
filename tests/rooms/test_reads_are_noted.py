"""Whoever looks is noted before the page leaves, once; and the client can read it in sentences."""

from __future__ import annotations

import pytest
from casebooks import Service
from django.test import Client

from openipt.audit.models import AuditEvent
from openipt.audit.reading import looks
from openipt.audit.verifying import verify

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def new_events(act) -> list[AuditEvent]:
    last = AuditEvent.objects.latest("id").id
    act()
    return list(AuditEvent.objects.filter(id__gt=last).order_by("id"))


@pytest.mark.parametrize(
    "address", ["/courses/C02/", "/courses/C02/sessions/5/", "/courses/C02/people/", "/courses/C02/treatment/"]
)
def test_opening_a_page_of_a_course_is_one_look(clinic: Service, visitor: Client, address: str) -> None:
    [look] = new_events(lambda: visitor.get(address))

    assert look.act == "course.open"
    assert look.client == str(clinic.enrolment("C02").client_id)
    assert look.by == str(clinic.staff["Everybody"].id)


def test_a_list_is_one_look_with_everybody_on_it(clinic: Service, visitor: Client) -> None:
    [look] = new_events(lambda: visitor.get("/"))

    assert look.act == "caseload.list"
    assert str(clinic.enrolment("C02").client_id) in look.shown


def test_what_nobody_may_see_is_no_look(clinic: Service, outsider: Client) -> None:
    assert new_events(lambda: outsider.get("/courses/C02/")) == []


def test_a_page_about_nobody_is_no_look(clinic: Service, visitor: Client) -> None:
    assert new_events(lambda: visitor.get("/forms/phq-9/")) == []


def test_the_client_can_read_who_looked(clinic: Service, visitor: Client) -> None:
    client = str(clinic.enrolment("C01").client_id)
    visitor.get("/courses/C01/")

    seen = [look for look in looks(client) if look.by == str(clinic.staff["Everybody"].id)]
    assert seen


def test_after_all_these_looks_the_chains_are_whole(clinic: Service, visitor: Client) -> None:
    visitor.get("/courses/C02/")
    assert list(verify([])) == []
