"""On pages of staff a sheet goes by the field's name, with the title the client sees below it; the client's stays."""

from __future__ import annotations

import re
from html import unescape

import pytest
from uuid_utils.compat import uuid7

from openipt.rooms.filling.called import client_sees, field_name
from openipt.therapy.forms import open_form, open_forms

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

TWO_NAMES = [form.id for form in open_forms() if form.kind == "worksheet" and form.short]
BY_STAFF = [form for form in TWO_NAMES if "therapist" in open_form(form).filled_by]
SESSION = "/courses/C02/sessions/9/"


def words_of(response) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())))


def heading(response) -> str:
    return unescape(re.search(r"<h1>([^<]+)</h1>", response.content.decode())[1])


def test_only_a_worksheet_for_clients_has_two_names() -> None:
    called = {form.id: (field_name(form), client_sees(form)) for form in open_forms()}

    assert called["communication-analysis"] == ("Communication analysis", "A talk, line by line")
    assert called["phq-9"] == ("Patient Health Questionnaire-9", "")
    assert called["timeline"][1] == ""
    assert {form for form, (_, seen) in called.items() if seen} == set(TWO_NAMES)


@pytest.mark.parametrize("form", BY_STAFF)
def test_a_sheet_is_headed_by_its_name_with_the_clients_title_below(visitor, clinic, form: str) -> None:
    page = visitor.get(f"/courses/C02/fill/{form}/?fresh=1&plain=1")

    assert heading(page) == open_form(form).name
    assert f"The client sees: {open_form(form).title}" in words_of(page)


def test_lists_entries_and_agenda_say_the_same_name(visitor, clinic) -> None:
    typed = {"_id": str(uuid7()), "_do": "save", "issue_one_line": "Nobody says what it meant"}
    visitor.post("/courses/C02/fill/dispute-map/?session=S09&back=S09", typed)

    assert heading(visitor.get(f"/courses/C02/entries/{typed['_id']}/")) == "Dispute map"
    for address in (SESSION, "/courses/C02/"):
        page = words_of(visitor.get(address))
        assert "Dispute map" in page
        assert "What we disagree about" not in page
        assert "A talk, line by line" not in page


def test_turned_to_the_client_it_goes_by_the_clients_title_alone(visitor, clinic) -> None:
    address = "/courses/C02/fill/dispute-map/?session=S09&back=S09"
    turned = visitor.post(address, {"_id": str(uuid7()), "_do": "turn:to"}, follow=True)

    assert heading(turned) == "What we disagree about"
    assert "Dispute map" not in words_of(turned)
