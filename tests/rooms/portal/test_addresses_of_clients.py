"""Where a client can be reached: whoever leads their group reads how, and never the number or the address."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone
from rooms.portal.conftest import a_phone

from openipt.accounts.actors import actor_of
from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.addresses import address_items, without_address
from openipt.casebook.queries.courses import open_course
from openipt.therapy.forms import form_ids

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
NUMBER, MAIL = "555 0142", "robin@letters.example"
SAID = {"way": "phone", "channels": ["email"], "phone": NUMBER, "email": MAIL, "hours": "Before noon"}


@pytest.fixture
def known(service):
    phone = a_phone(service)
    phone.saved = phone.write("safe-contact", SAID)
    take_charge(phone.enrolment, service.account("F-01", ("facilitator",)).id, "group", timezone.now())
    return phone


def browser_of(service, name: str) -> Client:
    made = Client(HTTP_HOST="localhost")
    made.force_login(service.staff[name], backend="openipt.accounts.backend.Backend")
    return made


def pages(known) -> list[str]:
    label, entry = known.enrolment.label, known.saved.id
    fill = f"/courses/{label}/fill/safe-contact/"
    return [
        f"/courses/{label}/entries/{entry}/",
        f"{fill}?replaces={entry}",
        f"/courses/{label}/invite/",
        f"/courses/{label}/",
    ]


def test_on_no_page_a_facilitator_finds_the_number_or_the_address(service, known) -> None:
    read = {one: browser_of(service, "F-01").get(one) for one in pages(known)}

    assert "Before noon" in read[pages(known)[0]].content.decode()
    for address, answer in read.items():
        assert NUMBER not in answer.content.decode(), address
        assert MAIL not in answer.content.decode(), address


def test_the_therapist_does(service, known) -> None:
    page = browser_of(service, "T-01").get(pages(known)[0]).content.decode()

    assert NUMBER in page
    assert MAIL in page


def test_a_facilitator_who_writes_what_changed_does_not_take_the_address_away(service, known) -> None:
    by = actor_of(service.staff["F-01"], timezone.now())
    said = {"way": "phone", "channels": ["email"], "hours": "After four"}

    save_entry(
        by=by,
        at=timezone.now(),
        enrolment=known.enrolment.label,
        form="safe-contact",
        answers=said,
        replaces=known.saved.id,
    )

    now = open_course(service.actor(), known.enrolment.label, timezone.now()).record.says("safe-contact")
    assert (now["phone"], now["email"], now["hours"]) == (NUMBER, MAIL, "After four")
    theirs = open_course(by, known.enrolment.label, timezone.now()).record.says("safe-contact")
    assert not {"phone", "email"} & set(theirs)


def test_a_facilitator_may_write_a_new_number(service, known) -> None:
    by = actor_of(service.staff["F-01"], timezone.now())
    said = {**SAID, "phone": "555 0199"}

    save_entry(
        by=by,
        at=timezone.now(),
        enrolment=known.enrolment.label,
        form="safe-contact",
        answers=said,
        replaces=known.saved.id,
    )

    now = open_course(service.actor(), known.enrolment.label, timezone.now()).record.says("safe-contact")
    assert now["phone"] == "555 0199"


def test_each_number_of_the_sheet_on_contact_is_known_as_one() -> None:
    assert address_items("safe-contact") == {"phone", "email"}
    assert all(isinstance(address_items(name), frozenset) for name in form_ids())


def test_an_entry_without_addresses_is_the_same_entry(known) -> None:
    known.write("talk-about", {"most": "The move"})
    record = open_course(known.service.actor(), known.enrolment.label, timezone.now()).record
    sheet = record.newest("talk-about")

    assert without_address(sheet) is sheet
