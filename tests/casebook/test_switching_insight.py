"""Insight is switched on by whoever answers for the service, after reading what it is for; off, nothing is left."""

from __future__ import annotations

from datetime import timedelta

import pytest
from casebooks import Service, a_service

from openipt.accounts.models import Membership
from openipt.audit.models import AuditEvent
from openipt.casebook.operations.fitting import switch
from openipt.casebook.queries.fits import is_on
from openipt.casebook.queries.modules import insight_switch, may_switch
from openipt.casebook.queries.visible import NotAllowed, NotVisible

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def switched(service: Service, by: str | None, on: bool = True, roles: tuple[str, ...] = ("lead",)) -> bool:
    reader = service.account(by, roles).id if by else None
    return switch(organisation=service.organisation, on=on, read_by=reader, read_on=service.at.date(), at=service.at)


def test_a_lead_switches_it_on_and_stands_there_as_who_read_it(service: Service) -> None:
    assert switched(service, "Ida")

    known = insight_switch(service.actor("Ida", ("lead",)))
    assert (known.on, known.read_by, known.read_on) == (True, "Ida", service.at.date())
    event = AuditEvent.objects.get(act="switch_insight")
    assert (event.by, event.why, event.client) == (str(service.staff["Ida"].id), "on", "")


@pytest.mark.parametrize("role", ["therapist", "facilitator", "supervisor", "researcher", "operator"])
def test_nobody_else_decides_about_it(service: Service, role: str) -> None:
    with pytest.raises(NotAllowed):
        switched(service, "Other", roles=(role,))
    with pytest.raises(NotVisible):
        insight_switch(service.actor("Other", (role,)))
    assert not is_on(service.organisation.promise)
    assert AuditEvent.objects.filter(act="switch_insight").count() == 0


def test_the_first_administrator_who_also_runs_the_server_decides(service: Service) -> None:
    assert may_switch(service.actor("First", ("lead", "operator")))
    assert may_switch(service.actor("Solo", ("lead", "operator", "therapist")))


def test_a_lead_of_another_service_decides_nothing_here(service: Service) -> None:
    other = a_service(service.at, "Another clinic").account("Stranger", ("lead",))

    with pytest.raises(NotAllowed):
        switch(organisation=service.organisation, on=True, read_by=other.id, read_on=service.at.date(), at=service.at)


def test_a_lead_whose_role_has_ended_decides_nothing(service: Service) -> None:
    account = service.account("Ida", ("lead",))
    Membership.objects.filter(account=account).update(until=service.at)

    with pytest.raises(NotAllowed):
        switch(
            organisation=service.organisation,
            on=True,
            read_by=account.id,
            read_on=service.at.date(),
            at=service.at + timedelta(minutes=1),
        )


def test_on_needs_somebody_who_read_it_and_off_needs_nobody(service: Service) -> None:
    with pytest.raises(NotAllowed):
        switched(service, None)
    switched(service, "Ida")

    assert switched(service, None, on=False)
    assert not is_on(service.organisation.promise)


def test_the_same_twice_is_one_act(service: Service) -> None:
    assert [switched(service, "Ida"), switched(service, "Ida"), switched(service, "Ada")] == [True, False, False]
    assert AuditEvent.objects.filter(act="switch_insight").count() == 1
    assert insight_switch(service.actor("Ida", ("lead",))).read_by == "Ida"
