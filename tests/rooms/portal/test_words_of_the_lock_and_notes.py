"""What is read on the pages of keys, sessions, notes and the way back: grade six or below, no blame, no rush."""

from __future__ import annotations

import pytest
from django.test import Client
from rooms.portal.test_after_the_ending import ended
from rooms.portal.test_between_sessions import a_session
from rooms.portal.test_the_lock import away, lock_up
from rooms.portal.test_words_of_the_portal import RUSH, sentences
from therapy.lessons.test_reading_grade import AMERICAN, GRADE, NEVER, grade

from openipt.post.reminding.mailing import BODY, SUBJECT

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
PAGES = ["/my/", "/my/keys/", "/my/keys/pin/", "/my/keys/secret/", "/my/session/", "/my/notes/"]


@pytest.fixture
def read(phone) -> dict[str, list[str]]:
    a_session(phone, next_in=2)
    pages = {one: phone.text(one) for one in PAGES}
    pages["missing"] = phone.text("/courses/nothing/")
    lock_up(phone)
    pages["with a pin"] = phone.text("/my/keys/")
    away(phone, 1000)
    pages["locked"] = phone.text("/my/")
    pages["help"] = phone.text("/my/help/")
    phone.browser.post("/my/lock/", {"pin": "7302"})
    ended(phone, 10, 60)
    pages["ended"], pages["back"] = phone.text("/my/"), phone.text("/my/back/")
    pages["at the door"] = Client(HTTP_HOST="localhost").get("/in/nothing/").content.decode()
    return {name: sentences(page) for name, page in pages.items()}


def test_every_page_reads_at_grade_six_or_below(read) -> None:
    too_hard = {name: round(grade(found), 1) for name, found in read.items() if len(found) > 2 and grade(found) > GRADE}

    assert too_hard == {}


def test_no_page_blames_or_rushes(read) -> None:
    for name, found in read.items():
        for one in found:
            assert not NEVER.search(one), (name, one)
            assert not AMERICAN.search(one), (name, one)
            assert not RUSH.search(one), (name, one)


def test_the_mail_reads_as_plainly() -> None:
    lines = [one for one in BODY.format(where="").splitlines() if one.endswith(".")]

    assert grade([part.strip(" .") + "." for line in lines for part in line.split(". ")]) <= GRADE
    assert SUBJECT == "You have a note"
