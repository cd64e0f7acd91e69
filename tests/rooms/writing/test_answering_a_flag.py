"""A flag is closed, known, still open or in other hands: always in words, and once."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from casebooks import Service
from django.test import Client
from django.utils import timezone
from rooms.writing.desk import DAY, IN_DANGER, NEVER, actor, outcome, signed_in, text_of, today

from openipt.casebook.models import Flag
from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.flags import flag_told

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def test_the_page_of_a_flag_says_what_was_answered_in_its_own_words_and_whose_task_it_is(browser, course, flag) -> None:
    page = text_of(browser.get(f"/courses/{course.label}/flags/{flag.id}/"))

    assert "was answered “More than half the days”" in page
    assert "Yours" in page
    assert "within four hours" in page
    assert not NEVER.search(page)
    told = flag_told(actor(course), course.label, str(flag.id), timezone.now())
    assert [step.kind for step in told.steps] == ["seen"]


def test_somebody_elses_look_is_not_the_owners(service: Service, course, flag) -> None:
    take_charge(course, service.account("T-02").id, "assigned", service.at)

    signed_in(service, "T-02").get(f"/courses/{course.label}/flags/{flag.id}/")

    assert flag_told(actor(course), course.label, str(flag.id), timezone.now()).steps == ()


def test_an_outcome_is_written_once_and_closes_the_flag(browser: Client, course, flag) -> None:
    address, page = f"/courses/{course.label}/flags/{flag.id}/", outcome(supervisor="1", next_contact=today())
    page["no_conversation"] = "It was asked at once on the telephone."

    for _ in range(2):
        assert browser.post(address + "outcome/", page).status_code == 302

    told = flag_told(actor(course), course.label, str(flag.id), timezone.now())
    assert (told.state, told.waits) == ("closed", False)
    assert [step.words for step in told.steps] == ["Asked alone. No plan, no intent."]
    assert "Asked alone. No plan, no intent." in text_of(browser.get(address))


def test_still_open_is_always_an_answer(browser: Client, course, flag) -> None:
    browser.post(f"/courses/{course.label}/flags/{flag.id}/outcome/", outcome(what="open", words="Rang twice."))

    told = flag_told(actor(course), course.label, str(flag.id), timezone.now())
    assert (told.waits, told.owner_name, told.due_at) == (True, "T-01", flag.due_at)
    assert "Still open" in text_of(browser.get(f"/courses/{course.label}/flags/{flag.id}/"))


def test_known_asks_for_a_plan_that_holds_and_for_a_day_within_four_weeks(browser, service, course, flag) -> None:
    address = f"/courses/{course.label}/flags/{flag.id}/outcome/"
    soon, late = (f"{timezone.now() + n * DAY:%Y-%m-%d}" for n in (20, 40))

    without = browser.post(address, outcome(what="known", review_by=soon))
    assert (without.status_code, "No safety plan on record holds" in text_of(without)) == (422, True)
    plan = {"made_with": "T-01", "review_by": soon, "emergency_number": "112"}
    save_entry(by=service.actor(), at=timezone.now(), enrolment=course.label, form="safety-plan", answers=plan)
    talk = {"date": today(), "thoughts": 0, "intent": False, "plan": False, "recent_self_harm": False}
    talk |= {"agreed": "She rings every day.", "by": "T-01"}
    save_entry(by=service.actor(), at=timezone.now(), enrolment=course.label, form="safety-conversation", answers=talk)
    too_late = browser.post(address, outcome(what="known", review_by=late))
    assert (too_late.status_code, "This takes a day from" in text_of(too_late)) == (422, True)
    assert browser.post(address, outcome(what="known", review_by=soon, assessed="1")).status_code == 302

    told = flag_told(actor(course), course.label, str(flag.id), timezone.now())
    assert (told.state, told.steps[-1].review_by) == ("known", soon)


def test_a_flag_is_handed_to_a_colleague_who_can_then_open_the_course(browser, service, course, flag) -> None:
    other = service.account("T-02")
    colleague = signed_in(service, "T-02")
    address = f"/courses/{course.label}/flags/{flag.id}/"
    due = timezone.now() + timedelta(hours=2)
    page = {"_id": str(uuid4()), "to": str(other.id), "hand_words": "I am in session until six."}
    page |= {"due_day": f"{due:%Y-%m-%d}", "due_time": f"{due:%H:%M}"}
    assert colleague.get(address).status_code == 404

    for _ in range(2):
        assert browser.post(address + "hand-over/", page).status_code == 302

    seen = text_of(colleague.get(address))
    assert "Yours" in seen
    assert "I am in session until six." in seen
    assert colleague.post(address + "outcome/", outcome()).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"to": ""}, "Choose a colleague"),
        ({"to": str(uuid4())}, "not one of the answers"),
        ({"hand_words": ""}, "Write what was done so far"),
        ({"due_day": "2001-01-01"}, "This takes a day from"),
        ({"due_time": "noonish"}, "Write the time as"),
    ],
)
def test_a_flag_that_cannot_be_handed_over_stays_and_says_why(browser, service, course, flag, wrong, words) -> None:
    other = service.account("T-02")
    due = timezone.now() + timedelta(hours=2)
    page = {"to": str(other.id), "hand_words": "Please ring.", "due_day": f"{due:%Y-%m-%d}", "due_time": f"{due:%H:%M}"}

    answer = browser.post(f"/courses/{course.label}/flags/{flag.id}/hand-over/", page | wrong)

    assert answer.status_code == 422
    assert words in text_of(answer)
    assert flag_told(actor(course), course.label, str(flag.id), timezone.now()).owner_name == "T-01"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"words": " "}, "Write in a sentence or two"),
        ({"words": "x" * 4001}, "Up to 4,000 characters"),
        ({"what": ""}, "Say how it stands now"),
        ({"what": "gone"}, "not one of the answers"),
        ({"next_contact": "soon"}, "Write the day as"),
    ],
)
def test_an_outcome_that_cannot_be_taken_says_why_and_keeps_the_words(browser, course, flag, wrong, words) -> None:
    answer = browser.post(f"/courses/{course.label}/flags/{flag.id}/outcome/", outcome(**wrong))

    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "words" in wrong or "Asked alone. No plan, no intent." in answer.content.decode()


def test_a_page_used_twice_for_different_words_loses_neither(browser, course, flag) -> None:
    address, mark = f"/courses/{course.label}/flags/{flag.id}/outcome/", str(uuid4())
    browser.post(address, outcome(_id=mark, what="open", words="Rang, no answer."))

    answer = browser.post(address, outcome(_id=mark, what="open", words="Rang again, spoke with her."))

    assert answer.status_code == 409
    assert "Rang, no answer." in text_of(answer)
    assert "Rang again, spoke with her." in answer.content.decode()


def test_what_waits_is_linked_from_the_caseload_and_the_course_and_says_when_its_time_has_passed(
    browser, service, course
) -> None:
    long_ago = timezone.now() - 5 * DAY
    save_entry(by=service.actor(), at=long_ago, enrolment=course.label, form="phq-9", answers=IN_DANGER)
    flag = Flag.objects.get()

    assert f"/courses/{course.label}/flags/" in browser.get("/").content.decode()
    assert f"/courses/{course.label}/flags/{flag.id}/" in browser.get(f"/courses/{course.label}/").content.decode()
    assert "This time has passed" in text_of(browser.get(f"/courses/{course.label}/flags/{flag.id}/"))
    assert "its time passed" in text_of(browser.get(f"/courses/{course.label}/flags/"))
