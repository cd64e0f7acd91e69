"""Staff show that they hold their telephone; who has none set up yet is led to do so before anything else."""

from __future__ import annotations

import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from signing import NOON, SECRET, browser, shown_code, sign_in, somebody, with_telephone, words_of

from openipt.accounts.second_factor import is_set_up
from openipt.audit.models import AuditEvent

pytestmark = pytest.mark.django_db
SET_UP = "/sign-in/yours/telephone/"


@pytest.fixture
def hour():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_with_a_telephone_the_password_alone_opens_nothing(mira, visitor):
    assert sign_in(visitor).headers["Location"] == "/sign-in/code/"

    assert "_auth_user_id" not in visitor.session
    assert visitor.get("/sign-in/yours/").status_code == 302


def test_password_and_code_open(mira, visitor):
    sign_in(visitor)

    assert visitor.post("/sign-in/code/", {"code": shown_code()}).headers["Location"] == "/"
    assert "m.okoye" in words_of(visitor.get("/sign-in/yours/"))


def test_a_wrong_code_is_refused_and_slowed_after_five(mira, visitor, hour):
    sign_in(visitor)
    for _ in range(5):
        assert "This code is not right" in words_of(visitor.post("/sign-in/code/", {"code": "000000"}))

    assert "Too many tries" in words_of(visitor.post("/sign-in/code/", {"code": shown_code()}))


@pytest.mark.parametrize("seconds", [0, 31, 59])
def test_a_code_opens_once_and_not_again_while_it_is_still_right(mira, hour, seconds):
    first, second = browser(), browser()
    code = shown_code(later=1)  # the telephone's clock is half a minute ahead: the code is right for a minute and more
    sign_in(first)
    assert first.post("/sign-in/code/", {"code": code}).status_code == 302
    hour.shift(seconds)
    sign_in(second)

    assert "This code is not right" in words_of(second.post("/sign-in/code/", {"code": code}))


def test_a_recovery_code_opens_once(service):
    account = somebody(service)
    codes = with_telephone(account)

    for expected in (302, 200):
        visitor = browser()
        sign_in(visitor)
        assert visitor.post("/sign-in/code/", {"code": codes[0]}).status_code == expected
    assert AuditEvent.objects.filter(act="recovery-code.use", by=str(account.id)).count() == 1


def test_staff_of_a_real_service_without_a_telephone_are_led_to_set_one_up(service, visitor):
    somebody(service)
    sign_in(visitor)

    for address in ("/", "/manuals/", "/sign-in/yours/", "/sign-in/yours/places/"):
        assert visitor.get(address).headers["Location"] == SET_UP
    assert visitor.post("/sign-in/out/").headers["Location"] == "/sign-in/"


def test_where_all_people_are_invented_nobody_needs_a_telephone(invented, visitor):
    somebody(invented)
    sign_in(visitor)

    assert visitor.get("/sign-in/yours/").status_code == 200


def set_up(visitor) -> tuple[str, str]:
    """Set up a telephone as the page asks; return its key and the page of recovery codes."""
    page = visitor.get(SET_UP).content.decode()
    key = re.search(r'class="key">([A-Z2-7]+)<', page)[1]
    done = visitor.post(SET_UP, {"code": shown_code(key)})
    assert done.headers["Location"] == "/sign-in/yours/recovery-codes/"
    return key, visitor.get(done.headers["Location"]).content.decode()


def test_setting_up_shows_a_square_a_key_and_then_ten_recovery_codes_once(service, visitor):
    account = somebody(service)
    sign_in(visitor)

    page = visitor.get(SET_UP).content.decode()
    assert '<svg role="img" aria-label="QR code' in page
    assert "data:" not in page
    assert "<?xml" not in page
    _key, codes = set_up(visitor)

    assert len(re.findall(r"<li>\d{8}</li>", codes)) == 10
    assert not re.findall(r"<li>\d{8}</li>", visitor.get("/sign-in/yours/recovery-codes/").content.decode())
    assert is_set_up(account)
    assert visitor.get("/sign-in/yours/").status_code == 200
    assert AuditEvent.objects.filter(act="second-factor.set").exists()


def test_a_wrong_first_code_sets_nothing_up_and_keeps_the_same_key(service, visitor):
    account = somebody(service)
    sign_in(visitor)
    key = re.search(r'class="key">([A-Z2-7]+)<', visitor.get(SET_UP).content.decode())[1]

    again = visitor.post(SET_UP, {"code": "000000"})

    assert "This code is not right" in words_of(again)
    assert key in again.content.decode()
    assert not is_set_up(account)


def test_after_five_minutes_the_password_is_asked_again_before_a_telephone_is_set_up(service, visitor, hour):
    somebody(service)
    sign_in(visitor)
    hour.shift(5 * 60 + 1)

    asked = visitor.get(SET_UP)

    assert asked.headers["Location"] == f"/sign-in/again/?next={SET_UP.replace('/', '%2F')}"
    back = visitor.post(asked.headers["Location"], {"password": "seven quiet herons", "next": SET_UP})
    assert back.headers["Location"] == SET_UP


def test_what_is_stored_of_a_telephone_is_sealed(mira):
    kept = Authenticator.objects.get(type="totp").data["secret"]

    assert SECRET not in kept
    assert SECRET not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_another_secret_file_opens_no_telephone(mira, settings):
    from cryptography.fernet import InvalidToken

    settings.SECRET_KEY = "another service's secret"  # noqa: S105

    with pytest.raises(InvalidToken):
        Authenticator.objects.get(type="totp").wrap().validate_code(shown_code())


def test_after_the_secret_file_was_changed_the_one_before_still_opens_telephones(mira, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new secret", [settings.SECRET_KEY]

    assert Authenticator.objects.get(type="totp").wrap().validate_code(shown_code())


@pytest.fixture
def at_work(mira):
    visitor = browser()
    sign_in(visitor)
    visitor.post("/sign-in/code/", {"code": shown_code(later=-1)})
    return visitor


def test_a_telephone_is_not_taken_off_by_whoever_sits_at_the_desk(mira, at_work):
    page = at_work.get("/sign-in/yours/telephone/take-off/")
    refused = at_work.post("/sign-in/yours/telephone/take-off/", {"code": "000000"})

    assert 'role="alert"' not in page.content.decode()
    assert "This code is not right" in words_of(refused)
    assert is_set_up(mira)


def test_a_telephone_taken_off_leads_here_to_a_new_one_and_ends_every_other_sign_in(mira, at_work, hour):
    hour.shift(60)
    elsewhere = browser()
    sign_in(elsewhere)
    elsewhere.post("/sign-in/code/", {"code": shown_code()})
    at_work_again = browser()
    hour.shift(60)
    sign_in(at_work_again)
    at_work_again.post("/sign-in/code/", {"code": shown_code()})
    hour.shift(60)

    at_work_again.post("/sign-in/yours/telephone/take-off/", {"code": shown_code()})

    assert not is_set_up(mira)
    assert at_work_again.get("/sign-in/yours/").headers["Location"] == SET_UP
    assert elsewhere.get("/sign-in/yours/").headers["Location"].startswith("/sign-in/?next=")
    assert AuditEvent.objects.filter(act="second-factor.remove").exists()


def test_new_recovery_codes_end_the_old_ones(mira, at_work):
    before = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()

    at_work.post("/sign-in/yours/recovery-codes/new/")

    assert not set(before) & set(Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes())


def test_staff_are_told_by_mail_that_a_telephone_was_set_up(
    service, visitor, mailoutbox, django_capture_on_commit_callbacks
):
    somebody(service)
    sign_in(visitor)

    with django_capture_on_commit_callbacks(execute=True):
        set_up(visitor)

    assert [mail.to for mail in mailoutbox] == [["mira@clinic.example"]]
    assert "A telephone was set up" in mailoutbox[0].body
