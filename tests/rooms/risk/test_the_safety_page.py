"""The safety plan: one tap from everywhere, on one page, with whom to ring and what the service can promise."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from one_course import DAY, MOST_QUERIES, queries, raise_flag, signed_in, text_of, write

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

PLAN = {
    "warning_signs": [{"text": "I count the hours"}],
    "alone": [{"text": "Walk the dog"}],
    "people_i_can_tell": [{"person": "Rui", "phone": "+00 000 000 04"}],
    "professionals": [{"name": "Crisis line", "phone": "+00 000 000 11", "hours": "day and night"}],
    "emergency_number": "112",
    "safer_discussed": True,
    "reason_to_live": "Noah",
    "made_with": "T-01",
}


def safety(browser: Client, course) -> str:
    answer = browser.get(f"/courses/{course.label}/safety/")
    assert answer.status_code == 200
    return " ".join(text_of(answer).split())


def test_before_there_is_a_plan_the_page_says_when_one_is_made(browser, course) -> None:
    page = safety(browser, course)

    assert "There is no plan yet" in page
    assert "Make the plan together" in page
    assert "Safety conversation" in page


def test_the_plan_stands_in_its_steps_with_numbers_to_ring(browser, service, course) -> None:
    write(service, course, "safety-plan", PLAN)

    page = safety(browser, course)

    steps = [page.index(words) for words in ("I count the hours", "Walk the dog", "Rui", "Crisis line", "Noah")]
    assert steps == sorted(steps)
    assert 'href="tel:+0000000011"' in page
    assert 'href="tel:112"' in page


@pytest.mark.parametrize(("days_ago", "words"), [(3, "To be looked at again by"), (40, "It was to be looked at again")])
def test_a_plan_past_its_review_is_shown_as_due_and_never_hidden(browser, service, course, days_ago, words) -> None:
    write(service, course, "safety-plan", PLAN, happened_at=timezone.now() - days_ago * DAY)

    page = safety(browser, course)

    assert words in page
    assert "I count the hours" in page


def test_it_is_one_tap_from_flag_session_and_course(browser, service, course) -> None:
    from openipt.casebook.operations.sessions import hold_session

    flag = raise_flag(service, course)
    how = {"by": service.actor(), "at": timezone.now(), "enrolment": course.label}
    hold_session(**how, id=uuid4(), number=1, kind="attended", happened_at=timezone.now() - timedelta(hours=1))
    here = f"/courses/{course.label}/"

    for address in (here, f"{here}sessions/1/", f"{here}flags/{flag.id}/"):
        assert f'href="{here}safety/"' in text_of(browser.get(address)), address
    assert f'href="{here}fill/safety-conversation/"' in safety(browser, course)


def test_what_the_service_can_promise_stands_there_in_words(browser, service, course) -> None:
    hours = {day: ["09:00", "17:00"] for day in ("monday", "tuesday", "wednesday", "thursday")}
    service.organisation.promise = {"hours": hours | {"friday": ["09:00", "13:00"]}, "duty": False}
    service.organisation.save()

    page = safety(browser, course)

    assert "This service answers Monday to Thursday from 09:00 to 17:00 and Friday from 09:00 to 13:00." in page
    assert "Outside these hours nobody answers." in page


def test_whoever_leads_a_course_under_a_pseudonym_reads_no_word_of_the_plan(service, course) -> None:
    from openipt.casebook.operations.beginning import take_charge

    write(service, course, "safety-plan", PLAN)
    supervisor = signed_in(service, "S-01", ("supervisor",))
    take_charge(course, service.staff["S-01"].id, "supervision", service.at)

    page = safety(supervisor, course)

    assert "I count the hours" not in page
    assert re.search(r"\bRui\b", page) is None  # a mark of the page may hold these letters by chance
    assert "not open to you" in page


def test_it_prints_without_buttons_and_the_conversation_stays_off_the_paper(browser, service, course) -> None:
    write(service, course, "safety-plan", PLAN)
    talk = {"date": "2026-03-02", "thoughts": 0, "intent": False, "plan": False, "recent_self_harm": False}
    write(service, course, "safety-conversation", talk | {"agreed": "As before", "by": "T-01"})

    page = safety(browser, course)

    assert re.search(r'<section class="asked-alone no-print"[^>]*>\s*<h2[^>]*>Spoken about', page)
    assert "As before" not in page


def test_whoever_has_nothing_to_do_with_the_course_finds_nothing(service, course) -> None:
    assert signed_in(service, "T-77").get(f"/courses/{course.label}/safety/").status_code == 404


def test_the_page_asks_few_questions_however_many_plans_there_were(browser, service, course) -> None:
    address = f"/courses/{course.label}/safety/"
    write(service, course, "safety-plan", PLAN)
    before = queries(browser, address)
    for n in range(5):
        write(service, course, "safety-plan", PLAN, happened_at=timezone.now() - n * DAY)

    assert queries(browser, address) == before <= MOST_QUERIES
