"""Before a note is signed, what was changed in its draft is seen."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rooms.writing.desk import a_card, begun, text_of
from uuid_utils.compat import uuid7

from openipt.rooms.workspace.sessions.note_changes import Change, changes, nearest, rows_of

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

DRAFT = "Session. 9 of 16.\n\nWork. Done: options. Mood today: 4 of 10."
words = st.lists(st.sampled_from(["He rang.", "She wept.", "Done: options.", "No?", "Mood 4."]), max_size=6)


@given(words, words)
def test_what_is_left_out_and_written_in_makes_the_one_text_of_the_other(draft: list[str], text: list[str]) -> None:
    found = changes(" ".join(draft), "\n".join(text))

    assert sorted([*draft, *(one.words for one in found if one.kind == "in")]) == sorted(
        [*text, *(one.words for one in found if one.kind == "out")]
    )
    assert bool(found) == (sorted(draft) != sorted(text))


def test_a_changed_sentence_is_told_as_it_was_and_as_it_is() -> None:
    text = DRAFT.replace("4 of 10", "5 of 10")

    assert changes(DRAFT, text) == (Change("out", "Mood today: 4 of 10."), Change("in", "Mood today: 5 of 10."))
    assert changes(DRAFT, DRAFT.replace("\n\n", "  \n")) == ()
    assert nearest(["Nothing of it.", DRAFT], text) == DRAFT


def test_a_long_note_is_shown_whole() -> None:
    assert rows_of("word " * 600) > 40


@pytest.fixture
def address(browser, course) -> str:
    label = begun(browser, course)
    browser.post(f"/courses/{course.label}/meetings/{label}/after/", a_card())
    return f"/courses/{course.label}/meetings/{label}/note/"


def test_what_was_changed_stands_on_the_page_before_it_is_signed(browser, address: str) -> None:
    page = unescape(browser.get(address).content.decode())
    assert 'aria-labelledby="h-changed" hidden' in page
    text = page.split('name="text"')[1].split(">", 1)[1].split("</textarea>")[0]

    edited = text.replace("Mood today: 4 of 10.", "Mood today: 5 of 10.")
    browser.post(f"{address}draft/", {"_id": str(uuid7()), "text": edited})

    again = browser.get(address)
    assert 'aria-labelledby="h-changed" hidden' not in again.content.decode()
    assert "Taken out Mood today: 4 of 10. Written in Mood today: 5 of 10." in " ".join(text_of(again).split())


def test_that_what_was_written_is_kept_is_said_once_something_was_written(browser, address: str) -> None:
    kept = re.compile(
        r"<span [^>]*data-when-changed( hidden)?>What you wrote is kept; the other draft stands beside it"
    )
    page = unescape(browser.get(address).content.decode())
    assert kept.search(page)[1]
    text = page.split('name="text"')[1].split(">", 1)[1].split("</textarea>")[0]

    browser.post(f"{address}draft/", {"_id": str(uuid7()), "text": f"{text} He rang."})

    assert not kept.search(browser.get(address).content.decode())[1]
