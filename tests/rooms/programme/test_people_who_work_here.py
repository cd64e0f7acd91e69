"""Who works here: added, given a role from a day to a day, signed out, gone. Access ends with the next request."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from casebooks import a_service
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from running_courses import BACKEND

from openipt.accounts.changes import Change
from openipt.accounts.models import Account, Membership, Slip
from openipt.audit.models import AuditEvent

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

LEYLA = {"name": "Leyla Haddad", "username": "l.haddad", "email": "leyla@clinic.example", "role": "therapist"}


def today() -> str:
    return timezone.now().date().isoformat()


def of(account) -> str:
    return f"/service/people/{account.id}/"


def roles_now(account) -> set[str]:
    return set(Membership.objects.live(timezone.now()).filter(account=account).values_list("role", flat=True))


# ---- who may


@pytest.mark.parametrize("tail", ["", "people/", "people/add/", "promise/", "alone/", "numbers/", "changes/"])
def test_only_who_runs_the_service_finds_these_pages(service, lead, operator, therapist, tail) -> None:
    assert lead.get(f"/service/{tail}").status_code == 200
    assert operator.get(f"/service/{tail}").status_code == 200
    assert therapist.get(f"/service/{tail}").status_code == 404
    assert therapist.post(f"/service/{tail}", {"name": "x"}).status_code in (404, 405)
    assert Client(HTTP_HOST="localhost").get(f"/service/{tail}").status_code == 302


def test_the_way_there_stands_in_the_frame_for_who_runs_the_service_alone(lead, therapist) -> None:
    assert b'href="/service/"' in lead.get("/manuals/").content
    assert b'href="/service/"' not in therapist.get("/manuals/").content


def test_somebody_of_another_service_is_nobody_here(service, lead) -> None:
    stranger = a_service(service.at, name="Elsewhere").account("Stranger")

    for tail in ("", "details/", "role/", "way-in/", "close/"):
        assert lead.get(of(stranger) + tail).status_code == 404
    assert lead.post(of(stranger) + "sign-out/", {"_id": str(uuid4())}).status_code == 404


# ---- coming


def test_a_colleague_is_added_and_gets_a_slip_that_works_once(service, operator, said, sent) -> None:
    added = operator.post("/service/people/add/", sent(**LEYLA, since=today()))
    leyla = Account.objects.get(username="l.haddad")

    assert added["Location"] == of(leyla) + "way-in/"
    assert roles_now(leyla) == {"therapist"}
    assert not leyla.has_usable_password()

    shown = operator.post(of(leyla) + "way-in/", sent(how="slip"))
    code = said(shown).split("Code: ")[1].split(" ")[0]
    assert code not in repr(list(AuditEvent.objects.values())) + repr(list(Change.objects.values()))

    newcomer = Client(HTTP_HOST="localhost")
    typed = {
        "username": "L.Haddad",
        "code": code.lower(),
        "password": "four quiet herons",
        "again": "four quiet herons",
    }
    assert "saved" in said(newcomer.post("/sign-in/first/", typed))
    assert newcomer.post("/sign-in/first/", typed).status_code == 422, "the code works once"
    assert newcomer.post("/sign-in/", {"login": "l.haddad", "password": "four quiet herons"}).status_code == 302


def test_no_mail_leaves_a_service_of_invented_people(operator, sent, settings) -> None:
    settings.EMAIL_HOST = "mail.clinic.example"
    operator.post("/service/people/add/", sent(**LEYLA, since=today()))
    leyla = Account.objects.get(username="l.haddad")

    refused = operator.post(of(leyla) + "way-in/", sent(how="mail"))
    assert refused.status_code == 422
    assert mail.outbox == []


def test_the_link_goes_to_the_work_address_where_people_are_real(db, settings, sent) -> None:
    from signing import a_service as a_real_service
    from signing import browser, somebody, with_telephone

    from openipt.accounts.second_factor import SETTLED

    settings.EMAIL_HOST = "mail.clinic.example"
    real = a_real_service(at=timezone.now() - timedelta(days=9))
    boss = somebody(real, "m.okoye", "lead", "operator", at=real.created_at)
    with_telephone(boss)
    asking = browser()
    asking.force_login(boss, backend=BACKEND)
    session = asking.session
    session[SETTLED] = True
    session.save()
    asking.post("/service/people/add/", sent(**LEYLA, since=today()))
    leyla = Account.objects.get(username="l.haddad")

    asking.post(of(leyla) + "way-in/", sent(how="mail"))

    (letter,) = mail.outbox
    assert letter.to == ["leyla@clinic.example"]
    link = next(line for line in letter.body.splitlines() if "/sign-in/forgotten/" in line and "http" in line)
    chosen = browser()
    page = chosen.get("/" + link.split("/", 3)[3], follow=True)
    assert "Choose a password" in page.content.decode()


def test_the_same_page_sent_twice_adds_one_colleague(operator, sent) -> None:
    typed = sent(**LEYLA, since=today())
    operator.post("/service/people/add/", typed)
    operator.post("/service/people/add/", typed)

    assert Account.objects.filter(username="l.haddad").count() == 1
    assert Change.objects.filter(what="colleague").count() == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Write the name"),
        ({"username": "två ord!"}, "plain letters"),
        ({"username": "ines"}, "is taken"),
        ({"email": "nobody"}, "is no e-mail address"),
        ({"role": "king"}, "is not one of the answers"),
        ({"role": ""}, "not one of the answers"),
        ({"since": "2020-01-01"}, "from"),
        ({"since": "tomorrow"}, "Write the day as"),
        ({"name": "x" * 121}, "characters fit here"),
        ({"name": "a\0b"}, "cannot be kept"),
    ],
)
def test_what_cannot_be_taken_is_refused_in_words_and_kept(operator, said, sent, wrong, words) -> None:
    answer = operator.post("/service/people/add/", sent(**{**LEYLA, "since": today(), **wrong}))

    assert answer.status_code == 422
    assert words in said(answer)
    assert "leyla@clinic.example" in answer.content.decode() or "email" in wrong
    assert not Account.objects.filter(username="l.haddad").exists()


def test_what_was_typed_outlasts_a_sign_in_that_ran_out(service, operator, sent) -> None:
    page = operator.get("/service/people/add/").content.decode()
    mark = page.split('name="_for" value="')[1].split('"')[0]
    operator.logout()

    asked = operator.post("/service/people/add/", sent(**LEYLA, since=today(), _for=mark))
    assert asked.status_code == 403
    operator.force_login(service.staff["Jonas"], backend=BACKEND)
    back = operator.get("/service/people/add/").content.decode()

    assert "Leyla Haddad" in back
    assert "leyla@clinic.example" in back
    assert 'value="therapist" checked' in back


# ---- roles


def test_a_role_ends_and_the_next_request_has_it_no_more(service, lead, therapist, said, sent) -> None:
    ines = service.staff["Ines"]
    held = Membership.objects.get(account=ines)
    assert therapist.get("/").status_code == 200

    lead.post(f"{of(ines)}role/{held.id}/", sent(when="now", why=""))

    assert therapist.get("/").status_code == 403
    assert "ended a role: Ines is therapist up to" in said(lead.get("/service/changes/"))


def test_a_role_has_a_first_and_a_last_day(service, lead, sent) -> None:
    ines, first = service.staff["Ines"], timezone.now().date() + timedelta(days=3)
    last = first + timedelta(days=4)
    lead.post(of(ines) + "role/", sent(role="supervisor", since=first.isoformat(), until=last.isoformat()))

    held = Membership.objects.get(account=ines, role="supervisor")
    assert "supervisor" not in roles_now(ines)
    live = [Membership.objects.live(held.since + timedelta(days=n)).filter(id=held.id).exists() for n in range(-1, 6)]
    assert live == [False, True, True, True, True, True, False], "the last day is a whole day"


def test_a_role_is_not_given_twice_for_the_same_time(service, lead, said, sent) -> None:
    answer = lead.post(of(service.staff["Ines"]) + "role/", sent(role="therapist", since=today()))

    assert answer.status_code == 422
    assert "held already" in said(answer)


def test_an_account_is_closed_with_its_roles_its_sign_ins_and_its_slips(service, lead, therapist, said, sent) -> None:
    ines = service.staff["Ines"]
    refused = lead.post(of(ines) + "close/", sent(why=" "))
    assert refused.status_code == 422

    lead.post(of(ines) + "close/", sent(why="Left for another clinic."))

    ines.refresh_from_db()
    assert (ines.is_active, roles_now(ines)) == (False, set())
    assert therapist.get("/").status_code == 302, "the sign-in is over"
    assert "closed the account of Ines" in said(lead.get("/service/changes/"))
    assert lead.get(of(ines) + "way-in/").status_code == 404


def test_somebody_always_answers_for_the_service(service, lead, operator, said, sent) -> None:
    marta = service.staff["Marta"]
    held = Membership.objects.get(account=marta, role="lead")
    answer = operator.post(f"{of(marta)}role/{held.id}/", sent(when="now"))
    closing = operator.post(of(marta) + "close/", sent(why="Away."))

    assert (answer.status_code, closing.status_code) == (422, 422)
    assert "nobody would answer for the service" in said(answer)
    assert roles_now(marta) == {"lead"}


def test_somebody_is_signed_out_everywhere(service, lead, said, sent) -> None:
    first, second = Client(HTTP_HOST="localhost"), Client(HTTP_HOST="localhost")
    for browser in (first, second):
        browser.post("/sign-in/", {"login": "ines", "password": "a long sentence that nobody guesses"})
        assert browser.get("/").status_code == 200

    done = lead.post(of(service.staff["Ines"]) + "sign-out/", sent(), follow=True)

    assert "Signed out everywhere" in said(done)
    assert [browser.get("/").status_code for browser in (first, second)] == [302, 302]


# ---- nobody gets in as somebody else


def test_no_slip_for_an_account_that_was_used_and_has_no_second_step(service, operator, said, sent) -> None:
    ines = service.staff["Ines"]
    Account.objects.filter(id=ines.id).update(last_login=timezone.now())

    assert "Somebody else could use it" in said(operator.get(of(ines) + "way-in/"))
    operator.post(of(ines) + "way-in/", sent(how="slip"))
    assert not Slip.objects.filter(account=ines).exists()
    moved = operator.post(of(ines) + "details/", sent(name="Ines", email="else@clinic.example"))
    assert moved.status_code == 422


def test_a_slip_of_staff_takes_no_pin(service, operator, said, sent) -> None:
    from openipt.accounts.redeeming import CodeRefusedError, redeem_code

    code = said(operator.post(of(service.staff["Ines"]) + "way-in/", sent(how="slip"))).split("Code: ")[1].split(" ")[0]

    with pytest.raises(CodeRefusedError):
        redeem_code(username="ines", code=code, secret="402917", at=timezone.now())
    short = {"username": "ines", "code": code, "password": "402917", "again": "402917"}
    assert Client(HTTP_HOST="localhost").post("/sign-in/first/", short).status_code == 422


# ---- how much it asks of the database


@pytest.mark.parametrize("path", ["/service/", "/service/people/", "/service/changes/", "/service/promise/"])
def test_a_page_asks_as_much_for_three_hundred_accounts_as_for_three(service, lead, path) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert lead.get(path).status_code == 200
        return len(seen)

    asked()
    few = asked()
    rows = [
        Account(username=f"p{n}", name=f"Person {n}", organisation=service.organisation, created_at=service.at)
        for n in range(300)
    ]
    Account.objects.bulk_create(rows)
    Membership.objects.bulk_create(
        [Membership(account=one, organisation=service.organisation, role="therapist", since=service.at) for one in rows]
    )

    assert asked() == few <= 15
