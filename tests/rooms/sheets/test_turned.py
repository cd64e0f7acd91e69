"""A sheet turned to the client: the one sheet, large, and nothing else of the record; and it keeps itself."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client
from uuid_utils.compat import uuid7

from openipt.casebook.queries.record import record
from openipt.rooms.filling.turned import for_staff, may_turn
from openipt.therapy.forms import form_ids, open_form

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

MAP = "/courses/C02/fill/dispute-map/"
ASKED_ALONE = "Asked alone on the stairs; she is afraid of him."
TYPED = {
    "person": "P01",
    "issue_one_line": "Whose work counts?",
    "safety_check.result": ASKED_ALONE,
    "safety_check.done_session": "3",
}


def send(browser: Client, address: str, typed: dict[str, str], do: str, mark=None, **more: str):
    fields = {"_id": str(mark or uuid7()), "_do": do, **more, **typed}
    return browser.post(address, urlencode(fields), content_type="application/x-www-form-urlencoded")


def turned(browser: Client, mark=None, typed: dict[str, str] = TYPED):
    answer = send(browser, f"{MAP}?session=S09&back=S09", typed, "turn:to", mark)
    assert answer.status_code == 302
    assert "turned=1" in answer["Location"]
    return answer["Location"], browser.get(answer["Location"])


def test_nothing_else_of_the_record_is_on_the_page(visitor, clinic) -> None:
    _, page = turned(visitor)
    said = unescape(page.content.decode())

    assert "Whose work counts?" in said
    for never in (
        ASKED_ALONE,
        "Mateo",
        "Caseload",
        "Everybody",
        "Sign out",
        "PHQ",
        "asked alone",
        '/courses/C02/"',
        "sessions/",
    ):
        assert never.lower() not in said.lower(), never
    assert "safety_check" not in said
    assert "_day" not in said  # when it was answered is for staff to say


def test_what_staff_wrote_stays_with_the_sheet_while_the_client_writes_on_it(visitor, clinic) -> None:
    mark = uuid7()
    address, _ = turned(visitor, mark)
    theirs = {"person": "P01", "issue_one_line": "Who decides?", "_turned": "1"}
    assert visitor.post(f"{MAP}draft?turned=1", {"_id": str(mark), **theirs}).json()["kept"]

    back = send(visitor, address, theirs, "turn:back", mark)
    page = unescape(visitor.get(back["Location"]).content.decode())

    assert "turned" not in back["Location"]
    assert ASKED_ALONE in page
    assert 'value="Who decides?"' in page
    saved = send(visitor, back["Location"], TYPED | {"issue_one_line": "Who decides?"}, "save", mark)
    assert saved["Location"] == "/courses/C02/sessions/9/?told=sheet#h-sheets"
    kept = next(one for one in record(clinic.enrolment("C02")).entries if one.id == str(mark))
    assert kept.answers["safety_check"] == {"done_session": 3, "result": ASKED_ALONE}
    assert kept.answers["issue_one_line"] == "Who decides?"


def test_the_way_back_takes_two_steps_and_is_the_last_thing_on_the_page(visitor, clinic) -> None:
    _, page = turned(visitor)
    said = page.content.decode()
    back = said.index('value="turn:back"')

    assert said.rindex("<details", 0, back) < said.index("For the therapist") < back
    assert not re.search(r"<details[^>]* open[^>]*><summary>For the therapist", " ".join(said.split()))
    assert "<a " not in said  # a link would lead somewhere else
    assert said.rindex("<textarea", 0) < back


def test_a_sheet_is_turned_by_its_button_and_never_by_an_old_address(visitor, clinic) -> None:
    fresh = visitor.get("/courses/C02/fill/support-plan/?turned=1")

    assert fresh.status_code == 302
    assert "turned" not in fresh["Location"]


def test_a_sheet_that_cannot_wait_here_is_turned_on_the_page_itself_with_its_open_parts(visitor, clinic) -> None:
    grief = "/courses/C01/fill/grief-reconstruction/"
    typed = {"sections_open": "story", "where_was_i": "At work."}
    page = send(visitor, grief, typed, "turn:to")
    said = unescape(page.content.decode())

    assert page.status_code == 200
    assert "At work." in said
    assert "What happened" in said
    assert "The two of you" not in said  # not opened yet
    assert "Hanna" not in said
    again = send(visitor, grief, {"sections_open": "story", "where_was_i": "At work.", "_turned": "1"}, "turn:back")
    assert 'value="story" checked' in again.content.decode()


def test_only_a_sheet_that_the_client_may_fill_can_be_turned() -> None:
    no = {name for name in form_ids() if not may_turn(open_form(name))}

    assert {"violence-check", "session-record", "session-note", "phq-9", "fidelity-rating"} <= no
    assert may_turn(open_form("communication-analysis"))


def test_staff_questions_are_known_also_inside_a_group() -> None:
    assert for_staff(open_form("dispute-map"), "safety_check.result")
    assert not for_staff(open_form("dispute-map"), "expectations_mine.0.text")
    assert not for_staff(open_form("dispute-map"), "no_such_question")
