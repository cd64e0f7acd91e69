"""The client says whether they come to the next session, or why not; the therapist sees it, and is called."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from rooms.portal.test_between_sessions import a_session

from openipt.casebook.models import Flag
from openipt.casebook.operations.sessions import hold_session

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def staff(service, name: str = "T-01") -> Client:
    made = Client(HTTP_HOST="localhost")
    made.force_login(service.account(name), backend="openipt.accounts.backend.Backend")
    return made


def agreed(phone, days: int = 5) -> str:
    at = (timezone.now() + timedelta(days=days)).replace(hour=15, minute=0, second=0, microsecond=0)
    phone.write("session-record", {"next_date": f"{at:%Y-%m-%dT%H:%M}"})
    return f"{at:%Y-%m-%dT%H:%M}"


def answers(phone) -> list[dict]:
    from openipt.casebook.queries.record import record

    return [dict(one.answers) for one in record(phone.enrolment, naming=False).of("appointment-answer")]


def test_coming_is_one_tap_and_calls_nobody(phone) -> None:
    at = agreed(phone)
    assert 'href="/my/session/"' in phone.text("/my/")

    told = phone.send("/my/session/", answer="coming")

    assert told["Location"] == "/my/?told=sent"
    assert answers(phone) == [{"session_at": at, "answer": "coming"}]
    assert not Flag.objects.exists()
    assert "You said: i am coming" in phone.text("/my/session/")


@pytest.mark.parametrize("answer", ["another_time", "not_coming"])
def test_not_coming_is_a_task_with_a_name_and_a_time(phone, answer) -> None:
    agreed(phone)

    told = phone.send("/my/session/", answer=answer, why="work", words="A late shift")

    assert told["Location"].startswith("/my/sent/")
    assert "When a person sees this" in phone.text(told["Location"])
    flag = Flag.objects.get()
    assert flag.rule == "R14"
    assert flag.owner == phone.service.staff["T-01"].id


def test_a_changed_mind_leaves_no_old_reason_behind(phone) -> None:
    agreed(phone)
    phone.send("/my/session/", answer="not_coming", why="ill", words="A cold")
    phone.send("/my/session/", answer="coming")

    assert answers(phone)[-1].keys() == {"session_at", "answer"}


def test_the_same_tap_twice_is_one_answer(phone) -> None:
    agreed(phone)
    page = phone.text("/my/session/")
    made = re.search(r'name="_id" value="([^"]+)"', page)[1]
    for _ in range(2):
        phone.browser.post("/my/session/", {"_id": made, "answer": "coming"})

    assert len(phone.entries("appointment-answer")) == 1


def test_where_no_session_is_agreed_the_page_says_so(phone) -> None:
    assert "No session is agreed" in phone.text("/my/session/")
    assert phone.send("/my/session/", answer="coming").status_code == 200
    assert answers(phone) == []


@pytest.mark.parametrize("said", [{}, {"answer": "perhaps"}])
def test_what_cannot_be_taken_is_said_and_stored_nowhere(phone, said) -> None:
    agreed(phone)

    assert phone.send("/my/session/", **said).status_code == 422
    assert answers(phone) == []


def test_a_session_that_was_not_met_may_be_explained_and_need_not_be(phone) -> None:
    when = timezone.now() - timedelta(days=2)
    how = {"by": phone.service.actor(), "at": timezone.now(), "enrolment": phone.enrolment.label}
    hold_session(**how, id=uuid4(), number=1, kind="no_show", happened_at=when)
    assert "You can tell us why" in phone.text("/my/")

    told = phone.send("/my/session/", answer="did_not_come", why="too_much")

    assert told.status_code == 302
    assert answers(phone)[-1]["why"] == "too_much"
    assert "You can tell us why" not in phone.text("/my/")
    assert not Flag.objects.exists()


def test_the_therapist_reads_it_before_the_session(service, phone) -> None:
    a_session(phone, next_in=2)
    phone.send("/my/session/", answer="another_time", why="work", words="A late shift")

    page = staff(service).get(f"/courses/{phone.enrolment.label}/sessions/ahead/")

    assert "I need another time" in page.content.decode()
    assert "A late shift" in page.content.decode()


def test_an_outsider_and_another_client_find_nothing(service, phone) -> None:
    agreed(phone)

    assert staff(service, "T-09").get("/my/session/").status_code == 404
    assert staff(service, "T-09").get("/my/notes/").status_code == 404
    assert staff(service, "T-09").get("/my/back/").status_code == 404


# ---- notes that remind


def test_the_client_chooses_how_many_notes_and_at_what_times(phone) -> None:
    told = phone.send("/my/notes/", a_week="one", earliest="17:00", latest="20:00", link="yes")
    assert told.status_code == 302
    page = phone.text("/my/notes/")
    assert 'value="one" checked' in page
    assert 'value="17:00"' in page


def test_times_that_cannot_be_read_are_named(phone) -> None:
    told = phone.send("/my/notes/", a_week="one", earliest="25:00", latest="20:00")

    assert told.status_code == 422
    assert "25:00" in told.content.decode()
