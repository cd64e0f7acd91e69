"""The therapist's page: whose consent it is, what is missing, the young person's own word, and caregivers."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from casebooks import Service
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rooms.young.conftest import AGREED, CANARY, a_home, a_young_phone, born, later

from openipt.accounts.models import Account
from openipt.audit.models import AuditEvent
from openipt.casebook.models import Entry, Tie, TieEnd
from openipt.casebook.operations.going_on import go_on

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def browser_of(service: Service, name: str = "T-01") -> Client:
    made = Client(HTTP_HOST="localhost")
    made.force_login(service.staff[name], backend="openipt.accounts.backend.Backend")
    return made


def page_of(phone) -> str:
    return browser_of(phone.service).get(f"/courses/{phone.enrolment.label}/young/").content.decode()


def send(phone, **said):
    address = f"/courses/{phone.enrolment.label}/young/"
    return browser_of(phone.service).post(address, {"_id": str(uuid4()), **said})


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


# ---- consent


def test_when_a_course_begins_the_page_says_what_is_missing(service) -> None:
    page = text(page_of(a_young_phone(service)))

    assert "It is not on record yet whose consent it is." in page
    assert "England and Wales: from 16 their own consent is enough" in page
    assert "Family Law Reform Act 1969" in page
    assert "No lawyer has checked it" in page


def test_consent_and_their_own_word_are_on_record(phone) -> None:
    page = text(page_of(phone))

    assert "Consent of those with parental responsibility, with the young person’s own assent." in page
    assert "Nothing is missing." in page
    assert f"“{CANARY}”" in page


def test_the_course_page_says_it_and_leads_there(phone) -> None:
    page = browser_of(phone.service).get(f"/courses/{phone.enrolment.label}/").content.decode()

    assert "14 years. Consent of those with parental responsibility" in text(page)
    assert f'href="/courses/{phone.enrolment.label}/young/"' in page


def test_an_adult_has_no_such_line_on_the_course_page(service) -> None:
    course = service.begin()

    page = browser_of(service).get(f"/courses/{course.label}/").content.decode()

    assert f"/courses/{course.label}/young/" not in page


def test_the_consent_is_written_on_a_page_over_its_form(service) -> None:
    phone = a_young_phone(service)
    browser, address = browser_of(service), f"/courses/{phone.enrolment.label}/agreed/young/"
    page = browser.get(address).content.decode()
    assert 'value="England and Wales"' in page
    made = re.search(r'name="_id" value="([^"]+)"', page)[1]

    said = {"_id": made, "_do": "save", "way": "own", "law": "England and Wales", "found_able": "Said it back to me"}
    answer = browser.post(address, said)

    assert answer.status_code == 303
    assert answer["Location"].startswith(f"/courses/{phone.enrolment.label}/young/")
    assert "Their own consent." in text(page_of(phone))


def test_an_own_consent_before_the_age_needs_the_words_of_whoever_judged_it(service) -> None:
    phone = a_young_phone(service)
    phone.write("consent", {"way": "own"})
    assert "Write how you found that they understand what they agree to." in page_of(phone)

    phone.write("consent", {"way": "own", "found_able": "Said it back to me in her own words"})

    assert "Write how you found" not in page_of(phone)


def test_a_no_of_the_young_person_is_said_before_anything_else_opens(phone) -> None:
    phone.send("/my/agree/", agrees="no", _do="send")

    page = text(page_of(phone))

    assert "The young person said no. Talk about it first." in page
    assert "Make the caregiver’s slip" not in page
    agreed = browser_of(phone.service).get(f"/courses/{phone.enrolment.label}/agreed/").content.decode()
    assert "The young person has not said yes. Talk about it first." in agreed


def test_when_the_age_passes_the_limit_it_is_looked_at_again(phone, monkeypatch) -> None:
    assert "Look at it again" not in page_of(phone)
    later(monkeypatch, 2 * 366)

    assert "Look at it again: 16 on" in text(page_of(phone))


# ---- caregivers


def test_a_caregiver_is_let_in_with_a_slip_that_is_shown_once(phone) -> None:
    made = str(uuid4())
    said = {"_id": made, "_do": "invite", "called": "Mum", "sees": ["next_session", "clinic"], "until": ""}

    first = send(phone, **said)
    second = send(phone, **said)

    page = first.content.decode()
    account = Account.objects.get(proxy_of=phone.enrolment.client_id)
    assert account.username in page
    assert "/in/first/" in page
    assert second["Location"].endswith("?told=known")
    assert account.username not in page_of(phone)
    assert Tie.objects.get(account=account).kind == "proxy"
    assert [one.form for one in Entry.objects.filter(about=str(account.id))] == ["caregiver"]


def test_the_list_opens_with_what_is_usual_and_offers_nothing_that_was_written(phone) -> None:
    page = page_of(phone)
    offered = re.findall(r'name="sees" value="(\w+)"( checked)?', page)

    assert offered == [("next_session", " checked"), ("attendance", ""), ("clinic", " checked")]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"called": ""}, "Whom it is about is empty."),
        ({"called": "M" * 61}, "The name is too long."),
        ({"called": "Mum", "until": "soon"}, "“soon” is no day."),
        ({"called": "Mum", "until": "2020-01-01"}, "2020-01-01 is over."),
        ({"called": "Mum", "sees": ["diary"]}, "“diary” is not something a caregiver can be shown."),
    ],
)
def test_what_cannot_be_taken_is_named_and_stays(phone, said, words) -> None:
    answer = send(phone, _do="invite", **said)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert f'value="{said["called"]}"' in answer.content.decode()
    assert not Account.objects.filter(proxy_of__isnull=False).exists()


def test_a_list_is_changed_and_two_tabs_lose_nothing(home) -> None:
    entry = Entry.objects.get(form="caregiver")
    said = {"_do": "list", "who": str(home.account.id), "replaces": str(entry.id), "sees": ["attendance"]}

    assert send(home.phone, **said)["Location"].endswith("?told=list")
    assert "Sessions that took place" in home.text()
    assert send(home.phone, **{**said, "sees": ["clinic"]}).status_code == 409
    assert "Sessions that took place" in home.text()


def test_it_is_ended_now_by_the_clinic(home) -> None:
    answer = send(home.phone, _do="end", who=str(home.account.id))

    assert answer["Location"].endswith("?told=ended")
    assert TieEnd.objects.filter(tie__account=home.account).exists()
    assert "Ended by the clinic on" in page_of(home.phone)
    assert send(home.phone, _do="end", who=str(home.account.id)).status_code == 302


def test_a_new_slip_ends_what_they_had(home) -> None:
    answer = send(home.phone, _do="slip", who=str(home.account.id))

    assert home.access.username in answer.content.decode()
    assert "/in/" in home.get("/near/")["Location"]


def test_only_a_caregiver_of_this_course_can_be_meant(home, service) -> None:
    for who in (str(home.phone.account.id), str(uuid4()), "x", ""):
        assert send(home.phone, _do="end", who=who).status_code == 404
        assert send(home.phone, _do="slip", who=who).status_code == 404
    assert Account.objects.get(id=home.phone.account.id).is_active


def test_without_a_date_of_birth_nobody_is_let_in(service) -> None:
    from rooms.portal.conftest import a_phone

    phone = a_phone(service, manual="ipt-a", age=14)
    phone.write("consent", {**AGREED, "assent_on": "2026-01-05"})

    answer = send(phone, _do="invite", called="Mum", sees=["clinic"])

    assert answer.status_code == 422
    assert "Write the date of birth first" in answer.content.decode()


def test_from_the_age_on_it_takes_their_own_yes_given_since(service) -> None:
    phone = a_young_phone(service, years=16)
    phone.write("consent", {"way": "own", "assent_on": timezone.now().date().isoformat()})
    assert "takes the young person’s own yes" in page_of(phone)

    phone.send("/my/agree/", agrees="yes", _do="send")

    assert a_home(phone).get("/near/").status_code == 200


def test_typed_words_outlast_a_sign_in_that_ran_out(phone) -> None:
    browser, address = browser_of(phone.service), f"/courses/{phone.enrolment.label}/young/"
    page = browser.get(address).content.decode()
    marks = {name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("_id", "_for")}
    browser.logout()

    out = browser.post(address, {**marks, "_do": "invite", "called": "Stepmother", "sees": ["clinic"]})
    browser.force_login(phone.service.staff["T-01"], backend="openipt.accounts.backend.Backend")

    assert out.status_code == 403
    assert 'value="Stepmother"' in browser.get(address).content.decode()


def test_whoever_has_no_tie_finds_nothing_and_a_supervisor_no_list(phone, service) -> None:
    from openipt.casebook.operations.beginning import take_charge

    service.account("Outsider")
    watching = service.account("Watching", ("supervisor",))
    take_charge(phone.enrolment, watching.id, "supervision", timezone.now())
    address = f"/courses/{phone.enrolment.label}/young/"

    assert browser_of(service, "Outsider").get(address).status_code == 404
    assert browser_of(service, "Watching").get(address).status_code == 403


def test_each_act_is_in_the_young_persons_chain_and_none_names_anybody(home) -> None:
    send(home.phone, _do="end", who=str(home.account.id))
    chain = AuditEvent.objects.filter(client=str(home.phone.enrolment.client_id))

    acts = set(chain.values_list("act", flat=True))

    assert {"let_caregiver_in", "caregiver-access.make", "caregiver-slip.redeem", "end_caregiver"} <= acts
    assert {"caregiver-account.close"} <= acts
    assert "Mum" not in str(list(chain.values()))


def test_in_a_new_course_caregivers_are_agreed_anew(home) -> None:
    label = go_on(
        by=home.phone.service.actor(),
        at=timezone.now() + timedelta(minutes=1),
        enrolment=home.phone.enrolment.label,
        manual="ipt-a",
        began_on=timezone.now().date(),
        going={"reason": "Low again"},
        id=uuid4(),
    )

    assert not Tie.objects.filter(enrolment__label=label, kind="proxy").exists()


def test_the_pages_ask_few_questions_of_the_database(home) -> None:
    for called in ("Dad", "Aunt", "Granny"):
        a_home(home.phone, called=called)
    for browser, address in (
        (browser_of(home.phone.service), f"/courses/{home.phone.enrolment.label}/young/"),
        (home.browser, "/near/"),
        (home.phone.browser, "/my/seen/"),
        (home.phone.browser, "/my/agree/"),
    ):
        browser.get(address)
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(address).status_code == 200
        reads = [one for one in asked if one["sql"].startswith("SELECT")]
        assert len(reads) <= 15, (address, len(reads))


def test_who_looked_names_a_caregiver_to_the_therapist_too(home) -> None:
    home.get("/near/")

    page = browser_of(home.phone.service).get(f"/courses/{home.phone.enrolment.label}/looks/").content.decode()

    assert "Mum" in page
    assert born(14)
