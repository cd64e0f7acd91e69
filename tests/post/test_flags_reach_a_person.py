"""A flag that nobody is told of is worse than none: each calls whoever's task it is, by a mail that says nothing."""

from __future__ import annotations

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction

from openipt.audit.models import AuditEvent
from openipt.casebook.operations.flagging import answer_flag, hand_over_flag
from openipt.post.models import LastRun, Message, MessageStep
from openipt.post.telling import tell_flags
from openipt.post.ticking import tick

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def test_the_person_in_charge_is_called_within_a_minute(clinic) -> None:
    clinic.flag()

    did = tick(clinic.later(minutes=1))

    assert (did.told, did.sent, did.well) == (1, 1, True)
    assert [one.to for one in mail.outbox] == [["t-01@clinic.example"]]


def test_the_mail_says_neither_who_nor_what(clinic) -> None:
    flag = clinic.flag()

    tick(clinic.later(minutes=1))

    [sent] = mail.outbox
    assert sent.subject == "Something in OpenIPT needs you"
    assert "https://openipt.clinic.example" in sent.body
    told = f"{sent.subject} {sent.body}".lower()
    client = flag.enrolment.client
    assert not any(word in told for word in ("robin", client.code.lower(), flag.enrolment.label.lower(), "phq", "risk"))


def test_whoever_covers_is_called_instead_of_whoever_is_away(clinic) -> None:
    course = clinic.begin()
    clinic.tie(course, "T-02", "cover", "therapist")
    clinic.flag(course)

    tick(clinic.later(minutes=1))

    assert [one.to for one in mail.outbox] == [["t-02@clinic.example"]]


def test_a_person_is_called_once_however_often_the_clock_ticks(clinic) -> None:
    clinic.flag()

    for minute in range(1, 6):
        tick(clinic.later(minutes=minute))

    assert len(mail.outbox) == 1
    assert Message.objects.get().state == "sent"


def test_whom_a_flag_is_handed_to_is_called_too(clinic) -> None:
    flag = clinic.flag()
    tick(clinic.later(minutes=1))
    colleague = clinic.account("T-02")
    hand_over_flag(
        by=clinic.actor(), at=clinic.later(minutes=5), flag=flag.id, to=colleague.id,
        words="I am in a session.", due_at=clinic.later(hours=4),
    )  # fmt: skip

    tick(clinic.later(minutes=6))

    assert [one.to for one in mail.outbox] == [["t-01@clinic.example"], ["t-02@clinic.example"]]


def test_nobody_is_called_about_a_flag_that_was_answered_before_the_mail_went_out(clinic) -> None:
    flag = clinic.flag()
    tell_flags(clinic.later(minutes=1))
    answer_flag(
        by=clinic.actor(),
        at=clinic.later(minutes=2),
        flag=flag.id,
        words="We spoke.",
        closes=True,
        no_conversation="Rung at once: ticked by mistake.",
    )

    tick(clinic.later(minutes=3))

    assert mail.outbox == []
    message = Message.objects.get()
    assert (message.state, message.steps.latest("at").why) == ("expired", "settled")


def test_what_became_of_a_message_is_a_log_that_cannot_be_changed(clinic) -> None:
    clinic.flag()
    tick(clinic.later(minutes=1))

    steps = list(MessageStep.objects.order_by("id").values_list("state", flat=True))
    assert steps == ["due", "sent"]
    for statement in ("UPDATE post_messagestep SET why = 'x'", "DELETE FROM post_messagestep"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_that_somebody_was_called_is_in_the_audit_of_the_service(clinic) -> None:
    clinic.flag()
    tick(clinic.later(minutes=1))

    events = AuditEvent.objects.filter(chain=str(clinic.organisation.id), act__startswith="message.")
    assert list(events.order_by("place").values_list("act", "by", "client")) == [
        ("message.due", "service", ""),
        ("message.sent", "service", ""),
    ]


def test_a_service_of_invented_people_sends_nothing(service) -> None:
    from openipt.casebook.operations.saving import save_entry

    course = service.begin()
    answers = {f"q{n}": 3 for n in range(1, 10)}
    save_entry(by=service.actor(), at=service.at, enrolment=course.label, form="phq-9", answers=answers)

    did = tick(service.at)

    assert (did.expired, mail.outbox) == (1, [])
    assert MessageStep.objects.get(state="expired").why == "invented"


def test_the_last_round_is_known(clinic) -> None:
    tick(clinic.later(minutes=1))

    assert LastRun.objects.get(name="tick").at == clinic.later(minutes=1)
