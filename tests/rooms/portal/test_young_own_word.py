"""A young person has a say: asked on the phone, in their own words; and sees who sees what."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from rooms.portal.conftest import a_phone
from rooms.portal.test_words_of_the_portal import sentences
from rooms.young.conftest import CANARY, a_home, a_young_phone, born, home, later, law, phone, service
from therapy.lessons.test_reading_grade import GRADE, NEVER, grade

from openipt.casebook.models import Flag

__all__ = ["home", "law", "phone", "service"]
pytestmark = pytest.mark.django_db(databases=["default", "keys"])
ASKED = "Is this all right with you?"
PAGES = ("/my/agree/", "/my/seen/")


def test_when_a_course_begins_their_own_word_is_the_first_thing_of_today(service) -> None:
    phone = a_young_phone(service)

    today = phone.text("/my/")

    assert re.search(r'class="one".*?<h2[^>]*>([^<]+)', today, re.DOTALL)[1] == ASKED
    assert 'href="/my/agree/"' in today


@pytest.mark.parametrize("said", ["yes", "no", "not_sure"])
def test_each_answer_is_taken_and_then_not_asked_again(service, said) -> None:
    phone = a_young_phone(service)

    answer = phone.send("/my/agree/", agrees=said, words=CANARY, _do="send")

    assert answer["Location"] == "/my/seen/?told=sent"
    assert len(phone.entries("assent")) == 1
    assert ASKED not in phone.text("/my/")
    assert CANARY not in phone.text("/my/agree/"), "whoever holds the phone later reads nothing of it"


def test_words_without_an_answer_are_kept_on_the_page(service) -> None:
    phone = a_young_phone(service)

    answer = phone.send("/my/agree/", agrees="of course", words=CANARY, _do="send")

    assert answer.status_code == 422
    assert CANARY in answer.content.decode()
    assert phone.entries("assent") == []


def test_the_same_page_sent_twice_is_one_answer(service) -> None:
    phone = a_young_phone(service)
    given = {"_id": "01900000-0000-7000-8000-000000000001", "agrees": "yes", "_do": "send"}

    first, second = (phone.browser.post("/my/agree/", given) for _ in "12")

    assert (first.status_code, second.status_code) == (302, 302)
    assert len(phone.entries("assent")) == 1


def test_another_answer_under_the_same_id_is_kept_beside_it(service) -> None:
    phone = a_young_phone(service)
    given = {"_id": "01900000-0000-7000-8000-000000000002", "_do": "send"}

    phone.browser.post("/my/agree/", {**given, "agrees": "yes"})

    assert phone.browser.post("/my/agree/", {**given, "agrees": "no"}).status_code == 409


def test_at_the_age_at_which_their_word_counts_for_more_it_is_asked_again(phone, monkeypatch) -> None:
    assert ASKED not in phone.text("/my/")
    phone.write("birth-date", {"born_on": born(16)})  # the birthday is today
    earlier = timezone.now() - timedelta(days=40)
    phone.write("assent", {"agrees": "yes"}, happened_at=earlier, replaces=phone.entries("assent")[0].id)

    assert ASKED in phone.text("/my/")


def test_an_adult_is_asked_none_of_it(service) -> None:
    phone = a_phone(service)

    assert ASKED not in phone.text("/my/")
    assert "Who sees what" not in phone.text("/my/more/")
    assert [phone.get(one).status_code for one in PAGES] == [404, 404]


def test_they_read_who_sees_what_until_when_and_what_never(home) -> None:
    page = home.phone.text("/my/seen/")

    assert "Mum sees" in page
    assert "When the next session is" in page
    assert "It ends on" in page
    assert "is never shown to anybody at home" in page
    assert "Mum sees: when the next session is, how to reach the clinic." in home.phone.text("/my/agree/")


def test_where_nobody_was_let_in_it_says_that_nobody_sees_anything(phone) -> None:
    assert "Nobody at home sees anything here." in phone.text("/my/seen/")
    assert "Nobody at home sees anything here." in phone.text("/my/agree/")

    a_home(phone)

    assert "Nobody at home sees anything here." not in phone.text("/my/seen/")


def test_one_tap_of_theirs_ends_it_and_signs_the_caregiver_out(home) -> None:
    assert home.get("/near/").status_code == 200

    answer = home.phone.send("/my/seen/", who=str(home.account.id))

    assert answer["Location"] == "/my/seen/?told=stopped"
    assert "/in/" in home.get("/near/")["Location"]
    assert "Mum sees nothing any more." in home.phone.text("/my/seen/")
    assert home.phone.send("/my/seen/", who=str(home.account.id)).status_code == 302


def test_nobody_can_be_stopped_who_is_not_theirs(home, service) -> None:
    other = a_home_of_somebody_else(service)

    for who in (str(other.account.id), str(home.phone.account.id), "nobody", ""):
        assert home.phone.send("/my/seen/", who=who).status_code == 404
    assert other.get("/near/").status_code == 200


def a_home_of_somebody_else(service):
    phone = a_young_phone(service)
    said = {"way": "holders", "caregivers": [{"person": "Father"}], "caregivers_see": [{"text": "Days"}]}
    phone.write("consent", said)
    phone.send("/my/agree/", agrees="yes", _do="send")
    return a_home(phone, called="Dad")


def test_what_the_caregiver_saw_is_in_who_looked(home) -> None:
    home.get("/near/")

    page = home.phone.text("/my/looked/")

    assert "Mum saw what you share at " in page
    assert "Mum opened your notes" not in page
    assert "Mum wrote" not in page


@pytest.mark.parametrize("answered", ["result", "calm"])
def test_nothing_the_phone_shows_changes_because_of_a_violence_answer(home, answered, monkeypatch) -> None:
    from rooms.portal.test_safe_on_the_phone import CALM, FEARED

    at = timezone.now()
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)
    before = shown(home)

    home.phone.write("violence-check", {**(FEARED if answered == "result" else CALM), "about": ["all_current"]})

    assert Flag.objects.exists() == (answered == "result")
    assert shown(home) == before


def shown(home) -> dict[str, bytes]:
    marks = rb'value="[A-Za-z0-9_:.-]{30,}"'
    pages = {one: home.phone.get(one).content for one in (*PAGES, "/my/", "/my/more/")}
    return {one: re.sub(marks, b"", page) for one, page in {**pages, "near": home.get("/near/").content}.items()}


def test_the_comparison_could_see_a_difference(home) -> None:
    before = shown(home)
    home.phone.write("consent", {"way": "not_safe", "parent_not_safe": "Seen with the lead", "decided_with": "Lead"})

    assert shown(home) != before


def test_the_route_by_which_they_came_in_cannot_be_read_off_the_phone(service) -> None:
    pages = []
    for way in ("not_safe", "own"):
        phone = a_young_phone(service)
        said = {"parent_not_safe": "Seen with the lead", "decided_with": "Lead"} if way == "not_safe" else {}
        phone.write("consent", {"way": way, **said})
        marks = rb'value="[A-Za-z0-9_:.-]{30,}"'
        pages.append([re.sub(marks, b"", phone.get(one).content) for one in ("/my/", *PAGES)])

    assert pages[0] == pages[1]


def test_the_words_are_plain_and_short(home) -> None:
    every = [line for one in PAGES for line in sentences(home.phone.text(one))]

    assert grade(every) <= GRADE
    assert not [line for line in every if NEVER.search(line)]


def test_a_birthday_in_the_middle_of_the_course_ends_what_others_see(phone, monkeypatch) -> None:
    home = a_home(phone)
    assert home.get("/near/").status_code == 200
    later(monkeypatch, 2 * 366, home, phone)  # sixteen by then

    assert home.get("/near/").status_code == 404
    assert "Mum sees nothing any more." in phone.text("/my/seen/")
    assert ASKED in phone.text("/my/"), "from sixteen on their own word counts for more: it is asked again"
