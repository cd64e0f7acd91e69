"""A link in a mail opens one questionnaire until it runs out, and nothing else; what it brings is in the record."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from openipt.casebook.models import Entry, Flag
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.queries.verifying import verify_record
from openipt.post.models import Reminder, ReminderStep
from openipt.post.reminding.keeping import make, move
from openipt.post.reminding.mailing import token_of
from openipt.post.reminding.planning import Wanted

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
CALM = {f"q{n}": "1" for n in range(1, 9)} | {"q9": "0"}
GRAVE = CALM | {"q9": "2"}


@pytest.fixture
def course(service):
    """A course whose client has no account at all."""
    return service.begin()


@pytest.fixture
def sent(course) -> Reminder:
    at = timezone.now()
    one = Wanted("questions", "x", at.replace(tzinfo=None), at, at + timedelta(days=1), "phq-9")
    row = make(one, course.id, course.organisation, "UTC", at)
    move(row.id, ("due",), "sent", at, sent_at=at)
    return row


def browser() -> Client:
    return Client(HTTP_HOST="localhost")


def address(one: Reminder) -> str:
    return f"/n/{token_of(one.id)}/"


def states(one: Reminder) -> list[str]:
    return list(ReminderStep.objects.filter(reminder=one).order_by("at", "id").values_list("state", flat=True))


def test_from_the_mail_to_the_record_without_a_name_and_a_secret(course, sent) -> None:
    one, here = browser(), address(sent)

    landing = one.get(here).content.decode()
    assert "You have a note" in landing
    assert "interest" not in landing, "nothing of the questions stands there before a button is pressed"
    assert states(sent) == ["due", "sent"], "a mail program that follows links has opened nothing"

    questions = one.post(here, {"_do": "begin"}).content.decode()
    assert 'name="q9"' in questions
    assert states(sent)[-1] == "opened"

    told = one.post(here, {**CALM, "_do": "send"}).content.decode()
    assert "Sent. Thank you" in told
    assert states(sent) == ["due", "sent", "opened", "answered"]
    entry = Entry.objects.get(enrolment=course, form="phq-9")
    assert entry.by is None
    assert list(verify_record()) == []


def test_an_answer_about_danger_calls_a_person_and_shows_help_at_once(course, sent) -> None:
    told = browser().post(address(sent), {**GRAVE, "_do": "send"}).content.decode()

    assert "Thank you for telling us" in told
    assert "When a person sees this" in told
    flag = Flag.objects.get(enrolment=course)
    assert flag.rule == "R2"
    assert flag.owner is not None


def test_a_double_tap_is_one_sheet_and_other_answers_are_kept_beside_it(course, sent) -> None:
    one, here = browser(), address(sent)
    one.post(here, {**CALM, "_do": "send"})

    assert "This was sent before" in one.post(here, {**CALM, "_do": "send"}).content.decode()
    assert Entry.objects.filter(enrolment=course, form="phq-9").count() == 1
    one.post(here, {**GRAVE, "_do": "send"})
    assert Entry.objects.filter(enrolment=course, form="phq-9").count() == 2
    assert Flag.objects.filter(enrolment=course).count() == 1
    assert "This was answered" in one.get(here).content.decode()


def test_nothing_and_nonsense_are_named_and_stored_nowhere(course, sent) -> None:
    for said in ({}, {"q1": "7"}, {"strange": "1"}):
        told = browser().post(address(sent), {**said, "_do": "send"})
        assert told.status_code == 422, said
    assert not Entry.objects.filter(enrolment=course, form="phq-9").exists()


def test_a_link_that_ran_out_says_so_and_takes_nothing(course, sent) -> None:
    Reminder.objects.filter(id=sent.id).update(expires_at=timezone.now())

    assert browser().get(address(sent)).status_code == 410
    assert browser().post(address(sent), {**CALM, "_do": "send"}).status_code == 410
    assert not Entry.objects.filter(enrolment=course, form="phq-9").exists()


@pytest.mark.parametrize("state", ["due", "expired"])
def test_a_reminder_that_did_not_go_out_has_no_link(course, sent, state) -> None:
    Reminder.objects.filter(id=sent.id).update(state=state)

    assert browser().get(address(sent)).status_code == 410


@pytest.mark.parametrize("token", ["x", "x.y", "0" * 32 + ".abc", "..", "%00"])
def test_a_guessed_link_is_no_page(db, token) -> None:
    answer = browser().get(f"/n/{token}/")

    assert answer.status_code == 404
    assert "<title>Notes</title>" in answer.content.decode()


def test_a_link_shows_nothing_that_was_written_before(course, sent, service) -> None:
    save_entry(
        by=service.actor(),
        at=timezone.now(),
        enrolment=course.label,
        form="talk-about",
        answers={"most": "canary of the client"},
    )
    one, here = browser(), address(sent)

    pages = [one.get(here), one.post(here, {"_do": "begin"}), one.post(here, {**CALM, "_do": "send"}), one.get(here)]
    for page in pages:
        text = page.content.decode()
        assert "canary" not in text
        assert course.label not in text
        assert re.search("<title>(.*)</title>", text)[1] == "Notes"
        assert "no-store" in page["Cache-Control"] or "no-cache" in page["Cache-Control"]
