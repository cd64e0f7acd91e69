"""Goals stand with whom they are about, and ask what changes where they stay."""

from __future__ import annotations

import pytest
from django.test import Client
from rooms.agreeing.desk import address, hold, saved, send, text_of

from openipt.casebook.models import Enrolment, Thing
from openipt.casebook.operations.changing import begin_thing
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.record import record

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def a_goal(browser: Client, course: Enrolment, **typed) -> str:
    said = {"scope": "self", "statement": "Four evenings out a week", "baseline": "2", "target": "8", **typed}
    saved(send(browser, course, "goal/", **said))
    return record(course).goals[-1].id


def test_goals_stand_with_the_person_they_are_about(service, browser, course) -> None:
    person = begin_thing(by=service.actor(), at=service.at, enrolment=course.label, kind="person")
    save_entry(
        by=service.actor(),
        at=service.at,
        enrolment=course.label,
        form="interpersonal-inventory",
        answers={"alias": "Lena", "relation": "partner"},
        about=person,
    )
    a_goal(browser, course)
    a_goal(browser, course, scope=person, statement="Say what the project meant")

    page = text_of(browser.get(address(course)))

    order = [page.index(words) for words in ("For the client alone", "Four evenings", "Lena", "Say what the project")]
    assert order == sorted(order)


def test_two_reviews_without_movement_ask_what_changes_until_it_is_said(service, browser, course) -> None:
    goal = a_goal(browser, course)
    story = f"/courses/{course.label}/"
    for number in (1, 2):
        hold(service, course, number)
        saved(send(browser, course, f"goal/{goal}/", _now="2"))

    asks = "has stayed at 2 of 10 in two reviews. Change the goal, the plan or what is hoped for?"
    for page in (address(course), story):
        assert asks in text_of(browser.get(page))
        assert f"/agreed/goal/{goal}/" in browser.get(page).content.decode()
    assert "Two reviews found it where it was. What changes?" in text_of(
        browser.get(address(course, f"goal/{goal}/"), follow=True)
    )
    saved(
        send(
            browser,
            course,
            f"goal/{goal}/",
            _stuck="expectation",
            _stuck_words="Two evenings are good enough",
            size="too_big",
            in_my_hands="yes",
            target="5",
        )
    )

    said = record(course).says("goals-and-boundaries", goal)
    assert said["changes"] == [{"session": 2, "what": "expectation", "words": "Two evenings are good enough"}]
    assert (said["size"], said["in_my_hands"], said["target"]) == ("too_big", True, 5)
    assert [row["value"] for row in said["ratings"]] == [2, 2]
    for page in (address(course), story):
        assert asks not in text_of(browser.get(page))


def test_a_goal_for_nobody_comes_back(browser, course) -> None:
    answer = send(browser, course, "goal/", statement="Walk")

    assert answer.status_code == 422
    assert "Say for whom" in text_of(answer)
    assert not Thing.objects.filter(kind="goal").exists()
