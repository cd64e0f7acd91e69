"""One question a screen: each answer is the button; an answer about danger brings help, and a person, at once."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rooms.portal.conftest import a_phone

from openipt.casebook.models import Draft, Entry, Flag
from openipt.casebook.models.sealed import read_body
from openipt.rooms.portal.questions.asking import key_of
from openipt.therapy.course.danger import danger
from openipt.therapy.forms import open_form, score

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

KEY = key_of("phq-9")
Q = f"/my/q/{KEY}"


def page_id(phone, number: int) -> str:
    return re.search(r'name="_id" value="([^"]+)"', phone.text(f"{Q}/{number}/"))[1]


def answer(phone, number: int, value: int | None, made: str | None = None):
    said = {"_do": "pass"} if value is None else {f"q{number}": str(value)}
    return phone.browser.post(f"{Q}/{number}/", {"_id": made or page_id(phone, number), **said})


def answers_of(entry: Entry) -> dict:
    return read_body(entry.scope, "entry", entry.id, bytes(entry.body))["answers"]


def test_ten_taps_send_a_phq_9_and_the_address_does_not_say_which_it_is(phone) -> None:
    assert phone.get(f"{Q}/")["Location"] == f"{Q}/1/"
    for number in range(1, 10):
        assert answer(phone, number, 0 if number == 9 else 1)["Location"] == f"{Q}/{number + 1}/"
    last = answer(phone, 10, 2)

    (entry,) = phone.entries("phq-9")
    assert last["Location"] == f"/my/sent/{entry.id}/"
    assert answers_of(entry) == {f"q{n}": 1 for n in range(1, 9)} | {"q9": 0, "q10": 2}
    assert not Draft.objects.exists()
    assert "phq" not in Q
    shown = phone.text(last["Location"])
    assert "Low mood: 8 today. This is your first one." in shown


def test_an_answer_about_danger_is_in_the_record_with_its_flag_before_the_next_question(phone) -> None:
    for number in range(1, 9):
        answer(phone, number, 2)

    told = answer(phone, 9, 2)

    (entry,) = phone.entries("phq-9")
    flag = Flag.objects.get(entry=entry)
    assert (flag.rule, flag.owner) == ("R2", phone.service.staff["T-01"].id)
    assert told["Location"] == f"/my/sent/{entry.id}/"
    shown = phone.text(told["Location"])
    assert "Thank you for telling us" in shown
    assert "When a person sees this" in shown
    assert shown.index("Crisis numbers") < shown.index("When a person sees this")
    assert "One question is left" in shown


def test_the_rest_may_be_answered_afterwards_and_calls_nobody_a_second_time(phone) -> None:
    for number in range(1, 10):
        answer(phone, number, 2)
    first = phone.entries("phq-9")[0]

    assert phone.get(f"{Q}/")["Location"] == f"{Q}/10/"
    answer(phone, 10, 1)

    before, after = phone.entries("phq-9")
    assert (before.id, after.replaces_id) == (first.id, first.id)
    assert answers_of(after) == {f"q{n}": 2 for n in range(1, 10)} | {"q10": 1}
    assert Flag.objects.count() == 1


def test_a_danger_answer_taken_back_on_the_way_stays_in_the_record_and_its_flag_open(phone) -> None:
    for number in range(1, 10):
        answer(phone, number, 2)
    answer(phone, 9, 0)
    answer(phone, 10, 0)

    before, after = phone.entries("phq-9")
    assert (answers_of(before)["q9"], answers_of(after)["q9"]) == (2, 0)
    assert Flag.objects.filter(entry=before).count() == 1


def test_pressing_an_answer_twice_is_pressing_it_once(phone) -> None:
    for number in range(1, 9):
        answer(phone, number, 1)
    made = page_id(phone, 9)
    first, second = answer(phone, 9, 1, made), answer(phone, 9, 1, made)
    assert first["Location"] == second["Location"]
    made = page_id(phone, 10)
    first, second = answer(phone, 10, 1, made), answer(phone, 10, 1, made)

    assert second["Location"] == f"{first['Location']}?told=again"
    assert len(phone.entries("phq-9")) == 2  # so far, and whole
    assert Flag.objects.count() == 1


def test_another_answer_from_a_page_that_was_sent_is_kept_beside_it(phone) -> None:
    for number in range(1, 10):
        answer(phone, number, 0)
    made = page_id(phone, 10)
    answer(phone, 10, 1, made)

    late = answer(phone, 10, 3, made)

    assert late.status_code == 409
    assert "Nothing is lost" in late.content.decode()
    (entry,) = phone.entries("phq-9")
    assert Draft.objects.get(conflicts_with=entry)


def test_rather_not_say_is_remembered_and_is_never_zero(phone) -> None:
    for number in range(1, 11):
        answer(phone, number, None if number in (3, 9) else 1)

    (entry,) = phone.entries("phq-9")
    assert "q3" not in answers_of(entry)
    assert "q9" not in answers_of(entry)
    assert "risk_item_skipped" in score(open_form("phq-9"), answers_of(entry)).findings


def test_a_questionnaire_that_was_left_goes_on_where_it_was(phone) -> None:
    answer(phone, 1, 1)
    answer(phone, 2, 1)
    phone.browser.post("/my/leave/")
    phone.browser.force_login(phone.account, backend="openipt.accounts.backend.Backend")

    assert "You began a note: go on" in phone.text("/my/")
    assert "Go on at 3 of 10" in phone.text("/my/")
    assert phone.get(f"{Q}/")["Location"] == f"{Q}/3/"


@pytest.mark.parametrize("typed", ["7", "-1", "two", "", "1e1", "٣"])
def test_what_is_no_answer_is_said_and_stores_nothing(phone, typed) -> None:
    told = phone.browser.post(f"{Q}/1/", {"_id": str(uuid4()), "q1": typed})

    assert told.status_code in (302, 422)
    assert not phone.entries("phq-9")


@pytest.mark.parametrize(
    "address", ["/my/q/zzzzzzzz/", f"/my/q/{key_of('violence-check')}/1/", f"/my/q/{key_of('asq')}/1/"]
)
def test_nothing_is_asked_that_is_not_the_clients(phone, address) -> None:
    assert phone.get(address).status_code == 404


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(sheet=st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=10, max_size=10))
def test_no_danger_is_stored_without_a_flag_wherever_the_client_stops(service, sheet) -> None:
    """Whatever is answered, and wherever somebody stops: an answer about danger has its flag at that moment."""
    phone = a_phone(service)
    for number, value in enumerate(sheet, 1):
        answer(phone, number, value)
        so_far = {f"q{n}": one for n, one in enumerate(sheet[:number], 1) if one is not None}
        called = Flag.objects.filter(enrolment=phone.enrolment, rule__in=("R1", "R2", "R3")).exists()
        assert called == bool(danger(open_form("phq-9"), so_far))
