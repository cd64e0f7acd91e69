"""A message goes out once; what does not go out is tried again after a pause, and given up with a reason."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from durability.fresh import in_fresh_python

from openipt.accounts.closing import close_account
from openipt.post import mailing, outgoing
from openipt.post.models import Message, MessageStep
from openipt.post.outgoing import claim
from openipt.post.rounds import CLAIM, IN_A_ROW, pause
from openipt.post.telling import tell_flags
from openipt.post.ticking import tick

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


class MailServer:
    """Takes mails, or not."""

    def __init__(self, *problems: Exception) -> None:
        self.problems = list(problems)
        self.took: list[str] = []
        self.asked = 0

    def send(self, message: Message) -> None:
        self.asked += 1
        if self.problems:
            raise self.problems.pop(0)
        self.took.append(message.to.email)


@pytest.fixture
def server(monkeypatch):
    def made(*problems: Exception) -> MailServer:
        one = MailServer(*problems)
        monkeypatch.setattr(outgoing, "send", one.send)
        return one

    return made


def whys() -> list[tuple[str, str]]:
    return list(MessageStep.objects.order_by("at", "id").values_list("state", "why"))


def test_a_mail_server_that_does_not_answer_is_asked_again_after_one_minute_then_two_then_four(clinic, server) -> None:
    clinic.flag()
    one = server(OSError(), OSError(), OSError())

    tried = [minute for minute in range(12) if tick(clinic.later(minutes=minute)) and one.asked and _asked(one)]

    assert tried == [0, 1, 3, 7]
    assert one.took == ["t-01@clinic.example"]
    assert whys() == [("due", ""), *[("failed", "mail_server")] * 3, ("sent", "")]


def _asked(one: MailServer) -> bool:
    """Whether the server was asked since this was last asked."""
    before, one.seen = getattr(one, "seen", 0), one.asked
    return one.asked > before


def test_the_pauses_grow_to_half_an_hour_and_no_further() -> None:
    assert [pause(n) // timedelta(minutes=1) for n in (1, 2, 3, 4, 5, 6, 7, 40)] == [1, 2, 4, 8, 16, 30, 30, 30]


def test_a_message_that_nobody_needs_any_more_is_given_up_and_says_so(clinic, server) -> None:
    clinic.flag()
    tell_flags(clinic.at)
    one = server()

    tick(clinic.later(days=3))

    assert ("expired", "too_late") in whys()
    assert "t-01@clinic.example" not in one.took


def test_an_account_without_an_address_cannot_be_called_and_the_log_says_so(clinic, server) -> None:
    clinic.flag()
    account = clinic.staff["T-01"]
    account.email = ""
    account.save()
    one = server()

    tick(clinic.at)

    assert (one.asked, whys()[-1]) == (0, ("expired", "no_address"))


def test_somebody_whose_access_ended_is_not_called(clinic, server) -> None:
    clinic.flag()
    tell_flags(clinic.at)
    close_account(account=clinic.staff["T-01"], by=str(clinic.account("O-01").id), at=clinic.at, why="left")
    one = server()

    tick(clinic.at)

    assert (one.asked, whys()[-1]) == (0, ("expired", "no_access"))


def test_an_address_that_is_refused_is_named_as_such_without_the_address(clinic, server, caplog) -> None:
    clinic.flag()
    server(SMTPRecipientsRefused({"t-01@clinic.example": (550, b"no such person t-01")}))

    did = tick(clinic.at)

    assert (did.failed, did.well) == (1, False)
    assert whys()[-1] == ("failed", "address_refused")
    assert "t-01@clinic" not in caplog.text


def test_a_service_without_a_mail_server_keeps_its_messages_until_there_is_one(clinic, settings) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = mailing.SMTP, ""
    clinic.flag()

    tick(clinic.at)
    assert whys()[-1] == ("failed", "no_mail_server")

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert tick(clinic.later(minutes=1)).sent == 1


def test_after_three_failures_in_a_row_the_server_is_left_alone_until_the_next_round(clinic, server) -> None:
    for _ in range(5):
        clinic.flag()
    one = server(*[OSError()] * 5)

    tick(clinic.at)

    assert one.asked == IN_A_ROW
    assert Message.objects.filter(state="due").count() == 2


def test_one_mail_that_cannot_be_made_does_not_keep_back_the_next(clinic, server) -> None:
    clinic.flag()
    clinic.flag()
    one = server(ValueError("a header with a line break"))

    did = tick(clinic.at)

    assert (did.failed, did.sent) == (1, 1)
    assert ("failed", "mail_not_made") in whys()
    assert len(one.took) == 1


def test_a_message_whose_worker_died_goes_out_when_its_claim_has_run_out(clinic, server) -> None:
    clinic.flag()
    tell_flags(clinic.at)
    assert claim(clinic.at) is not None  # and never a word again
    one = server()

    tick(clinic.later(minutes=1))
    assert one.asked == 0
    tick(clinic.at + CLAIM)
    assert one.took == ["t-01@clinic.example"]


def test_a_copy_after_a_crash_carries_the_name_of_the_first_so_that_a_mail_program_shows_one(clinic) -> None:
    from django.core import mail

    clinic.flag()
    tell_flags(clinic.at)
    message = claim(clinic.at)
    mailing.send(message)
    mailing.send(message)

    first, second = mail.outbox
    assert first.message()["Message-ID"] == second.message()["Message-ID"] == f"<{message.id}@localhost>"


# ---- two workers on one store


def test_workers_at_once_send_each_message_once_and_pass_each_flag_on_once_and_a_saboteur_is_caught(tmp_path) -> None:
    came = in_fresh_python(
        "post.two_workers:race", home=tmp_path / "home", settings="openipt.site.settings", seconds=120, messages=40
    )

    honest, sabotaged = came["honest"], came["sabotaged"]
    assert honest["errors"] == []
    assert honest["workers that sent"] > 1, "one worker alone proves nothing"
    told_of_passing_on = 1
    assert (honest["sent"], honest["twice"]) == (40 + told_of_passing_on, 0)
    assert honest["passed on"] == 1
    assert sabotaged["twice"] > 0, "whoever sends without a claim sends twice"
