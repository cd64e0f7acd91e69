"""Wrong passwords: slowed, never locked, and no answer tells whether there is such an account."""

from __future__ import annotations

import logging

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.cache import cache
from django.db import connection
from django.test import RequestFactory
from django.utils import timezone
from signing import NOON, PASSWORD, WRONG, a_client_with_a_slip, browser, sign_in, somebody, words_of

from openipt.accounts.forms import ClientSignInForm
from openipt.accounts.redeeming import may_try, redeem_code

pytestmark = pytest.mark.django_db
PIN = "730264"
REFUSED = "Sign-in name and password do not go together."
SLOWED = "Too many tries. Wait five minutes, then try again. Nothing is locked."


@pytest.fixture
def hour():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_five_wrong_passwords_for_a_name_and_the_sixth_waits_even_if_it_is_right(mira, visitor, hour):
    for _ in range(5):
        assert REFUSED in words_of(sign_in(visitor, password=WRONG))

    slowed = sign_in(visitor)

    assert SLOWED in words_of(slowed)
    assert not visitor.session.get("_auth_user_id")


def test_nobody_is_locked_out_five_minutes_later_the_right_password_opens(mira, visitor, hour):
    for _ in range(6):
        sign_in(visitor, password=WRONG)
    hour.shift(5 * 60 + 1)

    assert sign_in(visitor).headers["Location"] == "/sign-in/code/"


def test_tries_during_the_wait_do_not_make_it_longer(mira, visitor, hour):
    for _ in range(5):
        sign_in(visitor, password=WRONG)
    for _ in range(9):
        hour.shift(30)
        sign_in(visitor, password=WRONG)
    hour.shift(31)

    assert sign_in(visitor).headers["Location"] == "/sign-in/code/"


def test_other_people_are_not_slowed_with_them(mira, service, visitor, hour):
    somebody(service, "j.ahmed", email="jonas@clinic.example")
    for _ in range(5):
        sign_in(visitor, password=WRONG)

    assert sign_in(browser(), "j.ahmed").status_code == 302


def test_the_name_is_counted_as_one_however_it_is_written_and_reached(mira, hour):
    for name, host in (("m.okoye", "localhost"), ("M.OKOYE", "127.0.0.1"), (" m.okoye", "[::1]"), ("m.Okoye", "x")):
        guess = browser()
        guess.defaults["HTTP_HOST"] = host if host != "x" else "localhost"
        sign_in(guess, name, WRONG)
    sign_in(browser(), password=WRONG)

    assert SLOWED in words_of(sign_in(browser()))


def test_a_guesser_from_one_address_is_slowed_over_all_names(mira, hour):
    for number in range(10):
        sign_in(browser(), f"nobody.{number}", WRONG)

    assert SLOWED in words_of(sign_in(browser(), "nobody.99", WRONG))


def test_many_sign_ins_a_minute_from_one_address_get_a_page_that_says_wait(mira, hour):
    answers = [sign_in(browser()) for _ in range(31)]

    assert [one.status_code for one in answers] == [302] * 30 + [429]
    assert "Please wait a little" in words_of(answers[30])


def test_the_count_is_kept_where_all_workers_see_it(mira, visitor, hour):
    sign_in(visitor, password=WRONG)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache")
        assert cursor.fetchone()[0] >= 2


def test_trying_many_names_does_not_push_a_count_out(mira, visitor, hour):
    for _ in range(5):
        sign_in(visitor, password=WRONG)
    for number in range(700):  # more than twice what Django keeps by default
        cache.set(f"another-name-{number}", number, 300)

    assert SLOWED in words_of(sign_in(visitor))


@pytest.fixture
def hashes(monkeypatch):
    """A list that grows by one with each hash that is computed."""
    done: list[int] = []
    real = MD5PasswordHasher.encode

    def counted(self, password, salt):
        done.append(1)
        return real(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    return done


@pytest.mark.parametrize("who", ["nobody", "m.okoye", "new.colleague", "gone.colleague", "client"])
def test_a_wrong_password_looks_and_works_the_same_whoever_it_was_for(mira, service, hashes, who):
    somebody(service, "new.colleague", password=None)
    gone = somebody(service, "gone.colleague")
    gone.is_active = False
    gone.save()
    access = a_client_with_a_slip(service)
    visitor = browser()
    visitor.get("/sign-in/")
    hashes.clear()

    answer = sign_in(visitor, access.username if who == "client" else who, WRONG)

    assert len(hashes) == 1
    assert answer.status_code == 200
    assert REFUSED in words_of(answer)
    assert words_of(answer) == words_of(sign_in(browser(), "nobody.at.all", WRONG))


def test_a_client_is_not_let_in_by_the_door_of_staff(service, visitor, hashes):
    access = a_client_with_a_slip(service)
    redeem_code(username=access.username, code=access.code, secret=PIN, at=NOON)
    hashes.clear()

    answer = sign_in(visitor, access.username, PIN)

    assert REFUSED in words_of(answer)
    assert len(hashes) == 1
    assert not visitor.session.get("_auth_user_id")


def form_of_the_portal(username: str, secret: str) -> ClientSignInForm:
    request = RequestFactory().post("/", REMOTE_ADDR="127.0.0.1")
    from allauth.core.context import request_context

    with request_context(request):
        form = ClientSignInForm({"login": username, "password": secret}, request=request)
        form.is_valid()
    return form


def test_the_sheet_of_the_portal_lets_clients_in_and_nobody_else(service):
    access = a_client_with_a_slip(service)
    redeem_code(username=access.username, code=access.code, secret=PIN, at=NOON)
    somebody(service)

    assert form_of_the_portal(access.username.replace("-", " ").upper(), PIN).user == access.account
    assert form_of_the_portal("m.okoye", PASSWORD).user is None
    assert form_of_the_portal("m.okoye", PASSWORD).non_field_errors() == [REFUSED]


def test_codes_of_slips_are_tried_five_times_and_then_slowly(db, hour):
    request = RequestFactory().post("/", REMOTE_ADDR="127.0.0.1")
    from allauth.core.context import request_context

    with request_context(request):
        assert [may_try(request, "Quiet River 47") for _ in range(6)] == [True] * 5 + [False]
        assert may_try(request, "quiet-lake-12")
        hour.shift(5 * 60 + 1)
        assert may_try(request, "quiet-river-47")


def test_neither_names_nor_passwords_reach_a_log(mira, service, visitor, caplog):
    caplog.set_level(logging.DEBUG)
    sign_in(visitor, password=WRONG)
    sign_in(visitor, "some.stranger", WRONG)
    sign_in(visitor)
    visitor.post("/sign-in/code/", {"code": "000000"})
    visitor.post("/sign-in/forgotten/", {"email": "mira@clinic.example"})
    visitor.post("/sign-in/forgotten/", {"email": "stranger@elsewhere.example"})

    kept = "\n".join(line for line in caplog.text.splitlines() if "django.db.backends" not in line)
    for word in ("okoye", "Mira", "stranger", "secret", PASSWORD, "clinic.example"):
        assert word not in kept
    assert f"sign-in refused for account {mira.id}" in kept
    assert "sign-in refused for a name nobody has" in kept


def test_no_address_on_the_way_in_holds_a_name_or_a_secret(mira, visitor):
    from signing import shown_code

    first = sign_in(visitor, next="/manuals/")
    second = visitor.post("/sign-in/code/", {"code": shown_code()})

    for answer in (first, second):
        assert answer.status_code == 302
        for word in ("okoye", "mira", "herons"):
            assert word not in answer.headers["Location"]
    assert second.headers["Location"] == "/manuals/"


def test_signing_in_is_noted_with_its_time(mira, visitor):
    from signing import shown_code

    from openipt.audit.models import AuditEvent

    before = timezone.now()
    sign_in(visitor)
    visitor.post("/sign-in/code/", {"code": shown_code()})
    visitor.post("/sign-in/out/")

    noted = list(AuditEvent.objects.filter(at__gte=before).order_by("id").values_list("act", "by"))
    assert noted == [("sign-in.begin", str(mira.id)), ("sign-in.end", str(mira.id))]
