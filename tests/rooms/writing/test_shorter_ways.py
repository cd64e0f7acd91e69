"""What comes next is one tap away: the session from the list, the session again from what was typed in it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from rooms.writing.desk import a_card, begun, sessions_of, text_of

from openipt.casebook.queries.record import record

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def begin_form(browser, address: str) -> dict[str, str]:
    """What the button sends that begins a session now."""
    page = browser.get(address).content.decode()
    form = page[page.index("Begin session") - 900 : page.index("Begin session")]
    fields = dict(re.findall(r'<input type="hidden" name="(_\w+)" value="([^"]*)">', form))
    return {**fields, "_do": "now"}


@pytest.mark.parametrize("tail", ["", "sessions/ahead/"])
def test_one_tap_begins_a_session_as_it_usually_is(browser, course, tail) -> None:
    answer = browser.post(
        f"/courses/{course.label}/sessions/new/", begin_form(browser, f"/courses/{course.label}/{tail}")
    )

    [met] = sessions_of(course)
    assert answer["Location"].startswith(f"/courses/{course.label}/meetings/{met.id}/?told=started")
    assert (met.number, met.kind, met.attended, met.minutes, met.modality) == (1, "attended", True, 50, "in_person")


def test_the_tap_sent_twice_begins_one_session(browser, course) -> None:
    sent = begin_form(browser, f"/courses/{course.label}/")
    for _ in range(2):
        browser.post(f"/courses/{course.label}/sessions/new/", sent)

    assert len(sessions_of(course)) == 1


def test_of_two_tabs_the_second_is_told_that_the_session_is_there(browser, course) -> None:
    one, other = (begin_form(browser, f"/courses/{course.label}/") for _ in range(2))
    browser.post(f"/courses/{course.label}/sessions/new/", one)

    late = browser.post(f"/courses/{course.label}/sessions/new/", other)

    assert late.status_code == 409
    assert "There is a session 1 already." in text_of(late)
    assert len(sessions_of(course)) == 1


def test_the_list_leads_to_what_is_to_be_read_before(browser, course) -> None:
    assert f'href="/courses/{course.label}/sessions/ahead/"' in browser.get("/").content.decode()


def test_a_questionnaire_typed_in_a_session_leads_back_to_it_with_its_score(browser, course) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/measures/paper/phq-9/?back={label}"
    assert address in unescape(browser.get(f"/courses/{course.label}/sessions/1/").content.decode())

    answers = {f"q{n}": "1" for n in range(1, 9)} | {"q9": "0"}
    page = browser.get(address).content.decode()
    made = re.search(r'name="_id" value="([^"]+)"', page)[1]
    answer = browser.post(address, {"_id": made, "_do": "save", **answers})

    assert answer["Location"].startswith(f"/courses/{course.label}/sessions/1/?told=typed")
    assert "PHQ-9 was 8 on" in text_of(browser.get(answer["Location"]))


def test_one_that_asks_for_a_person_says_so_first(browser, course) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/measures/paper/phq-9/?back={label}"
    made = re.search(r'name="_id" value="([^"]+)"', browser.get(address).content.decode())[1]

    answers = {f"q{n}": "1" for n in range(1, 10)}
    answer = browser.post(address, {"_id": made, "_do": "save", **answers}, follow=True)

    assert "/measures/paper/" in answer.redirect_chain[-1][0]
    assert "Write the outcome" in text_of(answer)
    assert "Back to session 1" in text_of(answer)


def test_a_signed_note_leads_on(browser, course) -> None:
    label = begun(browser, course)
    browser.post(f"/courses/{course.label}/meetings/{label}/after/", a_card())
    browser.post(f"/courses/{course.label}/meetings/{label}/note/sign/", {"text": "We met."})

    page = text_of(browser.get(f"/courses/{course.label}/meetings/{label}/note/"))

    assert "What comes next" in page
    assert "Go to your courses" in page


def test_how_to_reach_the_client_leads_on_to_the_slip(browser, course) -> None:
    address = f"/courses/{course.label}/fill/safe-contact/"
    made = re.search(r'name="_id" value="([^"]+)"', browser.get(address).content.decode())[1]

    answer = browser.post(address, {"_id": made, "_do": "save", "phone_shared": "only_me", "way": "phone"})

    assert answer["Location"].startswith(f"/courses/{course.label}/invite/")
    assert record(course).says("safe-contact")["way"] == "phone"
