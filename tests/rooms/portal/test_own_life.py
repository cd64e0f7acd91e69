"""Lessons, my timeline, my goals, staying well: what the client writes there, and who sees it."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from rooms.portal.test_between_sessions import a_session, answers_of
from rooms.portal.test_own_people import somebody
from rooms.portal.test_own_sheets import therapist
from rooms.test_query_counts import MOST, asked

from openipt.casebook.operations.acting import act
from openipt.casebook.operations.beginning import write_course_sheet
from openipt.casebook.operations.changing import begin_thing
from openipt.casebook.operations.standing import restate
from openipt.casebook.queries.record import record
from openipt.rooms.portal.questions.asking import key_of
from openipt.therapy.lessons import lessons
from openipt.therapy.manuals import open_manual

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

GOAL, EVENT, WELL, PLAN = "goals-and-boundaries", "timeline", "went-well", "relapse-plan"
LIMIT = {"not_ok": [{"text": "Shouting"}], "how_i_say_it": "Please stop", "if_crossed": "I leave the room"}
PAGES = ["/my/read/", "/my/life/", "/my/goals/", "/my/well/", "/my/well/now/", "/my/day/"]


def a_goal(phone, **more) -> str:
    made = begin_thing(by=phone.service.actor(), at=timezone.now(), enrolment=phone.enrolment.label, kind="goal")
    phone.write(GOAL, {"scope": "self", "statement": "Say what I need", "baseline": 2, "target": 7, **more}, about=made)
    return made


# ---- lessons ----


def test_lessons_for_clients_are_read_in_their_own_frame(phone) -> None:
    shelf = phone.text("/my/read/")
    keys = re.findall(r'href="/my/read/([0-9a-f]{8})/"', shelf)
    assert len(set(keys)) == len([one for one in lessons() if one.readers == "everyone"])

    page = phone.text(f"/my/read/{key_of('lesson/conflict')}/")

    assert "All close people have conflicts" in page
    assert "The talk has stopped. The first task" in page  # what is said to an answer
    assert "<title>Notes</title>" in page
    assert "conflict" not in f"/my/read/{key_of('lesson/conflict')}/"


def test_an_extra_says_when_to_stop(phone) -> None:
    page = phone.text(f"/my/read/{key_of('lesson/learning-to-relax')}/")

    assert "When to stop" in page
    assert f"/my/sheets/{key_of('calm-practice')}/" in page


def test_no_lesson_for_facilitators_and_none_that_is_not_there(phone) -> None:
    assert phone.get(f"/my/read/{key_of('lesson/ast-1-welcome')}/").status_code == 404
    assert phone.get("/my/read/conflict/").status_code == 404


# ---- my timeline ----


def test_something_that_happened_stands_on_both_lines(phone) -> None:
    a_session(phone, days_ago=200)
    told = phone.send("/my/life/", text="Moved out", date__year="2025", date__month="04", valence="-2", _do="send")

    assert told["Location"] == "/my/life/?told=kept"
    (entry,) = phone.entries(EVENT)
    assert answers_of(entry) == {"mark": "event", "text": "Moved out", "date": "2025-04", "valence": -2}
    assert entry.about
    assert "April 2025" in phone.text("/my/life/")
    assert "Moved out" in therapist(phone).get(f"/courses/{phone.enrolment.label}/").content.decode()


def test_an_event_sent_twice_is_one(phone) -> None:
    said = {"_id": str(uuid4()), "text": "Moved out", "date.year": "2025", "_do": "send"}
    phone.browser.post("/my/life/", said)

    assert phone.browser.post("/my/life/", said)["Location"] == "/my/life/?told=again"
    assert len(phone.entries(EVENT)) == 1


def test_an_event_only_for_the_client(phone) -> None:
    phone.send("/my/life/", text="zebra", date__year="2025", _only_me="1", _do="send")

    assert "zebra" in phone.text("/my/life/")
    assert "zebra" not in therapist(phone).get(f"/courses/{phone.enrolment.label}/").content.decode()


@pytest.mark.parametrize("said", [{"text": "Moved"}, {"date__year": "2025"}, {"text": "Moved", "date__year": "soon"}])
def test_an_event_that_cannot_be_taken_stays_on_the_page(phone, said) -> None:
    told = phone.send("/my/life/", _do="send", **said)

    assert told.status_code == 422
    assert next(iter(said.values())) in told.content.decode()
    assert not phone.entries(EVENT)


# ---- my goals and limits ----


def test_a_goal_of_ones_own(phone) -> None:
    lena = somebody(phone)
    told = phone.send("/my/goals/", statement="Ask before I am cross", scope=lena, target="7", _do="send")

    assert told["Location"] == "/my/goals/?told=kept"
    (entry,) = phone.entries(GOAL)
    assert answers_of(entry) == {"statement": "Ask before I am cross", "scope": lena, "target": 7}
    assert "With Lena" in phone.text("/my/goals/")
    assert "Ask before I am cross" in therapist(phone).get(f"/courses/{phone.enrolment.label}/").content.decode()


def test_where_one_is_now_is_one_tap_and_counts_for_the_session(phone) -> None:
    goal = a_goal(phone)
    a_session(phone, days_ago=3)
    for n in "45":
        phone.send(f"/my/goals/{goal}/now/", now=n)

    first, second, third = phone.entries(GOAL)
    assert answers_of(third) == {**answers_of(first), "ratings": [{"session": 1, "value": 5}]}
    assert third.replaces_id == second.id
    assert "Last time: 5." in phone.text("/my/goals/")


def test_a_tap_twice_is_one_rating(phone) -> None:
    goal, made = a_goal(phone), str(uuid4())
    for _ in range(2):
        told = phone.browser.post(f"/my/goals/{goal}/now/", {"_id": made, "now": "4"})

    assert told["Location"].endswith("told=again")
    assert len(phone.entries(GOAL)) == 2


def test_how_a_limit_went(phone) -> None:
    goal = a_goal(phone, boundary={**LIMIT, "safe_to_say": "no"})
    page = phone.text("/my/goals/")
    assert "Please stop" in page
    assert "safe to say" not in page.lower()

    phone.send(f"/my/goals/{goal}/went/", kept="8", note="It went well")

    said = answers_of(phone.entries(GOAL)[-1])["boundary"]
    today = timezone.localdate().isoformat()
    assert said == {**LIMIT, "safe_to_say": "no", "log": [{"date": today, "kept": 8, "note": "It went well"}]}


def test_a_limit_is_not_made_on_the_phone(phone) -> None:
    goal = a_goal(phone)

    phone.send(f"/my/goals/{goal}/went/", kept="8")
    told = phone.send("/my/goals/", statement="A", _do="send", boundary__how_i_say_it="Stop")

    assert told.status_code == 422
    assert len(phone.entries(GOAL)) == 1


@pytest.mark.parametrize("tail", ["now/", "went/"])
def test_a_goal_of_somebody_else_is_no_page(phone, tail) -> None:
    assert phone.get(f"/my/goals/nobody/{tail}").status_code == 404


# ---- staying well ----


def test_gains_are_collected_as_they_occur_and_reach_the_letter(phone) -> None:
    phone.send("/my/well/", text="I rang Rui first", helped="Sleep", _do="send")
    phone.send("/my/well/", text="zebra", _only_me="1", _do="send")

    page = phone.text("/my/well/")
    assert "I rang Rui first" in page
    assert "zebra" in page
    letter = therapist(phone).get(f"/courses/{phone.enrolment.label}/ending/letter/").content.decode()
    assert "I rang Rui first" in letter
    assert "zebra" not in letter


def test_the_letter_stands_on_the_phone_once_it_was_given(phone) -> None:
    phone.write("gains-letter", {"text": "Dear Robin, canary"})
    assert "canary" not in phone.text("/my/well/")

    page = therapist(phone)
    address = f"/courses/{phone.enrolment.label}/ending/letter/"
    shown = page.get(address).content.decode()
    older = re.search(r'name="_replaces" value="([^"]*)"', shown)[1]
    told = page.post(
        address,
        {
            "_id": str(uuid4()),
            "_replaces": older,
            "text": "Dear Robin, you did this.",
            "given": "in_hand",
            "phone": "yes",
        },
    )

    assert told.status_code == 302
    assert "Dear Robin, you did this." in phone.text("/my/well/")


def test_what_helps_is_two_taps_from_coming_in_and_in_the_clients_words(phone) -> None:
    phone.write("overwhelm-signs", {"signs": [{"text": "Cold hands"}], "helps": [{"text": "The dog"}]})
    phone.write(PLAN, {"what_worked": [{"text": "Asking early"}], "people_plan": [{"person": "Rui", "does": "rings"}]})
    assert 'href="/my/day/"' in phone.text("/my/")

    page = phone.text("/my/day/")

    for words in ("The dog", "Asking early", "Rui: rings", 'href="/my/help/"', 'href="/my/tell/"'):
        assert words in page
    assert "Cold hands" in phone.text("/my/well/")


def test_a_bad_day_without_a_plan_still_has_something_to_hold_on_to(phone) -> None:
    assert "Put both feet on the floor." in phone.text("/my/day/")


@pytest.mark.parametrize(("months", "asked_for"), [(0, False), (1, True), (3, True), (7, True)])
def test_after_the_ending_it_is_asked_again(phone, months, asked_for) -> None:
    ended(phone, months)
    assert ("Say how it is now" in phone.text("/my/")) == asked_for

    told = phone.send("/my/well/now/", note="Quite well", _do="send")

    assert told["Location"] == "/my/well/?told=sent"
    (entry,) = phone.entries("check-in")
    assert answers_of(entry)["note"] == "Quite well"
    assert "Say how it is now" not in phone.text("/my/")
    assert (
        "Quite well" in therapist(phone).get(f"/courses/{phone.enrolment.label}/entries/{entry.id}/").content.decode()
    )


def ended(phone, months: int) -> None:
    """A course that ended some months ago."""
    day = timezone.localdate() - timedelta(days=31 * months)
    known = record(phone.enrolment, naming=False)
    manual = open_manual(known.manual, known.manual_version)
    with act("end_course", by=phone.service.actor().id, at=timezone.now(), owner=phone.enrolment) as it:
        write_course_sheet(it, manual, {"ended_on": day.isoformat()}, timezone.now())
        restate(it, record(phone.enrolment, naming=False), timezone.now())


@pytest.mark.parametrize("address", PAGES)
def test_after_the_ending_each_page_is_there_and_takes_what_comes(phone, address) -> None:
    ended(phone, 2)

    assert phone.get(address).status_code == 200
    phone.send("/my/well/", text="Still well", _do="send")
    assert len(phone.entries(WELL)) == 1


@pytest.mark.parametrize("address", PAGES)
def test_a_page_asks_few_questions_of_the_database(phone, address) -> None:
    for _ in range(3):
        a_goal(phone)
        phone.send("/my/well/", text="One thing", _do="send")

    assert asked(phone.browser, address) <= MOST
