"""`openipt staff list`, `add`, `end`: who works here, without a page and without a word about any client."""

from __future__ import annotations

import json

import pytest
from casebooks import Service
from cli.operating import run_one
from django.utils import timezone

from openipt.accounts.changes import Change
from openipt.accounts.letting_in import redeem_staff_slip
from openipt.accounts.models import Account, Membership
from openipt.audit.models import AuditEvent

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

LEYLA = ["staff", "add", "L.Haddad", "--name", "Leyla Haddad", "--email", "leyla@clinic.example"]


def roles_of(username: str) -> set[str]:
    held = Membership.objects.live(timezone.now()).filter(account__username=username)
    return set(held.values_list("role", flat=True))


def test_a_colleague_is_added_and_the_printed_code_lets_them_in_once(service: Service) -> None:
    said = run_one([*LEYLA, "--role", "therapist", "--role", "supervisor", "--json"])

    assert said["code"] == 0, said["err"]
    slip = json.loads(said["out"])
    assert roles_of("l.haddad") == {"therapist", "supervisor"}
    account = redeem_staff_slip(
        username="l.haddad",
        code=slip["code"],
        password="four quiet herons",
        at=timezone.now(),
    )
    assert account.check_password("four quiet herons")
    assert {one.by for one in AuditEvent.objects.filter(act__startswith="service.")} == {"command-line"}


def test_a_role_that_answers_for_the_service_needs_a_lead_who_asks(service: Service) -> None:
    service.account("Ida", ("lead",))
    service.account("Ole", ("therapist",))
    alone = run_one([*LEYLA, "--role", "lead"])
    not_lead = run_one([*LEYLA, "--role", "lead", "--asked-by", "ole"])
    assert (alone["code"], not_lead["code"]) == (1, 1)
    assert "asked for by a lead" in alone["err"]
    assert not Account.objects.filter(username="l.haddad").exists(), "all of it or nothing"

    said = run_one([*LEYLA, "--role", "lead", "--asked-by", "IDA", "--why", "She leads from May on."])

    assert said["code"] == 0, said["err"]
    assert roles_of("l.haddad") == {"lead"}
    asked = Change.objects.select_related("end").get(what="role")
    assert (asked.by, asked.end.by) == (service.staff["Ida"], None), "asked by the lead, confirmed on the command line"


def test_somebody_who_works_here_gets_one_more_role_and_no_code(service: Service) -> None:
    service.account("Ole", ("therapist",))
    said = run_one(["staff", "add", "ole", "--name", "Ole", "--role", "facilitator"])
    again = run_one(["staff", "add", "ole", "--name", "Ole", "--role", "facilitator"])

    assert said["code"] == 0, said["err"]
    assert "Code" not in said["out"]
    assert roles_of("ole") == {"therapist", "facilitator"}
    assert again["code"] == 1
    assert "held already" in again["err"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ([*LEYLA, "--role", "king"], "'king' is no role of staff"),
        (["staff", "add", "två ord!", "--name", "x", "--role", "therapist"], "plain letters"),
        (["staff", "end", "nobody", "--why", "Left."], "nobody signs in as 'nobody' here"),
        (["staff", "list", "--organisation", "Elsewhere"], "one of them, named by --organisation"),
    ],
)
def test_what_cannot_be_done_is_said_with_what_was_expected(service: Service, line, words) -> None:
    said = run_one(line)

    assert said["code"] == 1
    assert words in said["err"]
    assert not Change.objects.exists()


def test_a_role_or_an_account_is_ended_and_the_last_lead_stays(service: Service) -> None:
    service.account("Ida", ("lead",))
    service.account("Ole", ("therapist", "supervisor"))

    assert run_one(["staff", "end", "ole", "--role", "supervisor", "--why", "Too much."])["code"] == 0
    assert roles_of("ole") == {"therapist"}
    assert run_one(["staff", "end", "ole", "--why", "Left."])["code"] == 0
    assert not Account.objects.get(username="ole").is_active
    last = run_one(["staff", "end", "ida", "--why", "Left."])
    assert last["code"] == 1
    assert "nobody would answer for the service" in last["err"]


def test_the_list_says_roles_last_sign_in_and_second_step_and_nothing_secret(service: Service) -> None:
    ole = service.account("Ole", ("therapist",))
    said = run_one(["staff", "list"])
    told = json.loads(run_one(["staff", "list", "--json"])["out"])

    assert said["out"].strip() == "ole (Ole): therapist since 2026-03-02; never signed in; no second step"
    assert [one["sign_in_name"] for one in told["people"]] == ["ole"]
    assert ole.password not in said["out"] + json.dumps(told)
