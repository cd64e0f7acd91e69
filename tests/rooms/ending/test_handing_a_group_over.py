"""A group changes hands whole: every member's course goes along, with what waits in it, or none does."""

from __future__ import annotations

from uuid import uuid4

import pytest
from casebooks import Service, a_service, worked_case
from django.test import Client
from django.utils import timezone
from running_courses import DAY, text_of

from openipt.casebook.models import Enrolment, Entry, Flag, Tie, TieEnd
from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.flags import flags_told
from openipt.casebook.queries.record import record

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

BACKEND = "openipt.accounts.backend.Backend"
IN_DANGER = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 2}


@pytest.fixture
def service(db) -> Service:
    made = a_service(timezone.now() - 60 * DAY)
    for name in ("Fred", "Gail"):
        made.account(name, ("facilitator",))
    made.account("Theo", ("therapist",))
    made.keep(worked_case("C05"))
    for one in Enrolment.objects.all():
        take_charge(one, made.staff["Fred"].id, "group", made.at)
    return made


def browser_of(service: Service, name: str) -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(service.staff[name], backend=BACKEND)
    return client


@pytest.fixture
def members(service: Service) -> list[Enrolment]:
    found = list(Enrolment.objects.filter(group__isnull=False).order_by("label"))
    assert len(found) > 3
    return found


def handing(service: Service, to: str = "Gail", **more: str) -> dict[str, str]:
    return {"_id": str(uuid4()), "to": str(service.staff[to].id), "to_know": "Two are quiet.", **more}


def page_of(one: Enrolment) -> str:
    return f"/courses/{one.label}/handing-over/"


def test_the_whole_group_opens_for_the_one_and_closes_for_the_other(service, members) -> None:
    fred, gail = browser_of(service, "Fred"), browser_of(service, "Gail")
    assert "Hand the whole group over" in text_of(fred.get(page_of(members[0])))

    assert fred.post(page_of(members[0]), handing(service, client_knows="1")).status_code == 302

    for one in members:
        assert fred.get(f"/courses/{one.label}/").status_code == 404
        assert gail.get(f"/courses/{one.label}/").status_code == 200
        assert record(one).staff == "Gail"
        assert record(one).says("handing-over")["to_know"] == "Two are quiet."


def test_what_waits_in_it_goes_along(service, members) -> None:
    one = members[-1]
    save_entry(by=service.actor("Fred", ("facilitator",)), at=timezone.now(), enrolment=one.label, form="phq-9",
               answers=IN_DANGER)  # fmt: skip
    assert Flag.objects.filter(enrolment=one, state="new").exists()

    browser_of(service, "Fred").post(page_of(members[0]), handing(service))

    waits = [
        flag for flag in flags_told(service.actor("Gail", ("facilitator",)), one.label, timezone.now()) if flag.waits
    ]
    assert {flag.owner for flag in waits} == {service.staff["Gail"].id}


def test_sent_twice_it_is_one_act(service, members) -> None:
    fred, sheet = browser_of(service, "Fred"), handing(service)
    fred.post(page_of(members[0]), sheet)
    before = (Entry.objects.count(), Tie.objects.count(), TieEnd.objects.count())

    assert fred.post(page_of(members[0]), sheet).status_code == 302
    assert (Entry.objects.count(), Tie.objects.count(), TieEnd.objects.count()) == before


def test_only_who_may_lead_a_group_is_offered_and_taken(service, members) -> None:
    fred = browser_of(service, "Fred")
    assert "Theo" not in text_of(fred.get(page_of(members[0])))

    refused = fred.post(page_of(members[0]), handing(service, to="Theo"))

    assert refused.status_code == 422
    assert "Two are quiet." in refused.content.decode()
    assert not TieEnd.objects.exists()


def test_who_does_not_lead_it_cannot_hand_it_over(service, members) -> None:
    assert browser_of(service, "Gail").post(page_of(members[0]), handing(service, to="Fred")).status_code == 404
    assert not TieEnd.objects.exists()
