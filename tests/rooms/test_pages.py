"""Every page of every worked course answers, says what it should, and never what it must not."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape

import pytest
from casebooks import all_cases
from django.test import Client

from openipt.casebook.queries.courses import open_course
from openipt.casebook.queries.record import record
from openipt.rooms.ui.gallery import examples
from openipt.therapy.forms import form_ids, open_form
from openipt.therapy.manuals import manual_ids
from openipt.therapy.record import Record

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

NEVER = re.compile(
    r"high risk|low risk|moderate risk|risk level|non-?compliant|\bfailed\b|because of|!</", re.IGNORECASE
)


def courses() -> dict[str, Record]:
    """Every worked course by its label."""
    return {record.enrolment: record for case in all_cases() for record in case.records}


def text_of(response) -> str:
    """The words of a page, without its marks."""
    page = response.content.decode()
    page = re.sub(r"<(style|script)\b.*?</\1>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def session_pages() -> list[str]:
    return [f"/courses/{name}/sessions/{s.number}/" for name, one in courses().items() for s in one.sessions]


def days() -> list[date]:
    return [date(2025, 8, 1) + timedelta(weeks=3 * n) for n in range(20)]


@pytest.mark.parametrize("day", days(), ids=str)
def test_the_caseload_of_any_day_answers_and_labels_nobody(visitor, day):
    response = visitor.get(f"/?on={day}")

    assert response.status_code == 200
    assert "Your courses" in text_of(response)
    assert not NEVER.search(text_of(response))


@pytest.mark.parametrize("name", list(courses()))
@pytest.mark.parametrize("day", [None, date(2025, 9, 10), date(2025, 10, 27), date(2026, 7, 20)], ids=str)
def test_the_story_of_any_course_on_any_day_answers(visitor, name, day):
    response = visitor.get(f"/courses/{name}/" + (f"?on={day}" if day else ""))

    assert response.status_code == 200
    assert f"<h1>{courses()[name].says('intake')['alias']}</h1>" in response.content.decode()


@pytest.mark.parametrize("address", session_pages())
def test_every_session_shows_its_moments(visitor, address):
    response = visitor.get(address)

    assert response.status_code == 200
    said = text_of(response)
    assert "Opening question" in said
    assert "After the session" in said
    assert "The note, drafted from this session" in said
    assert not re.search(r"high risk|low risk|risk level", said, re.IGNORECASE)


def test_where_single_answers_of_a_questionnaire_are_told_its_owner_is_named(visitor):
    page = unescape(text_of(visitor.get("/courses/C02/sessions/8/")))

    assert "answers changed" in page
    assert " ".join(open_form("phq-9").terms.attribution.split()) in page


def test_a_page_of_an_early_day_knows_nothing_of_later_ones(visitor):
    early = text_of(visitor.get("/courses/C02/?on=2025-09-30"))

    assert "Decision point 4" in early
    assert "Decision point 8" not in early
    assert "sertraline" not in early


def test_the_caseload_puts_the_decision_of_the_day_first_and_makes_no_task_of_what_is_known(visitor):
    page = visitor.get("/?on=2025-10-27").content.decode()

    assert page.index("Mateo") < page.index("Hanna")
    assert "Decision point 8 falls due at this session" in page
    assert "no outcome yet" not in page  # the same answer as before, assessed, and the plan is current


@pytest.mark.parametrize("name", form_ids())
def test_every_form_can_be_shown_with_its_owner_named(visitor, name):
    response = visitor.get(f"/forms/{name}/")
    form = open_form(name)

    assert response.status_code == 200
    said = text_of(response)
    assert " ".join(form.terms.attribution.split()) in " ".join(unescape(said).split())
    if form.wording == "licence_needed":
        assert "The wording is not on this shelf" in said
    if form.wording == "noncommercial_only":
        assert "The wording is for non-commercial use" in said


def test_what_only_staff_may_ask_is_not_on_the_clients_sheet(visitor):
    client, staff = (text_of(visitor.get(f"/forms/interpersonal-inventory/{ask}")) for ask in ("", "?for=staff"))

    assert "Safety, asked alone" in staff
    assert "Safety, asked alone" not in client


@pytest.mark.parametrize("name", list(courses()))
def test_every_entry_of_a_course_opens(visitor, clinic, name):
    actor = clinic.actor("Everybody", ("therapist", "facilitator"))
    for entry in open_course(actor, name, clinic.at).record.entries:
        if entry.form in form_ids():
            assert visitor.get(f"/courses/{name}/entries/{entry.id}/").status_code == 200, entry.id


def test_a_talk_is_shown_as_a_talk_with_the_line_that_replaces_another(visitor, clinic):
    talk = record(clinic.enrolment("C02")).of("communication-analysis")[-1]
    said = text_of(visitor.get(f"/courses/C02/entries/{talk.id}/"))

    assert "Would say now I was afraid you would say no, so I did not ask." in said
    assert "Here it turned" in said


@pytest.mark.parametrize("name", manual_ids())
def test_every_manual_reads_as_a_page_with_its_evidence(visitor, name):
    said = text_of(visitor.get(f"/manuals/{name}/"))

    assert "Not this treatment now" in said
    assert "Evidence and sources" in said


@pytest.mark.parametrize(
    "address",
    ["/nope", "/courses/C99/", "/courses/C02/sessions/99/", "/forms/x/", "/manuals/x/", "/courses/C02/entries/x/"],
)
def test_an_address_that_leads_nowhere_says_so_in_plain_words(visitor, address):
    response = visitor.get(address)

    assert response.status_code == 404
    assert "Back to the caseload" in text_of(response)


@pytest.mark.parametrize("day", ["tomorrow", "2025-13-01", "0001-01-01", "9999-12-31", "<script>", "2025-10-27T10:00"])
def test_a_day_that_is_none_is_named_and_refused(visitor, day):
    response = visitor.get("/", {"on": day})

    assert response.status_code == 400
    assert "<script>" not in response.content.decode()


def test_every_page_forbids_what_it_does_not_need(visitor):
    response = visitor.get("/")

    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert "<script" not in response.content.decode()
    assert 'style="' not in response.content.decode()


def test_another_machine_is_not_served():
    assert Client(HTTP_HOST="openipt.example.org").get("/").status_code == 400


def test_every_component_has_examples_and_draws_them():
    drawn = dict(examples())

    assert set(drawn) >= {"state"}
    assert all(example.html.strip() for found in drawn.values() for example in found)


def test_the_tabs_keep_the_day_and_lead_to_the_newest_session_by_then(visitor):
    page = visitor.get("/courses/C02/?on=2025-10-27").content.decode()
    assert 'href="/courses/C02/people/?on=2025-10-27"' in page
    assert 'href="/courses/C02/sessions/8/"' in page.split("</nav>")[1] + page.split("</nav>")[2]
    people = visitor.get("/courses/C02/people/?on=2025-10-27").content.decode()
    assert "As known on" in people
    assert 'href="/courses/C02/?on=2025-10-27"' in people
    assert visitor.get("/courses/C02/people/?on=yesterday").status_code == 400


def test_gates_are_named_by_what_they_ask_for(visitor):
    page = visitor.get("/courses/C02/").content.decode()
    assert "Answers about danger spoken about" in page
    assert "Openflag" not in page


@pytest.mark.parametrize(
    ("manual", "words"),
    [
        ("ipsrt", "and on until its tasks are done"),
        ("ipt-classic", "afterwards, a course of its own: ipt-m"),
        ("ipt-b", "before the first session"),
    ],
)
def test_a_manuals_page_says_when_each_phase_is(visitor, manual: str, words: str) -> None:
    assert words in text_of(visitor.get(f"/manuals/{manual}/"))
