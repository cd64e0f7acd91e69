"""Whoever is left out stands on no page of insight; and the page on which a service switches it on."""

from __future__ import annotations

import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from casebooks import Service, a_service
from diaries import keep_a_diary
from django.test import Client

from openipt.audit.models import AuditEvent
from openipt.casebook.models import Enrolment, Entry
from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.operations.changing import begin_thing
from openipt.casebook.operations.fitting import refit, switch
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.fits import is_on

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "therapy" / "insight"))
from banned import banned_in

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = AT + timedelta(days=41)


@pytest.fixture
def service(db) -> Service:
    made = a_service(AT)
    made.account("Ida", ("lead", "operator"))
    return made


@pytest.fixture
def course(service: Service) -> Enrolment:
    """A course with a session, a diary of 40 days with Lena, and its fit."""
    switch(organisation=service.organisation, on=True, read_by=service.staff["Ida"].id, read_on=AT.date(), at=AT)
    made = service.begin()
    begin_thing(by=service.actor(), at=AT, enrolment=made.label, kind="person", label="P1")
    sheet(service, made.label)
    begin_thing(by=service.actor(), at=AT, enrolment=made.label, kind="session", label="S01")
    held = {"number": 1, "kind": "attended", "uses": 1, "attended": True}
    save_entry(by=service.actor(), at=AT, enrolment=made.label, form="session-sheet", answers=held, about="S01")
    course = service.enrolment(made.label)
    keep_a_diary(service, course, 40)
    refit(course, AT)
    watching = service.account("Watching", ("supervisor",))
    take_charge(course, watching.id, "supervision", AT)
    return course


def sheet(service: Service, label: str, **said) -> None:
    answers = {"alias": "Lena", "relation": "partner", **said}
    by, form = service.actor(), "interpersonal-inventory"
    save_entry(by=by, at=LATER if said else AT, enrolment=label, form=form, answers=answers, about="P1")


def leave_out(service: Service, course: Enrolment, *, made_anew: bool = True) -> None:
    sheet(service, course.label, leave_out_of_insight=True)
    if made_anew:
        refit(service.enrolment(course.label), LATER)


def browser(service: Service, name: str = "T-01") -> Client:
    client = Client(HTTP_HOST="localhost")
    client.force_login(service.staff[name], backend="openipt.accounts.backend.Backend")
    return client


def words(answer) -> str:
    assert answer.status_code in (200, 422), answer.status_code
    page = answer.content.decode()
    middle = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", middle))


@pytest.mark.parametrize("who", ["T-01", "Watching"])
@pytest.mark.parametrize("made_anew", [True, False], ids=["made anew", "not yet"])
def test_whoever_is_left_out_is_not_on_the_page(service: Service, course, who: str, made_anew: bool) -> None:
    address = f"/courses/{course.label}/insight/"
    before = browser(service, who).get(address).content.decode()
    assert "P1" in before

    leave_out(service, course, made_anew=made_anew)
    answer = browser(service, who).get(address)
    said = words(answer)
    assert "Lena" not in said
    assert "P1" not in said
    assert "person:P1" not in answer.content.decode()
    assert ("One person is left out here, as asked." in said) == made_anew
    assert banned_in(said) == []


def test_nor_on_the_page_of_a_session(service: Service, course) -> None:
    address = f"/courses/{course.label}/sessions/1/"
    before = words(browser(service).get(address))
    assert "days with good contact with Lena" in before

    leave_out(service, course)
    said = words(browser(service).get(address))
    assert "contact with Lena" not in said


def test_no_sentence_about_them_can_be_given_by_hand_either(service: Service, course) -> None:
    leave_out(service, course)
    answer = browser(service).post(f"/courses/{course.label}/insight/give/", {"sentence": "person:P1"})

    assert answer.status_code == 404
    assert not Entry.objects.filter(form="released-sentence").exists()


def test_a_sentence_that_was_given_goes_and_the_therapist_reads_that_it_went(service: Service, course) -> None:
    browser(service).post(f"/courses/{course.label}/insight/give/", {"sentence": "person:P1"})
    assert "tended to go together" in words(browser(service).get(f"/courses/{course.label}/insight/"))

    leave_out(service, course)
    said = words(browser(service).get(f"/courses/{course.label}/insight/"))
    assert "good contact with Lena" not in said
    assert re.search(r"was taken back on 12 April 2026: the person it speaks of is left out now", said)
    session = words(browser(service).get(f"/courses/{course.label}/sessions/1/"))
    assert "The client was told nothing of it." in session
    assert banned_in(said) == []


# ---- switching it on ----


PAGE = "/service/insight/"


def test_a_lead_reads_what_it_is_for_and_switches_it_on(service: Service) -> None:
    reader = browser(service, "Ida")
    before = words(reader.get(PAGE))
    for text in ("Switched off.", "Support for a clinician's judgement", "What it rests on is shown", "emergencies"):
        assert text.replace("'", "&#x27;") in before or text in before
    assert banned_in(before) == []

    answer = reader.post(PAGE, {"to": "on", "read": "yes"})
    assert (answer.status_code, answer["location"]) == (302, PAGE)
    assert "Ida read what it is for on" in words(reader.get(PAGE))
    service.organisation.refresh_from_db()
    assert is_on(service.organisation.promise)


def test_without_having_read_it_nothing_is_switched_on(service: Service) -> None:
    answer = browser(service, "Ida").post(PAGE, {"to": "on"})

    assert answer.status_code == 422
    assert "Tick that you have read what it is for" in words(answer)
    service.organisation.refresh_from_db()
    assert not is_on(service.organisation.promise)


def test_it_is_switched_off_on_the_same_page_and_twice_is_once(service: Service, course) -> None:
    reader = browser(service, "Ida")
    for _ in range(2):
        assert reader.post(PAGE, {"to": "off"}).status_code == 302

    assert AuditEvent.objects.filter(act="switch_insight", why="off").count() == 1
    assert words(reader.get(PAGE)).count("Switched off.") == 1
    assert browser(service).get(f"/courses/{course.label}/insight/").status_code == 404


@pytest.mark.parametrize("to", ["", "sideways", "on"])
def test_what_is_no_answer_switches_nothing_on(service: Service, to: str) -> None:
    answer = browser(service, "Ida").post(PAGE, {"to": to, "read": "no"})

    assert answer.status_code in (302, 422)
    service.organisation.refresh_from_db()
    assert not is_on(service.organisation.promise)


@pytest.mark.parametrize(
    ("name", "roles"),
    [("T-01", ("therapist",)), ("S-01", ("supervisor",)), ("Op", ("operator",)), ("R", ("researcher",))],
)
def test_for_anybody_else_there_is_no_such_page(service: Service, name: str, roles: tuple[str, ...]) -> None:
    service.account(name, roles)
    client = browser(service, name)

    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, {"to": "on", "read": "yes"}).status_code == 404
    assert "switched on" not in words(client.get("/"))


def test_the_way_there_stands_on_the_list_of_whoever_decides(service: Service) -> None:
    assert f'href="{PAGE}"' in browser(service, "Ida").get("/").content.decode()
