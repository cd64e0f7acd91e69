"""A reminder is planned from the record, goes out once, and is followed to its answer; its log says all of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from post.reminding.counted import MONDAY, a_course, hours

from openipt.audit.models import AuditEvent
from openipt.post.models import Reminder
from openipt.post.reminding.mailing import BODY, SUBJECT, reminder_of, token_of, write_to

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
SESSION = datetime(2026, 3, 10, 15, tzinfo=UTC)
EVE = datetime(2026, 3, 9, 17, tzinfo=UTC)
CALM = {f"q{n}": 1 for n in range(1, 9)} | {"q9": 0}


def test_the_evening_before_a_session_a_note_asks_for_the_questionnaire_once(course) -> None:
    course.agree(SESSION, MONDAY)

    for minute in range(-90, 90, 15):
        course.round(EVE + timedelta(minutes=minute))

    ((address, when, reminder),) = course.post.took
    assert address == "robin@letters.example"
    assert EVE <= when < EVE + hours(0.5)
    assert reminder.kind == "questions"
    assert [state for _, state, _ in course.life()] == ["due", "sent"]


def test_a_questionnaire_that_was_answered_before_needs_no_note(course) -> None:
    course.agree(SESSION, MONDAY)
    course.round(MONDAY)
    course.write("phq-9", CALM, MONDAY + timedelta(days=6))

    course.round(EVE - hours(8))
    course.round(EVE)

    assert "questions" not in [one.kind for _, _, one in course.post.took]
    assert ("questions", "expired", "not_needed") in course.life()


def test_what_was_done_after_the_note_stands_in_the_log_as_answered(course) -> None:
    course.agree(SESSION, MONDAY)
    course.round(EVE)
    course.write("phq-9", CALM, EVE + hours(1))
    course.round(EVE + hours(1.1))

    (reminder,) = [one for one in course.each() if one.kind == "questions"]
    assert reminder.state == "answered"


def test_what_nobody_answered_is_over_when_the_session_begins(course) -> None:
    course.agree(SESSION, MONDAY)
    course.round(EVE)
    course.round(SESSION)

    assert ("questions", "expired", "not_answered") in course.life()


def test_a_session_at_another_time_is_reminded_of_at_that_time(course) -> None:
    course.agree(SESSION, MONDAY)
    course.round(MONDAY)
    course.agree(SESSION + timedelta(days=2), MONDAY + timedelta(days=1))
    course.round(MONDAY + timedelta(days=1))

    course.round(EVE)
    assert course.post.took == []
    course.round(EVE + timedelta(days=2))
    assert len(course.post.took) == 1


@pytest.mark.parametrize(
    ("reached", "why"),
    [
        ({"channels": ["call"]}, "no_channel"),
        ({"email": ""}, "no_channel"),
        ({"email": "no address"}, "no_address"),
        ({"way": "paper"}, "on_paper"),
        ({"hours": "Only when he is at work"}, "hours_in_words"),
    ],
)
def test_whoever_withdrew_a_way_is_not_written_to_and_the_log_says_so(course, reached, why) -> None:
    course.agree(SESSION, MONDAY)
    course.round(MONDAY)
    changed = {"way": "phone", "channels": ["email"], "email": "robin@letters.example", **reached}
    course.write("safe-contact", {name: one for name, one in changed.items() if one != ""}, MONDAY + hours(1))
    if "email" in reached and not reached["email"]:
        course.write("safe-contact", {"way": "phone", "channels": ["letter"]}, MONDAY + hours(2))

    course.round(EVE)

    assert course.post.took == []
    assert course.life()[-1][1:] in (("expired", why), ("expired", "not_needed"))


def test_hours_in_words_hold_back_until_they_are_said_as_times(course) -> None:
    course.write("safe-contact", {"way": "phone", "channels": ["email"], "hours": "Evenings"}, MONDAY)
    course.agree(SESSION, MONDAY)
    course.round(EVE)
    assert course.post.took == []

    course.write("reminders", {"earliest": "18:00", "latest": "20:00"}, EVE)
    course.round(EVE)
    assert course.post.took == []
    course.round(EVE + hours(1))
    assert len(course.post.took) == 1


def test_a_worker_that_was_late_waits_for_the_morning(course) -> None:
    course.agree(SESSION, MONDAY)
    course.round(MONDAY)

    course.round(EVE + hours(4))  # nine in the evening
    assert course.post.took == []
    course.round(EVE + hours(16))

    assert len(course.post.took) == 1


def test_two_a_week_and_not_one_more(course) -> None:
    course.agree(MONDAY + timedelta(days=2, hours=6), MONDAY)
    for day in range(14):
        for hour in (9, 12, 17):
            at = MONDAY + timedelta(days=day, hours=hour - 9)
            course.round(at)
        if day in (2, 4, 6, 8):
            course.agree(MONDAY + timedelta(days=day + 2, hours=6), MONDAY + timedelta(days=day, hours=9))

    times = [when for _, when, _ in course.post.took]
    for first in times:
        assert sum(1 for one in times if first <= one < first + timedelta(days=7)) <= 2
    assert "enough_this_week" in [why for _, _, why in course.life()]
    assert len(times) >= 3


def test_none_wanted_is_none(course) -> None:
    course.write("reminders", {"a_week": "none"}, MONDAY)
    course.agree(SESSION, MONDAY)

    course.round(EVE)

    assert course.each() == []


def test_a_pause_holds_everything_back_and_when_it_ends_early_the_note_comes(course) -> None:
    course.agree(SESSION, MONDAY)
    course.round(MONDAY)
    course.write("portal-pause", {"until": "2026-03-12"}, MONDAY + hours(1))
    course.round(MONDAY + hours(2))
    assert course.life()[-1] == ("questions", "expired", "not_needed")

    course.write("portal-pause", {"until": "2026-03-05"}, MONDAY + hours(3))
    course.round(MONDAY + hours(4))
    course.round(EVE)

    assert len(course.post.took) == 1


def test_nothing_that_was_asked_alone_changes_a_note(course) -> None:
    course.agree(SESSION, MONDAY)
    course.round(MONDAY)
    before = [(one.kind, one.due_at) for one in course.each()]
    course.write("violence-check", {"asked_alone": True, "result": "current_violence"}, MONDAY + hours(1))

    course.round(MONDAY + hours(2))

    assert [(one.kind, one.due_at) for one in course.each()] == before


def test_after_the_end_the_agreed_days_are_reminded_of(course) -> None:
    course.write("relapse-plan", {"check_in_dates": [{"date": "2026-04-10"}, {"date": "2026-06-10"}]}, MONDAY)
    course.end("2026-03-10", MONDAY + timedelta(days=8))
    for day in range(8, 120):
        course.round(MONDAY + timedelta(days=day, hours=2))
        if day == 50:
            course.write("phq-9", CALM, MONDAY + timedelta(days=day, hours=3))

    assert [f"{when:%d %B}" for _, when, _ in course.post.took] == ["10 April", "10 June"]
    first, second = (one.steps.order_by("at", "id").values_list("state", flat=True) for one in course.each())
    assert list(first) == ["due", "sent", "answered"]
    assert list(second) == ["due", "sent", "expired"]


def test_a_service_of_invented_people_writes_to_nobody(db, post) -> None:
    course = a_course(post, invented=True)
    course.agree(SESSION, MONDAY)

    course.round(EVE)

    assert course.post.took == []
    assert course.life()[-1][2] == "invented"


def test_a_mail_server_that_does_not_answer_is_asked_again(course) -> None:
    course.agree(SESSION, MONDAY)
    course.post.refuses = True
    course.round(EVE)
    assert course.life()[-1] == ("questions", "failed", "mail_server")

    course.post.refuses = False
    course.round(EVE + timedelta(minutes=1))

    assert course.life()[-1] == ("questions", "sent", "")


def test_the_mail_says_nothing_and_its_link_names_nobody(course, settings, mailoutbox) -> None:
    settings.SERVICE_ADDRESS = "https://notes.example"
    course.agree(SESSION, MONDAY)
    course.round(MONDAY)
    (reminder,) = course.each()

    write_to("robin@letters.example", reminder, link=True)
    write_to("robin@letters.example", reminder, link=False)

    straight, usual = mailoutbox
    assert straight.subject == usual.subject == SUBJECT
    assert f"https://notes.example/n/{token_of(reminder.id)}/" in straight.body
    assert usual.body == BODY.format(where="\nYou can read it here: https://notes.example/my/\n")
    for mail in mailoutbox:
        for told in ("OpenIPT", "phq", "Hill Road", "Robin", "session", "questionnaire", course.enrolment.label):
            assert told not in mail.subject + mail.body


def test_a_link_opens_its_own_reminder_and_a_guessed_one_opens_none(course) -> None:
    course.agree(SESSION, MONDAY)
    course.round(MONDAY)
    (reminder,) = course.each()
    token = token_of(reminder.id)

    assert reminder_of(token) == reminder.id
    for guessed in (token[:-1], token + "x", f"{reminder.id.hex}.x", "", ".", "é.x", reminder.id.hex):
        assert reminder_of(guessed) is None


def test_the_audit_knows_every_step_and_no_address(course) -> None:
    course.agree(SESSION, MONDAY)
    course.round(EVE)

    events = AuditEvent.objects.filter(act__startswith="reminder.")
    assert [one.act for one in events.order_by("id")] == ["reminder.due", "reminder.sent"]
    assert "letters.example" not in str(list(AuditEvent.objects.values_list()))
    assert "letters.example" not in str(list(Reminder.objects.values_list()))
