"""Who looked at a record, in sentences, for whoever is in charge; a supervisor reads what they did themself."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from one_course import CALM, MOST_QUERIES, queries, signed_in, text_of, write

from openipt.audit.reading import Look
from openipt.casebook.operations.beginning import take_charge
from openipt.casebook.queries.looked import Looked
from openipt.rooms.workspace.risk.looks import days
from openipt.therapy.words import render

ANA, BEN = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
NAMES = {ANA.replace("-", ""): "Dr Amal", BEN.replace("-", ""): "Ben"}
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def told(*looks: Look, client: str | None = None) -> dict[date, list[str]]:
    newest = tuple(sorted(looks, key=lambda one: one.at, reverse=True))
    found = Looked(newest, False, NAMES, client)
    return {
        day.on: [
            " ".join(filter(None, (render(one.words), render(one.purpose) if one.purpose else ""))) for one in day.told
        ]
        for day in days(found)
    }


def look(by: str = ANA, act: str = "course.open", purpose: str = "treatment", minutes: int = 0, **more) -> Look:
    return Look(NOON + timedelta(minutes=minutes), by, act, purpose, **more)


def test_somebody_who_opened_a_record_twelve_times_is_one_sentence() -> None:
    assert told(*(look(minutes=n) for n in range(12)))[NOON.date()] == [
        "Dr Amal opened this record 12 times, first at 12:00."
    ]


@pytest.mark.parametrize(
    ("one", "sentence"),
    [
        (look(), "Dr Amal opened this record at 12:00."),
        (look(purpose=""), "Dr Amal wrote in this record at 12:00."),
        (look(BEN, purpose="supervision"), "Ben opened this record at 12:00. To supervise."),
        (look(act="record.print"), "Dr Amal printed from this record at 12:00."),
        (look(times=3, listed=True), "This record stood on lists that Dr Amal opened, 3 times."),
        (look("tick", act="pass_on_flag", purpose=""), "The service itself wrote in this record at 12:00."),
        (look("33333333-3333-4333-8333-333333333333"), "Somebody who is not on the list of staff any more opened"),
    ],
)
def test_each_way_of_looking_has_its_sentence(one: Look, sentence: str) -> None:
    assert told(one)[NOON.date()][0].startswith(sentence)


def test_the_client_is_called_the_client() -> None:
    assert told(look(ANA, purpose=""), client=ANA)[NOON.date()] == ["The client wrote in this record at 12:00."]


@given(st.lists(st.tuples(st.sampled_from([ANA, BEN]), st.sampled_from(["", "treatment"]), st.integers(0, 5000))))
def test_no_look_is_lost_in_the_folding(acts: list) -> None:
    looks = [look(by, purpose=purpose, minutes=minutes) for by, purpose, minutes in acts]

    sentences = [words for day in told(*looks).values() for words in day]

    counted = sum(int(n[1]) if (n := re.search(r"(\d+) times", words)) else 1 for words in sentences)
    assert counted == len(looks)


@pytest.mark.django_db(databases=["default", "keys"])
class TestThePage:
    def test_whoever_is_in_charge_reads_of_everybody(self, browser, service, course) -> None:
        write(service, course, "phq-9", CALM)
        page = text_of(browser.get(f"/courses/{course.label}/looks/"))

        assert "T-01 wrote in this record" in page
        assert "T-01 opened this record" in text_of(browser.get(f"/courses/{course.label}/looks/"))

    def test_a_supervisor_reads_what_they_did_themself(self, browser, service, course) -> None:
        write(service, course, "phq-9", CALM)
        theirs = signed_in(service, "S-01", ("supervisor",))
        take_charge(course, service.staff["S-01"].id, "supervision", service.at)
        theirs.get(f"/courses/{course.label}/")

        page = text_of(theirs.get(f"/courses/{course.label}/looks/"))

        assert "S-01 opened this record" in page
        assert "To supervise." in page
        assert "T-01" not in page

    def test_outsiders_find_nothing_and_it_is_on_the_story_of_the_course(self, browser, service, course) -> None:
        address = f"/courses/{course.label}/looks/"
        assert signed_in(service, "T-77").get(address).status_code == 404
        assert f'href="{address}"' in text_of(browser.get(f"/courses/{course.label}/"))

    def test_it_asks_few_questions_however_many_looked(self, browser, service, course) -> None:
        address = f"/courses/{course.label}/looks/?all"
        before = queries(browser, address)
        for _ in range(9):
            browser.get(f"/courses/{course.label}/")

        assert queries(browser, address) == before <= MOST_QUERIES
