"""What is asked at the beginning, alone or not, says when it was written and when it is due again."""

from __future__ import annotations

import re

import pytest
from rooms.agreeing.desk import DAY, address, saved, send, text_of, today

from openipt.casebook.queries.record import record

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def test_each_sheet_of_the_beginning_says_when_it_was_last_written_and_when_it_is_due_again(browser, course) -> None:
    first = text_of(browser.get(address(course)))
    assert "Not asked yet. Ask when the client is alone." in first

    calm = dict.fromkeys(
        ("less_sleep_more_energy", "elated_or_reckless", "voices_or_visions", "beliefs_not_shared", "fainting"), "no"
    )
    calm |= dict.fromkeys(("intoxicated_now", "withdrawal_signs", "withdrawal_likely"), "no")
    saved(send(browser, course, "medical/", **calm))

    page = text_of(browser.get(address(course)))
    assert "Again at session 4, and whenever something new is seen." in page
    assert f"Last on {today().day} " in page


def test_the_violence_check_opens_with_who_may_be_there_and_stays_out_of_print(browser, course) -> None:
    page = browser.get(address(course, "alone/")).content.decode()

    assert "Only while Robin is alone with you" in page
    assert re.search(r'<article class="sheet filling agreeing asked-alone"', page)
    assert "<title>Asked alone" in page  # nothing in the tab of the browser for somebody who looks over a shoulder
    listed = browser.get(address(course)).content.decode()
    assert re.search(r'<li id="alone" class="asked-alone">', listed)


def test_what_was_answered_alone_stands_nowhere_on_the_page_of_agreements(browser, course) -> None:
    said = {"asked_alone": "yes", "about": "all_current", "result": "current_violence", "safe_to_raise": "no"}
    saved(send(browser, course, "alone/", **said))

    page = text_of(browser.get(address(course)))

    assert record(course).says("violence-check")["result"] == "current_violence"
    assert "Violence now" not in page
    assert "Not safe" not in page
    assert "an answer asked for a person" in page  # its flag is said without its words


def test_time_to_recover_is_renewed_by_changing_a_day(browser, course) -> None:
    soon = (today() + 20 * DAY).isoformat()
    saved(send(browser, course, "recover/", **{"can_reduce": "yes", "duties_reduced.0.text": "Lunch", "until": soon}))
    later = (today() + 40 * DAY).isoformat()

    saved(send(browser, course, "recover/", until=later))

    said = record(course).says("time-to-recover")
    assert (said["until"], said["duties_reduced"]) == (later, [{"text": "Lunch"}])
