"""What a client wrote waits on the caseload of whoever treats them until they look; the client hears nothing of it."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rooms.portal.conftest import a_phone
from rooms.portal.test_after_the_ending import ended
from rooms.portal.test_between_sessions import a_session

from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.operations.saving import save_entry
from openipt.casebook.operations.sessions import hold_session
from openipt.rooms.portal.questions.asking import key_of
from openipt.rooms.workspace.sessions.came_in import ELSEWHERE, told_here, unseen

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
LESSON = f"/my/read/{key_of('lesson/active-listening')}/"
WAITS = re.compile(r"(One sheet|\d+ sheets) came in since you last looked")


def browser_of(service, name: str) -> Client:
    made = Client(HTTP_HOST="localhost")
    made.force_login(service.staff[name], backend="openipt.accounts.backend.Backend")
    return made


def waits(service, name: str = "T-01") -> list[str]:
    """What the caseload of somebody says of sheets that came in, row by row."""
    return WAITS.findall(browser_of(service, name).get("/").content.decode())


def write(phone, words: str = "Rang Petra") -> None:
    phone.send("/my/well/", text=words, _do="send")


def look(phone, name: str = "T-01") -> str:
    return browser_of(phone.service, name).get(f"/courses/{phone.enrolment.label}/sessions/ahead/").content.decode()


def test_what_came_in_is_counted_until_it_was_looked_at(service, phone) -> None:
    assert waits(service) == []
    write(phone)
    phone.send(LESSON, _do="send")
    assert waits(service) == ["2 sheets"]

    page = look(phone)

    assert "From the client" in page
    assert "Rang Petra" in page
    assert "Listening so that others feel heard" in page
    assert waits(service) == []
    write(phone, "Slept well")
    assert waits(service) == ["One sheet"]


def test_what_was_sent_at_the_door_stands_on_the_session_that_began_at_the_full_minute(service, phone) -> None:
    minute = timezone.now().replace(second=0, microsecond=0)
    write(phone, "Sent at the door")
    how = {"by": service.actor(), "at": timezone.now(), "enrolment": phone.enrolment.label}
    hold_session(**how, id=uuid4(), number=1, kind="attended", happened_at=minute)

    page = browser_of(service, "T-01").get(f"/courses/{phone.enrolment.label}/sessions/1/").content.decode()

    assert "Sent at the door" in page


def test_the_way_leads_to_where_it_can_be_read(service, phone) -> None:
    write(phone)

    page = browser_of(service, "T-01").get("/").content.decode()

    assert f'/courses/{phone.enrolment.label}/sessions/ahead/#h-since">One sheet came in' in page
    assert 'id="h-since"' in look(phone)


def test_after_the_ending_it_stands_on_the_page_of_the_course(service, phone) -> None:
    ended(phone, 10, 60)
    write(phone)
    course = f"/courses/{phone.enrolment.label}/"

    page = browser_of(service, "T-01").get("/").content.decode()
    assert f'{course}#h-from-client">One sheet came in' in page

    story = browser_of(service, "T-01").get(course).content.decode()
    assert 'id="h-from-client"' in story
    assert "Rang Petra" in story
    assert waits(service) == []


def test_what_is_only_for_the_client_is_not_counted(service, phone) -> None:
    phone.send("/my/well/", text="Only mine", _only_me="1", _do="send")

    assert waits(service) == []


def test_what_the_therapist_wrote_is_not_counted(service, phone) -> None:
    phone.write("went-well", {"text": "Told in the session"})

    assert waits(service) == []


def test_each_looks_for_themselves_and_only_who_treats_is_told(service, phone) -> None:
    take_charge(phone.enrolment, service.account("T-02").id, "cover", timezone.now())
    take_charge(phone.enrolment, service.account("S-01", ("supervisor",)).id, "supervision", timezone.now())
    write(phone)

    look(phone, "T-02")

    assert waits(service, "T-02") == []
    assert waits(service, "T-01") == ["One sheet"]
    assert waits(service, "S-01") == []


def test_another_version_of_a_sheet_is_one_sheet(service, phone) -> None:
    write(phone)
    older = phone.entries("went-well")[0]
    save_entry(
        by=phone.actor(),
        at=timezone.now(),
        enrolment=phone.enrolment.label,
        form="went-well",
        answers={"text": "Rang Petra twice"},
        replaces=older.id,
    )

    assert waits(service) == ["One sheet"]


def test_an_earlier_day_tells_nothing_of_it(service, phone) -> None:
    write(phone)
    day = timezone.localdate() + timedelta(days=1)

    assert not WAITS.search(browser_of(service, "T-01").get(f"/?on={day}").content.decode())


def test_it_is_one_query_however_many_courses(service, phone) -> None:
    phones = [phone, a_phone(service), a_phone(service)]
    for one in phones:
        write(one)
        a_session(one)
    labels = [one.enrolment.label for one in phones]

    with CaptureQueriesContext(connection) as asked:
        found = unseen().by_course(service.actor(), timezone.now())

    assert len(asked) == 1
    assert found == dict.fromkeys(labels, 1)


def test_what_is_told_elsewhere_or_is_no_sheet_of_theirs_is_not_counted() -> None:
    assert not told_here() & ELSEWHERE
    assert {"went-well", "lesson-read", "interpersonal-inventory"} <= told_here()
    assert not told_here() & {"phq-9", "session-record", "violence-check", "safety-conversation"}
