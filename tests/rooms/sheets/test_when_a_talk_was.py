"""A talk is remembered by its evening, seldom by the clock: a day, a part of it, or nothing is enough."""

from __future__ import annotations

from datetime import timedelta

import pytest
from uuid_utils.compat import uuid7

from openipt.casebook.queries.record import record
from openipt.exchange.clinic.shifting import move_moment
from openipt.rooms.filling.reading import read
from openipt.rooms.filling.typed import plant
from openipt.rooms.filling.writing import pairs_of
from openipt.therapy.forms import open_form, score

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

TALK = "communication-analysis"
SAID = {"lines.0.speaker": "me", "lines.0.said": "You could have rung."}
WHEN = [
    ({"when.day": "2025-11-01", "part_of_day": "evening"}, {"when": "2025-11-01", "part_of_day": "evening"}),
    ({"when.day": "2025-11-01"}, {"when": "2025-11-01"}),
    ({"part_of_day": "night"}, {"part_of_day": "night"}),
    ({"when.day": "2025-11-01", "when.time": "18:40"}, {"when": "2025-11-01T18:40"}),
    ({}, {}),
]


@pytest.mark.parametrize(("typed", "kept"), WHEN)
def test_a_talk_is_taken_with_as_much_of_its_time_as_is_known(visitor, clinic, typed, kept) -> None:
    made = str(uuid7())

    answer = visitor.post(
        f"/courses/C02/fill/{TALK}/?session=S09&back=S09", {"_id": made, "_do": "save", **SAID, **typed}
    )

    assert answer.status_code == 303, answer.content.decode()
    stored = next(one for one in record(clinic.enrolment("C02")).entries if one.id == made)
    assert {name: stored.answers[name] for name in ("when", "part_of_day") if name in stored.answers} == kept
    again = visitor.get(f"/courses/C02/fill/{TALK}/?replaces={made}").content.decode()
    assert all(f'value="{text}"' in again for text in typed.values())


def test_the_plain_page_takes_a_day_alone_too(visitor, clinic) -> None:
    typed = {"_id": str(uuid7()), "_do": "save", **SAID, "when.day": "2025-11-01"}

    assert visitor.post(f"/courses/C02/fill/{TALK}/?plain=1", typed).status_code == 303


def test_a_time_without_a_day_still_asks_for_the_day(visitor, clinic) -> None:
    typed = {"_id": str(uuid7()), "_do": "save", **SAID, "when.time": "18:40"}

    answer = visitor.post(f"/courses/C02/fill/{TALK}/", typed)

    assert answer.status_code == 422
    assert "Please add the day." in answer.content.decode()


@pytest.mark.parametrize("form", [TALK, "emotion-identification", "active-listening", "role-play"])
def test_a_day_without_a_clock_is_an_answer_and_goes_back_into_its_field(form: str) -> None:
    opened = open_form(form)

    assert not [one for one in score(opened, {"when": "2025-11-01"}).errors if one.item == "when"]
    assert [one for one in score(opened, {"when": "in the evening"}).errors if one.item == "when"]
    pairs = pairs_of(opened, {"when": "2025-11-01"}, [])
    assert pairs == [("when.day", "2025-11-01")]
    assert read(opened, plant(pairs)[0]).answers == {"when": "2025-11-01"}


def test_where_the_clock_matters_it_is_still_asked_for() -> None:
    assert score(open_form("session-record"), {"next_date": "2025-11-10"}).errors


def test_a_demo_that_is_moved_to_today_moves_a_day_without_a_clock() -> None:
    assert move_moment("2025-11-01", timedelta(days=7)) == "2025-11-08"
    assert move_moment("2025-11-01T18:40", timedelta(days=7)) == "2025-11-08T18:40"
