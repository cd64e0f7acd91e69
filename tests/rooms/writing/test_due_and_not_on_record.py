"""What was due and is not on record is said where one signs, and where one prepares the next session."""

from __future__ import annotations

from html import unescape

import pytest
from rooms.writing.desk import a_card, begun, service, text_of
from rooms.writing.test_what_follows_from_the_record import browser, course

__all__ = ["browser", "course", "service"]

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

ALONE = "What is asked alone was due again at this session (asked last on 20 October) and is not on record for it."


def page(browser, address: str) -> str:
    return unescape(text_of(browser.get(address)))


@pytest.fixture
def ninth(browser, course) -> str:
    """The address of a ninth session in which only the card was written."""
    address = f"/courses/{course.label}/meetings/{begun(browser, course)}/"
    assert browser.post(f"{address}after/", a_card(tasks=["MID.01"])).status_code == 302
    return address


def test_a_check_that_ran_out_is_said_on_the_page_of_the_note_and_never_in_its_text(browser, ninth: str) -> None:
    shown = page(browser, f"{ninth}note/")

    assert f"{ALONE} This line is for you: it is no part of the note." in shown
    assert ALONE in page(browser, ninth)
    assert f'asked-alone">{ALONE}' in unescape(browser.get(f"{ninth}note/").content.decode())  # never printed
    assert "asked alone" not in browser.get(f"{ninth}note.txt").content.decode().lower()


def test_what_was_to_end_or_to_be_renewed_is_among_what_is_not_recorded(browser, ninth: str) -> None:
    assert "Not recorded: whether time to recover ends or goes on (agreed until 3 November" in page(
        browser, f"{ninth}note/"
    )


def test_a_questionnaire_of_the_session_that_was_missed_is_said_in_the_note(browser, ninth: str) -> None:
    assert "PHQ-9 and OSF-5 were due and are not on record for this session." in page(browser, f"{ninth}note/")


def test_at_the_next_session_it_is_said_what_was_missed_at_the_last(browser, course, ninth: str) -> None:
    ahead = page(browser, f"/courses/{course.label}/sessions/ahead/")

    assert "OSF-5 was due on " in ahead  # the PHQ-9 is due again, and stands among what is due
    assert "OSF-5: Every" not in ahead
