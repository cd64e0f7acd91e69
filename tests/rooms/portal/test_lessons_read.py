"""A lesson that was read is noted where the client says so, with what they picked; nobody is told how well they did."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from rooms.portal.test_between_sessions import a_session

from openipt.casebook.models.sealed import read_body
from openipt.casebook.operations.sessions import hold_session
from openipt.rooms.portal.questions.asking import key_of
from openipt.therapy.lessons import lessons, open_lesson

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

NAME = "active-listening"
PAGE = f"/my/read/{key_of(f'lesson/{NAME}')}/"
LESSON = open_lesson(NAME)
JUDGED = re.compile(r"\b(right|wrong|correct|score|points?|\d+ of \d+|passed|failed|not quite)\b", re.IGNORECASE)


def said(entry) -> dict:
    return read_body(entry.scope, "entry", entry.id, bytes(entry.body))["answers"]


def as_therapist(phone) -> Client:
    made = Client(HTTP_HOST="localhost")
    made.force_login(phone.service.staff["T-01"], backend="openipt.accounts.backend.Backend")
    return made


def test_reading_alone_notes_nothing(phone) -> None:
    page = phone.text(PAGE)

    assert "your therapist sees that you read this. It is no test." in page
    assert phone.entries("lesson-read") == []


def test_i_read_this_is_noted_with_what_was_picked_in_its_own_words(phone) -> None:
    told = phone.send(PAGE, picked=["0.2", "0.0"], _do="send")

    (entry,) = phone.entries("lesson-read")
    picked = [LESSON.check[0].answers[n].words for n in (0, 2)]
    assert said(entry) == {
        "lesson": NAME,
        "title": LESSON.title,
        "picked": [{"ask": LESSON.check[0].ask, "words": words} for words in picked],
    }
    assert "Your therapist can see that you read this." in phone.text(told["Location"])


def test_nothing_needs_to_be_picked(phone) -> None:
    phone.send(PAGE, _do="send")

    (entry,) = phone.entries("lesson-read")
    assert said(entry) == {"lesson": NAME, "title": LESSON.title}


def test_pressing_twice_is_once_and_another_pick_is_kept_beside(phone) -> None:
    made = str(uuid4())
    for _ in range(2):
        told = phone.browser.post(PAGE, {"_id": made, "_do": "send", "picked": "0.1"})
    assert "It is there once" in phone.text(told["Location"])

    other = phone.browser.post(PAGE, {"_id": made, "_do": "send", "picked": "0.2"})

    assert other.status_code == 409
    assert len(phone.entries("lesson-read")) == 1


@pytest.mark.parametrize("typed", [{"picked": "9.9"}, {"picked": "yes"}, {"score": "3"}, {"picked": "0.0 "}])
def test_what_is_no_answer_of_the_page_is_named_and_nothing_is_lost(phone, typed) -> None:
    told = phone.browser.post(PAGE, {"_id": str(uuid4()), "_do": "send", **typed})

    assert told.status_code == 422
    assert f"“{next(iter(typed.values()))}” is no answer of this page" in told.content.decode()
    assert phone.entries("lesson-read") == []


def test_what_was_picked_is_there_again_after_signing_in_again(phone) -> None:
    made_for = re.search(r'name="_for" value="([^"]+)"', phone.text(PAGE))[1]
    phone.browser.logout()
    phone.browser.post(PAGE, {"_id": str(uuid4()), "_do": "send", "picked": "0.2", "_for": made_for})
    phone.browser.force_login(phone.account, backend="openipt.accounts.backend.Backend")

    assert 'value="0.2" checked' in phone.text(PAGE)
    assert phone.entries("lesson-read") == []


@pytest.mark.parametrize("one", [one for one in lessons() if one.readers == "everyone"], ids=lambda one: one.id)
def test_every_lesson_can_be_said_to_be_read(phone, one) -> None:
    every = [f"{n}.{m}" for n, check in enumerate(one.check) for m, _ in enumerate(check.answers)]

    told = phone.send(f"/my/read/{key_of(f'lesson/{one.id}')}/", picked=every, _do="send")

    assert told.status_code == 302
    assert len(said(phone.entries("lesson-read")[0])["picked"]) == len(every)


# ---- the therapist's side


def test_the_session_page_says_what_was_read_and_never_how_well(phone) -> None:
    a_session(phone, days_ago=7)
    phone.send(PAGE, picked=["0.2"], _do="send")
    (entry,) = phone.entries("lesson-read")
    now, second = timezone.now(), uuid4()
    how = {"by": phone.service.actor(), "at": now, "enrolment": phone.enrolment.label}
    hold_session(**how, id=second, number=2, kind="attended", happened_at=now)
    therapist, course = as_therapist(phone), f"/courses/{phone.enrolment.label}"

    page = words(therapist.get(f"{course}/meetings/{second}/"))
    sheet = words(therapist.get(f"{course}/entries/{entry.id}/"))

    assert f"Read : {LESSON.title}" in page
    assert LESSON.check[0].answers[2].words in sheet
    assert not JUDGED.search(sheet)


def words(answer) -> str:
    assert answer.status_code == 200
    body = answer.content.decode()
    text = re.sub(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", " ", body[body.index("<main") :], flags=re.S)
    return " ".join(text.split())
