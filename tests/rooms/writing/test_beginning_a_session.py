"""A session begins, does not take place, or is changed: each is written once, and numbered by what was used."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from rooms.writing.desk import a_session, actor, begun, sessions_of, text_of, today

from openipt.casebook.models import Enrolment, Entry
from openipt.casebook.operations.saving import save_entry

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def test_a_session_begins_and_its_page_opens(browser: Client, course: Enrolment) -> None:
    page = a_session()

    answers = [browser.post(f"/courses/{course.label}/sessions/new/", page) for _ in range(2)]  # sent twice

    [met] = sessions_of(course)
    assert (met.number, met.kind, met.minutes) == (1, "attended", 50)
    assert met.id == page["_id"]
    assert {answer["Location"].partition("?")[0] for answer in answers} == {
        f"/courses/{course.label}/meetings/{met.id}/"
    }
    assert "session 1 of 16" in text_of(browser.get(f"/courses/{course.label}/sessions/1/"))


def test_the_next_number_follows_what_was_used(browser: Client, course: Enrolment) -> None:
    begun(browser, course, kind="double")
    browser.post(f"/courses/{course.label}/sessions/missed/", a_session(kind="no_show", reason="Ill"))
    begun(browser, course)

    assert sorted(met.number for met in sessions_of(course)) == [0, 1, 3]  # a double session is two of the contract


def test_that_nobody_met_takes_the_reason_and_a_button(browser: Client, course: Enrolment) -> None:
    answer = browser.post(
        f"/courses/{course.label}/sessions/missed/",
        a_session(kind="late_cancel", reason="Work", own_words="Night shift"),
    )

    [met] = sessions_of(course)
    assert answer.status_code == 302
    assert (met.kind, met.attended, met.uses) == ("late_cancel", False, 0)
    story = text_of(browser.get(f"/courses/{course.label}/"))
    assert "Work Night shift" in story
    assert "Begin session 1 now" in story


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"day": "2026-02-31"}, "Write the day as"),
        ({"time": "25:61"}, "Write the time as"),
        ({"day": "2199-01-01"}, "This takes a day"),
        ({"kind": "walked_out"}, "not one of the answers"),
        ({"kind": ""}, "Say which kind"),
        ({"minutes": "fifty"}, "a whole number from 0 to 600"),
        ({"modality": "by owl"}, "not one of the answers"),
    ],
)
def test_a_session_that_cannot_begin_says_why_and_keeps_what_was_typed(browser, course, wrong, words) -> None:
    answer = browser.post(f"/courses/{course.label}/sessions/new/", a_session(**wrong))

    assert answer.status_code == 422
    assert words in text_of(answer)
    for text in wrong.values():
        assert not text or text in answer.content.decode()
    assert not sessions_of(course)


def test_a_session_changes_by_a_new_version_of_its_sheet(browser: Client, course: Enrolment) -> None:
    label = begun(browser, course)

    answer = browser.post(
        f"/courses/{course.label}/meetings/{label}/amend/", a_session(kind="phone_check", minutes="10")
    )

    assert answer.status_code == 302
    [met] = sessions_of(course)
    assert (met.kind, met.uses, met.number, met.minutes) == ("phone_check", 0, 0, 10)
    assert Entry.objects.filter(form="session-sheet").count() == 2
    assert "telephone check" in text_of(browser.get(f"/courses/{course.label}/meetings/{label}/")).lower()


def test_a_session_that_is_not_closed_shows_what_was_written_in_it(browser, course) -> None:
    begun(browser, course)
    address = f"/courses/{course.label}/sessions/1/"
    assert "No consent on record yet" in text_of(browser.get(address))

    at, said = timezone.now(), {"treatment": True}
    save_entry(by=actor(course), at=at, enrolment=course.label, form="consent", answers=said)

    assert "No consent on record yet" not in text_of(browser.get(address))


@pytest.mark.parametrize("tail", ["", "sessions/ahead/"])
def test_while_the_session_of_today_is_not_closed_the_first_button_goes_on_with_it(browser, course, tail) -> None:
    label = begun(browser, course, time="00:00")

    page = browser.get(f"/courses/{course.label}/{tail}").content.decode()

    assert "Go on with session 1" in page
    assert f'href="/courses/{course.label}/meetings/{label}/"' in page
    assert "Begin session 2 now" not in page


def test_beginning_another_beside_it_asks_first_and_then_begins(browser, course) -> None:
    begun(browser, course, time="00:00")
    address = f"/courses/{course.label}/sessions/new/"

    asked = browser.post(address, {"_id": str(uuid4()), "_number": "2", "_do": "now"})
    assert asked.status_code == 409
    assert "Session 1 began today" in text_of(asked)
    assert len(sessions_of(course)) == 1

    assert browser.post(address, a_session()).status_code == 302  # the whole page was filled in: it is meant
    assert len(sessions_of(course)) == 2


def test_once_its_card_is_written_the_next_one_can_begin(browser, course) -> None:
    label = begun(browser, course, time="00:00")
    said = {"tasks": ["INI.01"]}
    save_entry(
        by=actor(course), at=timezone.now(), enrolment=course.label, form="session-record", answers=said, about=label
    )

    assert "Begin session 2 now" in browser.get(f"/courses/{course.label}/").content.decode()


def test_known_danger_at_home_stands_beside_the_agreed_step_where_one_looks_ahead(browser, course) -> None:
    said = {"date": today(), "asked_alone": True, "about": ["all_current"], "result": "fear_or_coercion"}
    said |= {"safe_to_raise": "unsure", "source": "INI.01", "by": "T-01"}
    save_entry(by=actor(course), at=timezone.now(), enrolment=course.label, form="violence-check", answers=said)

    page = browser.get(f"/courses/{course.label}/sessions/ahead/").content.decode()

    assert page.index("Fear or coercion") < page.index("What the manual offers")
    assert 'class="flag no-print" id="at-home"' in page  # never on paper
