"""The note is drafted from the record, edited, signed, added to; nothing that was written in it is lost."""

from __future__ import annotations

import re
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client
from rooms.writing.desk import a_card, begun, text_of

from openipt.casebook.models import Draft, Enrolment, Entry

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def test_the_note_is_drafted_signed_added_to_and_taken_along_as_plain_text(browser: Client, course: Enrolment) -> None:
    label = begun(browser, course)
    browser.post(f"/courses/{course.label}/meetings/{label}/after/", a_card())
    address = f"/courses/{course.label}/meetings/{label}/note"
    assert "Unsigned note" in text_of(browser.get(f"/courses/{course.label}/"))
    assert "Work. Done: " in text_of(browser.get(address + "/"))
    assert browser.get(address + ".txt").content.decode().startswith("DRAFT, NOT SIGNED")

    for _ in range(2):
        assert browser.post(address + "/sign/", {"text": "Session 1.\r\nDone: intake."}).status_code == 302
    added = {"_id": str(uuid4()), "addendum": "The doctor rang back."}
    for _ in range(2):
        assert browser.post(address + "/add/", added).status_code == 302

    plain = browser.get(address + ".txt")
    assert plain["Content-Type"] == "text/plain; charset=utf-8"
    text = plain.content.decode()
    assert "Session 1.\nDone: intake." in text
    assert text.count("The doctor rang back.") == 1
    assert "Signed by T-01" in text
    assert "Unsigned note" not in text_of(browser.get(f"/courses/{course.label}/"))


def note_in(answer) -> str:
    """The text that would be signed."""
    return unescape(re.search(r'name="text"[^>]*>([^<]*)</textarea>', answer.content.decode())[1])


def test_names_and_the_clients_words_enter_the_note_by_a_tap(browser: Client, course: Enrolment) -> None:
    label = begun(browser, course)
    browser.post(f"/courses/{course.label}/meetings/{label}/after/", a_card())
    address = f"/courses/{course.label}/meetings/{label}/note/"

    assert "the quarrel on Wednesday" not in note_in(browser.get(address))
    assert "the quarrel on Wednesday" in note_in(browser.get(address + "?words=1"))
    assert "the quarrel on Wednesday" not in browser.get(address[:-1] + ".txt").content.decode()


def test_names_and_words_are_read_beside_the_note_and_none_of_them_is_in_what_is_signed(browser, course) -> None:
    label = begun(browser, course)
    browser.post(f"/courses/{course.label}/meetings/{label}/after/", a_card())
    address = f"/courses/{course.label}/meetings/{label}/note/"
    beside = re.compile(r'<details class="to-read[^"]*" data-remembered="note-[^"]+">(.*?)</details>', re.DOTALL)

    page = browser.get(address)

    assert "the quarrel on Wednesday" in beside.search(page.content.decode())[1]
    assert "the quarrel on Wednesday" not in note_in(page)
    assert not beside.search(browser.get(f"{address}?people=1&words=1").content.decode())  # it reads so already


def test_a_note_signed_in_another_tab_stands_and_nothing_typed_is_lost(browser: Client, course: Enrolment) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/meetings/{label}/note/"
    browser.post(address + "sign/", {"text": "As it was."})

    second = browser.post(address + "sign/", {"text": "As I saw it later."})

    assert second.status_code == 409
    assert "signed meanwhile" in text_of(second)
    assert "As I saw it later." in second.content.decode()
    assert Entry.objects.filter(form="session-note").count() == 1


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001, "a\0b"])
def test_a_note_that_cannot_be_signed_says_why(browser: Client, course: Enrolment, text: str) -> None:
    label = begun(browser, course)

    answer = browser.post(f"/courses/{course.label}/meetings/{label}/note/sign/", {"text": text})

    assert answer.status_code == 422
    assert not Entry.objects.filter(form="session-note").exists()


def test_what_was_edited_in_a_note_is_there_again_and_another_draft_stands_beside_it(browser, course) -> None:
    label = begun(browser, course)
    browser.post(f"/courses/{course.label}/meetings/{label}/after/", a_card())
    address = f"/courses/{course.label}/meetings/{label}/note/"
    page = browser.get(address).content.decode()
    marks = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("_id", "_drafted")}

    sent = browser.post(address + "sign/", {**marks, "text": "My own words.", "_then": "words"})  # no script

    assert sent["Location"] == address + "?words=1"
    beside = browser.get(sent["Location"]).content.decode()
    assert re.search(r'name="text"[^>]*>My own words\.</textarea>', beside)
    assert "The other draft" in beside
    assert "the quarrel on Wednesday" in beside
    assert re.search(r'name="text"[^>]*>My own words\.</textarea>', browser.get(address).content.decode())
    assert not Entry.objects.filter(form="session-note").exists()
    browser.post(address + "drop/", {"_id": marks["_id"], "_drafting": "words"})
    assert "My own words." not in browser.get(address).content.decode()


def test_a_draft_that_nobody_changed_gives_way_to_the_one_asked_for(browser: Client, course: Enrolment) -> None:
    label = begun(browser, course)
    browser.post(f"/courses/{course.label}/meetings/{label}/after/", a_card())
    address = f"/courses/{course.label}/meetings/{label}/note/"
    page = browser.get(address).content.decode()
    text = re.search(r'name="text"[^>]*>([^<]*)</textarea>', page)[1]
    marks = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("_id", "_drafted")}

    sent = browser.post(address + "sign/", {**marks, "text": unescape(text).replace("\n", "\r\n"), "_then": "words"})

    shown = browser.get(sent["Location"]).content.decode()
    assert "The other draft" not in shown
    assert "the quarrel on Wednesday" in re.search(r'name="text"[^>]*>([^<]*)</textarea>', shown)[1]
    assert not Draft.objects.filter(form="session-note").exists()


def test_a_corrected_card_changes_the_page_and_a_signed_note_says_that_it_is_older(browser, course) -> None:
    label = begun(browser, course)
    card, address = f"/courses/{course.label}/meetings/{label}/after/", f"/courses/{course.label}/sessions/1/"
    nothing_else = {"mood": "", "_step_text": ""}  # they would be done on the agenda, too
    first = a_card(tasks=["INI.01"], **nothing_else)
    browser.post(card, first)
    browser.post(f"/courses/{course.label}/meetings/{label}/note/sign/", {"text": "Done: safety."})
    assert browser.get(address).content.decode().count('class="task done"') == 1

    browser.post(card, a_card(tasks=[], **nothing_else, _replaces=first["_id"]))

    page = browser.get(address)
    assert 'class="task done"' not in page.content.decode()
    assert "changed after this note was signed" in text_of(page)


def test_what_was_said_when_death_was_asked_about_stands_in_the_note_in_a_word(browser, course) -> None:
    label = begun(browser, course)
    browser.post(f"/courses/{course.label}/meetings/{label}/after/", a_card(safety_said="none_said"))

    note = text_of(browser.get(f"/courses/{course.label}/meetings/{label}/note/"))
    assert "asked about, aloud; none said." in note
    assert "Mood today: 4 of 10." in note
    assert "Next date: Monday 30 November 2026, 17:00." in note
    assert re.search(r"PHQ-9, .* were due and are not on record for this session\.", note)


NOT_IN_IT = "The sentence on mood and event is not in this draft: it enters “With the client’s words”."


def test_a_draft_says_that_the_sentence_on_mood_and_event_is_left_out_and_where_it_enters(browser, course) -> None:
    label = begun(browser, course)
    address = f"/courses/{course.label}/meetings/{label}/"
    browser.post(f"{address}after/", a_card())

    assert NOT_IN_IT in text_of(browser.get(f"{address}note/"))
    assert NOT_IN_IT not in text_of(browser.get(f"{address}note/?words=1"))

    kept = {"_id": str(uuid4()), "text": "Written by hand: Mood 4; the quarrel on Wednesday. She slept."}
    browser.post(f"{address}note/draft/", kept)
    assert NOT_IN_IT not in text_of(browser.get(f"{address}note/"))


def test_a_draft_without_such_a_sentence_says_nothing_of_it(browser, course) -> None:
    address = f"/courses/{course.label}/meetings/{begun(browser, course)}/"
    browser.post(f"{address}after/", a_card(mood_event_link=""))

    assert "sentence on mood and event" not in text_of(browser.get(f"{address}note/"))
