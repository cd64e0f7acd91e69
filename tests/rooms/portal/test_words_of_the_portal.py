"""What a tired person reads on the phone: reading grade 6 or below, no blame, nobody is rushed."""

from __future__ import annotations

import re
from html import unescape
from uuid import uuid4

import pytest
from rooms.portal.test_between_sessions import a_session
from rooms.portal.test_questions import Q, answer
from rooms.portal.test_safe_on_the_phone import PAGES, filled
from therapy.lessons.test_reading_grade import AMERICAN, GRADE, NEVER, grade

from openipt.therapy.words import catalogue

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

MORE = ["/in/", "/in/first/", "/in/forgotten/", "/away/", "/help/", "/my/steps/nobody/"]
RUSH = re.compile(r"\b(?:hurry|streak|overdue|late again|missed|must)\b|\bdays in a row\b", re.IGNORECASE)
OTHERS_WORDS = re.compile(r"<(?:legend|label|h1)[^>]*>.*?</(?:legend|label|h1)>|<span>.*?</span>", re.DOTALL)


def sentences(page: str) -> list[str]:
    """The whole sentences of a page's text; names, answers and headings would make it look plainer than it is."""
    body = OTHERS_WORDS.sub(" ", page[page.index("<main") : page.index("</main>")])
    lines = re.sub(r"</?(?:p|li|h[1-6]|div|button|summary|section|form|fieldset|dd|dt|option)\b[^>]*>", "\n", body)
    text = unescape(re.sub(r"<[^>]+>", " ", lines))
    passages = [" ".join(line.split()) for line in text.splitlines()]
    found = [one for line in passages for one in re.split(r"(?<=[.?])\s+", line)]
    return [one for one in found if re.search(r"[.?]$", one) and len(one.split()) > 1]


@pytest.fixture
def every_page(phone) -> dict[str, str]:
    a_session(phone, next_in=1, step="Ring Petra")
    filled(phone, "phone")
    step = re.search(r'href="(/my/steps/[^"]+)"', phone.text("/my/"))[1]
    pages = {one: phone.text(one) for one in [*PAGES, *MORE, step]}
    for number in range(1, 10):
        told = answer(phone, number, 2)
    pages["danger"] = phone.text(told["Location"])
    pages["told"] = phone.text(phone.send("/my/tell/", asks_for="contact")["Location"])
    made = str(uuid4())
    for mood in "35":
        both = phone.browser.post("/my/diary/", {"_id": made, "mood": mood, "_do": "send"})
    pages["both"] = both.content.decode()
    pages["wrong"] = phone.send("/my/diary/", mood="11", _do="send").content.decode()
    phone.send("/my/pause/")
    pages["paused"] = phone.text("/my/")
    filled(phone, "paper")
    pages["paper"] = phone.text("/my/")
    return pages


def test_the_client_texts_read_at_grade_six_or_below(every_page) -> None:
    read = {name: sentences(page) for name, page in every_page.items()}
    assert len(read["danger"]) > 5
    too_hard = {name: round(grade(found), 1) for name, found in read.items() if len(found) > 2 and grade(found) > GRADE}

    assert too_hard == {}
    assert grade([one for found in read.values() for one in found]) <= 5


def test_no_page_blames_rushes_or_claims(every_page) -> None:
    for name, page in every_page.items():
        for one in sentences(page):
            assert not NEVER.search(one), (name, one)
            assert not AMERICAN.search(one), (name, one)
            assert not RUSH.search(one), (name, one)


def test_the_sentences_of_the_client_read_as_plainly() -> None:
    lines = [text for name, text in catalogue().lines.items() if name.startswith("portal.") and isinstance(text, str)]
    whole = [re.sub(r"\{[^}]*\}", "Monday", one) for one in lines if one.endswith(".")]

    assert len(whole) > 15
    assert grade([part for one in whole for part in re.split(r"(?<=\.)\s+", one)]) <= GRADE


def test_the_question_page_names_its_place_among_the_others(phone) -> None:
    assert "1 of 10" in phone.text(f"{Q}/1/")
