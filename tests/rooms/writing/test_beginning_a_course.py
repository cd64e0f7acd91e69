"""A course begins after the manual's own questions, and moves to another manual with a reason."""

from __future__ import annotations

import pytest
from casebooks import Service
from django.test import Client
from rooms.writing.desk import a_client, text_of

from openipt.casebook.models import Enrolment, Entry
from openipt.casebook.queries.record import record

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def test_a_course_begins_after_the_manuals_own_questions(browser: Client, service: Service) -> None:
    asked = browser.post("/courses/new/", a_client(_do="ask"))
    assert "Another treatment is the first choice, if" in text_of(asked)
    assert not Enrolment.objects.exists()

    begun = browser.post("/courses/new/", a_client(rule_psychosis="no", rule_ptsd="unsure"))

    course = Enrolment.objects.get()
    assert begun["Location"] == f"/courses/{course.label}/"
    known = record(course)
    assert (known.manual, known.age, known.pronouns) == ("ipt-classic", 34, "she/her")
    assert known.says("intake")["alias"] == "Robin"
    answers = known.says("eligibility-check")["answers"]
    assert answers == [{"rule": "psychosis", "answer": "no"}, {"rule": "ptsd", "answer": "unsure"}]


def test_that_another_treatment_is_the_first_choice_is_said_before_a_course_begins(browser, service) -> None:
    refused = browser.post("/courses/new/", a_client(rule_ptsd="yes"))

    assert refused.status_code == 422
    assert "Say it to the client first" in text_of(refused)
    assert not Enrolment.objects.exists()
    why = "I want to begin with what is between me and my brother."
    assert browser.post("/courses/new/", a_client(rule_ptsd="yes", told_elsewhere="1", chosen_because=why))
    said = record(Enrolment.objects.get()).says("eligibility-check")
    assert (said["told_elsewhere"], said["chosen_because"]) == (True, why)


def test_a_client_sent_twice_is_one_client(browser: Client, service: Service) -> None:
    page = a_client()

    answers = [browser.post("/courses/new/", page) for _ in range(2)]

    assert Enrolment.objects.count() == 1
    assert answers[0]["Location"] == answers[1]["Location"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"called": "  "}, "Write what the client is called"),
        ({"called": "x" * 61}, "Up to 60 characters"),
        ({"manual": "ipt-none"}, "not one of the answers"),
        ({"manual": ""}, "Choose a treatment"),
        ({"age": "-3"}, "a whole number from 5 to 120"),
        ({"began_on": "tomorrow"}, "Write the day as 2025-10-27"),
        ({"rule_ptsd": "perhaps"}, "not one of the answers"),
        ({"called": "Ro\0bin"}, "cannot be kept"),
    ],
)
def test_a_course_that_cannot_begin_says_why_and_keeps_what_was_typed(browser, service, wrong, words) -> None:
    answer = browser.post("/courses/new/", a_client(**wrong))

    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "she/her" in answer.content.decode()
    assert not Enrolment.objects.exists()


def test_in_a_service_of_invented_people_the_page_says_so(browser: Client, service: Service) -> None:
    assert "Only invented people here" in text_of(browser.get("/courses/new/"))


def test_a_course_moves_to_another_manual_with_a_reason_and_what_changes_is_shown(browser, course) -> None:
    address = f"/courses/{course.label}/move/"
    assert "What would change" in text_of(browser.get(address + "?to=ipt-phone"))
    assert browser.post(address, {"to": "ipt-phone", "why": " "}).status_code == 422
    assert record(course).manual == "ipt-classic"

    for _ in range(2):
        assert browser.post(address, {"to": "ipt-phone", "why": "She moved away."}).status_code == 302

    assert record(course).manual == "ipt-phone"
    assert Entry.objects.filter(form="course-sheet").count() == 2
