"""Somebody else holds the client's phone, and opens every page of it: what stands there, and what never does.

The pages are not listed by hand: each address of the book is asked for, and each link is followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from casebooks import a_service
from django.core import mail
from django.test import Client
from django.utils import timezone
from evidence.canaries import SONG, answers_full_of_canaries, canary
from evidence.records import kept_until_the_end
from rooms.portal.conftest import Phone, a_phone
from rooms.portal.test_between_sessions import a_session
from rooms.portal.test_own_people import somebody
from rooms.portal.test_own_safe import a_life
from rooms.portal.test_questions import Q, answer, answers_of
from rooms.portal.test_safe_on_the_phone import CALM, FEARED, PLAN
from rooms.portal.walking_about import of_the_room, pattern_of, walk_about

from openipt.casebook.models import Flag
from openipt.casebook.operations.saving import Invalid, save_entry
from openipt.casebook.queries.visible import NotAllowed
from openipt.rooms.portal.questions.asking import JUST_SENT
from openipt.therapy.forms import form_ids, open_form

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
NEEDS_ITS_OWN_WAY = {"safe-contact", "interpersonal-inventory"}  # how the phone shows things; whom the client knows
FORM = re.compile(r"(<form\b[^>]*>)(.*?)</form>", re.DOTALL)
TYPED_INTO = re.compile(r'<textarea|<select|<input(?![^>]*type="(?:hidden|password|image)")')


def pages(phone: Phone, *more: str) -> dict[str, str]:
    """Every page that the phone can reach, with what stands on it and what came before it."""
    return {one: told_by(answer) for one, answer in walk_about(phone.get, *more)}


def told_by(answer: Any) -> str:
    return f"{answer.headers}\n{answer.content.decode()}"


def write_everything(phone: Phone) -> list[str]:
    """The client sends every sheet there is, a word of their own wherever words are taken; return which were taken."""
    taken = []
    for name in form_ids():
        form = open_form(name)
        if "client" not in form.filled_by or name in NEEDS_ITS_OWN_WAY:
            continue
        answers = answers_full_of_canaries(form)
        try:
            save_entry(by=phone.actor(), at=timezone.now(), enrolment=phone.enrolment.label, form=name, answers=answers)
        except (Invalid, NotAllowed):
            continue
        taken.append(name)
    return taken


def begin_everything(phone: Phone) -> None:
    """The client begins the small sheets, and leaves in a hurry with words on each."""
    small = {"/my/talk/": "most", "/my/diary/": "note", "/my/tell/": "words", "/my/goals/": "statement"}
    for address, name in small.items():
        phone.send(address, **{name: canary(), "_do": "leave"})
        phone.browser.force_login(phone.account, backend="openipt.accounts.backend.Backend")


# ---- a phone that only sends


@pytest.fixture
def only_sends(phone: Phone) -> Phone:
    """A phone on which the client wrote all there is to write, and then chose that nothing can be read."""
    somebody(phone, "Lena")
    phone.taken = write_everything(phone)  # type: ignore[attr-defined]
    begin_everything(phone)
    phone.write("safety-plan", PLAN | {"alone": [{"text": canary()}]})
    phone.write("released-sentence", {"sentence": canary(), "entries": 30})
    phone.write("gains-letter", {"text": canary(), "given": "in_hand"}, visibility="shared_with_therapist")
    phone.write("safe-contact", {"way": "write_only", "phone_shared": "often", "take_care": canary()})
    return phone


def test_no_page_of_a_phone_that_only_sends_shows_a_word_that_was_written(only_sends) -> None:
    sent = [f"/my/{place}/{one.id}/" for form in only_sends.taken for one in only_sends.entries(form)
            for place in ("sent", "kept", "written")]  # fmt: skip
    found = pages(only_sends, *sent)

    assert len(only_sends.taken) > 25
    assert len(found) > 100
    assert [one for one, page in found.items() if SONG in page or SONG.lower() in page.lower()] == []


def test_what_it_may_see_is_this_and_no_more(only_sends) -> None:
    """The client chose a phone that sends. Its own names for people stay: without them a note is not three taps."""
    page = only_sends.text("/my/people/")

    assert "Lena" in page
    assert "<svg" not in re.search(r"<main.*?</main>", page, re.DOTALL)[0].partition("Everybody")[0], "no circle"
    assert "You chose that nothing you sent can be read on this phone." in only_sends.text("/my/more/")
    assert "Ask at your clinic" in only_sends.text("/my/looked/"), "who looked is told at the clinic"
    assert "No plan is shown on this phone" in only_sends.text("/my/help/")


def test_an_answer_that_was_given_is_not_marked_where_nothing_may_be_read(phone) -> None:
    phone.write("safe-contact", {"way": "write_only"})
    for number in range(1, 9):
        answer(phone, number, 1)
    answer(phone, 9, 3)

    seen = [phone.text(f"{Q}/{number}/") for number in range(1, 11)]

    assert Flag.objects.count() == 1
    assert not [one for one in seen if "your answer so far" in one or "chosen" in one]


def test_going_back_over_a_question_that_shows_nothing_takes_nothing_away(phone) -> None:
    """A box that stands empty because nothing may be read is no answer that was taken back."""
    phone.write("safe-contact", {"way": "write_only"})
    answer(phone, 1, 2)
    phone.send(f"{Q}/1/")  # pressed on an empty page
    for number in range(2, 11):
        told = answer(phone, number, 0)

    assert told["Location"].startswith("/my/sent/")
    (entry,) = phone.entries("phq-9")
    assert answers_of(entry)["q1"] == 2


def comes_again(phone: Phone, time_machine: Any, later: timedelta) -> None:
    """The client, or whoever holds the phone, is signed in again after a while."""
    time_machine.move_to(timezone.now() + later)
    phone.browser.logout()
    phone.browser.force_login(phone.account, backend="openipt.accounts.backend.Backend")


@pytest.mark.parametrize("told", ["an answer about danger", "a person was asked for"])
def test_help_stands_there_at_once_and_later_nobody_reads_that_it_was_needed(phone, told, time_machine) -> None:
    """The page after a sheet stays in the list of pages that were open. Whoever opens it from there learns nothing."""
    phone.write("safe-contact", {"way": "write_only"})
    if told == "an answer about danger":
        for number in range(1, 10):
            sent = answer(phone, number, 1)
    else:
        sent = phone.send("/my/tell/", asks_for="contact")
    at_once = phone.text(sent["Location"])
    comes_again(phone, time_machine, JUST_SENT + timedelta(minutes=1))

    later = phone.text(sent["Location"])

    assert "When a person sees this" in at_once
    assert "Thank you for telling us" not in later
    assert "When a person sees this" not in later
    assert "Go on" not in later
    assert 'href="/my/help/"' in later, "help stands where it always does"


def test_where_the_client_chose_to_read_the_page_after_a_sheet_stays_as_it_was(phone, time_machine) -> None:
    for number in range(1, 10):
        sent = answer(phone, number, 1)
    comes_again(phone, time_machine, timedelta(hours=1))

    assert "When a person sees this" in phone.text(sent["Location"])


# ---- any phone


def bodies(phone: Phone) -> dict[str, str]:
    """Every page, without the marks that are new each time."""
    marks = re.compile(r'value="[A-Za-z0-9_:.-]{30,}"')
    return {one: marks.sub("", answer.content.decode()) for one, answer in walk_about(phone.get)}


@pytest.mark.parametrize("answered", [FEARED, CALM], ids=["feared", "calm"])
def test_what_was_asked_alone_changes_no_page_that_can_be_reached(phone, answered, monkeypatch) -> None:
    a_life(phone)
    phone.write("intake", {"alias": "Robin"})
    at = timezone.now()
    monkeypatch.setattr("openipt.rooms.portal.hall.doors.timezone.now", lambda: at)
    before = bodies(phone)

    phone.write("violence-check", answered)
    phone.write("safety-conversation", {"plan": answered is FEARED})

    after = bodies(phone)
    assert before.keys() == after.keys()
    assert [one for one in before if before[one] != after[one]] == []


def test_no_address_no_title_and_no_mail_carries_a_word(phone) -> None:
    somebody(phone, "Lena")
    write_everything(phone)
    begin_everything(phone)
    found = dict(walk_about(phone.get))

    assert any(SONG in one.content.decode() for one in found.values()), "this may be read: the search can find"
    for address, shown in found.items():
        assert SONG not in address
        assert SONG not in str(shown.headers), address
        if shown.status_code == 200:
            assert re.findall(r"<title>(.*?)</title>", shown.content.decode()) == ["Notes"], address
    assert SONG not in "".join(one.subject + one.body for one in mail.outbox)


def test_every_page_is_never_to_be_stored(phone) -> None:
    a_life(phone)
    for address, shown in walk_about(phone.get):
        if pattern_of(address).startswith("my/"):
            assert shown["Cache-Control"] == "no-store, private", address


def test_nothing_that_is_typed_or_marked_is_remembered_by_the_browser(phone) -> None:
    """A browser keeps what was typed by the name of the line, and what stood in a form until its window opens again.

    It does neither where the form says so. (Where secrets are typed it keeps nothing by itself.)
    """
    somebody(phone)
    a_session(phone, next_in=1)
    seen = 0
    for address, shown in walk_about(phone.get):
        for form, inside in FORM.findall(shown.content.decode()):
            if address.startswith("/my/") and TYPED_INTO.search(inside):
                assert 'autocomplete="off"' in form, (address, form)
                seen += 1
    assert seen > 30


def test_the_way_in_says_nothing_about_who_came_in_last(phone) -> None:
    phone.browser.post("/my/leave/")
    for address in ("/in/", "/in/first/", "/in/forgotten/", "/away/", "/help/"):
        assert phone.account.username not in phone.text(address)


class TestAfterLeaving:
    @pytest.fixture(scope="class")
    @classmethod
    def lived(cls, django_db_setup, django_db_blocker) -> Iterator[Phone]:
        """A phone with a life behind it, made once for all that only look; rolled back after the last."""
        with django_db_blocker.unblock(), kept_until_the_end():
            phone = a_phone(a_service(timezone.now()))
            a_life(phone)
            assert phone.send("/my/diary/", note="canary", mood="3", _do="send").status_code == 302
            yield phone

    @pytest.mark.parametrize("address", sorted(of_the_room().values()))
    def test_no_address_shows_anything(self, lived, address) -> None:
        phone = replace(lived, browser=Client(HTTP_HOST="localhost"))
        phone.browser.force_login(phone.account, backend="openipt.accounts.backend.Backend")
        assert "canary" in phone.text("/my/diary/"), "whoever has not left is shown it"
        phone.browser.post("/my/leave/")

        answer = phone.get(address)

        assert answer.status_code in (200, 302, 404)
        if address.startswith("/my/"):
            assert answer.status_code == 302, address
        assert "canary" not in told_by(answer)
        assert "Lena" not in told_by(answer)


OF_STAFF = ("", "flags/", "looks/", "safety/", "entries/{e}/", "agreed/alone/")
LISTS = ("/", "/find/?q=a", "/sign-off/", "/leave/", "/courses/new/", "/service/", "/service/people/")
OF_SOMEBODY = ("sent", "written", "kept", "people", "steps")
GUESSED = (*LISTS, *(f"/courses/{{c}}/{one}" for one in OF_STAFF), *(f"/my/{one}/{{e}}/" for one in OF_SOMEBODY))


@pytest.mark.parametrize("address", GUESSED)
def test_a_guessed_address_is_no_way_to_what_was_asked_alone(phone, address) -> None:
    saved = phone.write("violence-check", FEARED)

    answer = phone.get(address.format(c=phone.enrolment.label, e=saved.id))

    assert answer.status_code in (302, 403, 404), address
    assert "<title>Notes</title>" in answer.content.decode() or answer.status_code == 302
    assert "violence" not in told_by(answer).lower()
