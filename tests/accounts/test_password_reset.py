"""A forgotten password: staff get a link by mail, and no answer tells whether there is such an address."""

from __future__ import annotations

import re

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from signing import NOON, PASSWORD, a_client_with_a_slip, browser, shown_code, sign_in, somebody, words_of

from openipt.accounts import afterwards
from openipt.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
NEW = "eleven slow herons"
ASK = "/sign-in/forgotten/"


def link_in(mail) -> str:
    return re.search(r"https?://[^/]+(/\S+)", mail.body)[1]


def follow(visitor, link: str) -> str:
    """Where the form stands: the key of the link is not in its address."""
    return visitor.get(link).headers["Location"]


def choose(visitor, address: str, password: str = NEW):
    return visitor.post(address, {"password1": password, "password2": password})


def test_a_link_by_mail_leads_to_a_new_password_and_signs_nobody_in(mira, visitor, mailoutbox):
    asked = visitor.post(ASK, {"email": "Mira@Clinic.example"})
    form = follow(visitor, link_in(mailoutbox[0]))
    done = choose(visitor, form)

    assert asked.headers["Location"] == "/sign-in/forgotten/sent/"
    assert "set-password" in form
    assert done.headers["Location"] == "/sign-in/forgotten/done/"
    assert "_auth_user_id" not in visitor.session
    assert sign_in(browser(), password=NEW).headers["Location"] == "/sign-in/code/"
    assert AuditEvent.objects.filter(act="password.set", by=str(mira.id)).exists()


def test_the_mail_is_plain_and_names_the_sign_in_name_and_nothing_of_anybody_else(mira, visitor, mailoutbox):
    visitor.post(ASK, {"email": "mira@clinic.example"})

    mail = mailoutbox[0]
    assert (mail.to, mail.subject) == (["mira@clinic.example"], "A new password for OpenIPT")
    assert "Your sign-in name is m.okoye." in mail.body
    assert not mail.alternatives


def test_the_answer_is_the_same_for_an_address_nobody_has(mira, mailoutbox):
    known, unknown = (
        browser().post(ASK, {"email": address}, follow=True) for address in ("mira@clinic.example", "no@one.example")
    )

    assert words_of(known) == words_of(unknown)
    assert known.redirect_chain == unknown.redirect_chain
    assert len(mailoutbox) == 1


def test_whether_there_is_such_an_address_is_looked_up_only_after_the_answer(mira, monkeypatch):
    later: list[object] = []
    monkeypatch.setattr(afterwards, "run_later", later.append)
    asked = []
    for address in ("mira@clinic.example", "no@one.example"):
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            browser().post(ASK, {"email": address})
        asked.append([re.sub(r"'[^']*'|\d+", "?", one["sql"]) for one in queries])

    assert len(later) == 2
    assert asked[0] == asked[1]
    assert not [sql for sql in asked[0] if "accounts_account" in sql]


def test_work_after_the_answer_runs_and_a_failure_says_only_of_which_kind(caplog):
    from concurrent.futures import wait

    def fails() -> None:
        raise ConnectionError("550 mira@clinic.example: no such mailbox")

    wait([afterwards._ONE_AFTER_THE_OTHER.submit(afterwards._quietly, fails)], timeout=5)

    assert "ConnectionError" in caplog.text
    assert "mira" not in caplog.text


def test_clients_get_no_mail_and_have_no_address(service, visitor, mailoutbox):
    a_client_with_a_slip(service)

    visitor.post(ASK, {"email": ""})
    visitor.post(ASK, {"email": "hanna@home.example"})

    assert not mailoutbox


def test_a_closed_account_gets_no_link(mira, visitor, mailoutbox):
    mira.is_active = False
    mira.save()

    visitor.post(ASK, {"email": "mira@clinic.example"})

    assert not mailoutbox


def test_a_link_works_once(mira, visitor, mailoutbox):
    visitor.post(ASK, {"email": "mira@clinic.example"})
    link = link_in(mailoutbox[0])
    choose(visitor, follow(visitor, link))

    assert "This link no longer works" in words_of(browser().get(link))


def test_a_link_works_for_an_hour(mira, visitor, mailoutbox):
    with time_machine.travel(NOON, tick=False) as traveller:
        visitor.post(ASK, {"email": "mira@clinic.example"})
        traveller.shift(60 * 60 + 1)

        assert "This link no longer works" in words_of(visitor.get(link_in(mailoutbox[0])))


@pytest.mark.parametrize("password", ["short", "password1234", "m.okoye12345"])
def test_a_weak_new_password_is_refused_in_words(mira, visitor, mailoutbox, password):
    visitor.post(ASK, {"email": "mira@clinic.example"})

    refused = choose(visitor, follow(visitor, link_in(mailoutbox[0])), password)

    assert 'role="alert"' in refused.content.decode()
    assert sign_in(browser()).status_code == 302


def test_a_new_password_ends_every_sign_in(mira, visitor, mailoutbox):
    sign_in(visitor)
    visitor.post("/sign-in/code/", {"code": shown_code()})
    assert visitor.get("/sign-in/yours/").status_code == 200

    other = browser()
    other.post(ASK, {"email": "mira@clinic.example"})
    choose(other, follow(other, link_in(mailoutbox[0])))

    assert visitor.get("/sign-in/yours/").headers["Location"].startswith("/sign-in/?next=")


def test_staff_who_never_had_a_password_begin_the_same_way(service, visitor, mailoutbox):
    somebody(service, password=None)
    visitor.post(ASK, {"email": "mira@clinic.example"})
    choose(visitor, follow(visitor, link_in(mailoutbox[0])))

    assert sign_in(browser(), password=NEW).status_code == 302


def test_changing_the_password_ends_the_others_and_keeps_this_one(mira, mailoutbox):
    here, there = browser(), browser()
    sign_in(here)
    here.post("/sign-in/code/", {"code": shown_code(later=-1)})
    sign_in(there)
    there.post("/sign-in/code/", {"code": shown_code()})

    changed = here.post(
        "/sign-in/yours/password/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}, follow=True
    )

    assert "Your password is changed" in words_of(changed)
    assert here.get("/sign-in/yours/").status_code == 200
    assert there.get("/sign-in/yours/").status_code == 302
    assert [mail.subject for mail in mailoutbox] == ["Your sign-in was changed"]


def test_the_link_leads_to_the_host_that_was_asked_and_another_name_is_refused(mira, visitor, mailoutbox):
    visitor.post(ASK, {"email": "mira@clinic.example"})

    assert "://localhost/sign-in/forgotten/" in mailoutbox[0].body
    assert visitor.post(ASK, {"email": "mira@clinic.example"}, HTTP_HOST="evil.example").status_code == 400
