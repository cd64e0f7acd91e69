"""The agreement is one card with what the manual usually agrees."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from rooms.agreeing.desk import address, saved, send, text_of, today

from openipt.casebook.queries.record import record
from openipt.therapy.course import where
from openipt.therapy.manuals import open_manual

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def test_the_card_opens_with_what_the_manual_agrees_and_counts_the_last_day(browser, course) -> None:
    page = text_of(browser.get(address(course, "contract/")))
    began = record(course).began_on
    assert re.search(r"12 sessions, to \d+ \w+ \d{4}", page)

    saved(send(browser, course, "contract/", _sessions="12", agreed_how="spoken"))

    said = record(course).says("contract")
    assert (said["sessions_n"], said["agreed_how"], said["agreed_on"]) == (12, "spoken", today().isoformat())
    assert said["planned_end"] == (began + timedelta(weeks=11)).isoformat()
    assert said["review_points"] == [{"session": 3}, {"session": 4}, {"session": 8}, {"session": 12}]
    assert "confidentiality_limits_ack" not in said  # what has to be said aloud is never ticked beforehand
    assert where(open_manual("ipt-classic"), record(course), today()).planned == 12


def test_a_last_day_that_was_written_stays(browser, course) -> None:
    saved(send(browser, course, "contract/", _sessions="", sessions_n="14", planned_end="2099-01-05"))

    said = record(course).says("contract")
    assert (said["sessions_n"], said["planned_end"]) == (14, "2099-01-05")


@pytest.mark.parametrize("typed", ["many", "0", "900"])
def test_a_number_of_sessions_that_is_none_is_named(browser, course, typed) -> None:
    answer = send(browser, course, "contract/", _sessions="", sessions_n=typed)

    assert answer.status_code == 422
    assert f"you wrote “{typed}”" in text_of(answer)
