"""The formulation is said, asked about, and kept as it was said; nothing that was typed is lost."""

from __future__ import annotations

import re

import pytest
from rooms.agreeing.desk import BACKEND, HERS, a_formulation, address, fields_on, saved, send, text_of

from openipt.casebook.models import Draft, Entry
from openipt.casebook.queries.record import record

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def test_where_the_client_sees_it_differently_stands_on_the_agreements_and_on_the_story(browser, course) -> None:
    differs = "It began before the quarrel, when the nights began"
    saved(send(browser, course, "formulation/", **a_formulation(disagrees=differs, client_fit="5")))

    for page in (address(course), f"/courses/{course.label}/"):
        shown = text_of(browser.get(page))
        assert "Where the client sees it differently" in shown
        assert differs in shown
        assert HERS in shown


def test_events_of_the_timeline_are_ticked_as_what_was_happening_then(browser, course) -> None:
    saved(send(browser, course, "timeline/", text="The project was refused", **{"date.year": "2025"}))
    (event,) = record(course).events

    saved(send(browser, course, "formulation/", **a_formulation(**{"precipitants.0.event": event.id})))

    assert record(course).says("formulation")["precipitants"] == [{"event": event.id}]
    again = browser.get(address(course, "formulation/"), follow=True).content.decode()
    assert re.search(rf'name="precipitants.0.event" value="{event.id}" checked', again)


def test_two_tabs_with_a_first_formulation_keep_both(browser, course) -> None:
    first, second = (fields_on(browser.get(address(course, "formulation/")).content.decode()) for _ in range(2))
    saved(browser.post(address(course, "formulation/"), {**first, **a_formulation(), "_do": "save"}))

    late = browser.post(
        address(course, "formulation/"), {**second, **a_formulation(client_words="Not quite that."), "_do": "save"}
    )

    assert late.status_code == 409
    assert "A newer version came in while you were writing" in text_of(late)
    assert "Not quite that." in text_of(late)
    assert record(course).says("formulation")["client_words"] == HERS
    assert Draft.objects.filter(form="formulation").exists()


def test_a_page_sent_twice_is_one_sheet(browser, course) -> None:
    pairs = {
        **fields_on(browser.get(address(course, "formulation/")).content.decode()),
        **a_formulation(),
        "_do": "save",
    }

    saved(browser.post(address(course, "formulation/"), pairs))
    saved(browser.post(address(course, "formulation/"), pairs))

    assert Entry.objects.filter(form="formulation").count() == 1


def test_a_sign_in_that_ran_out_loses_nothing(service, browser, course) -> None:
    pairs = {
        **fields_on(browser.get(address(course, "formulation/")).content.decode()),
        **a_formulation(),
        "_do": "save",
    }
    browser.logout()

    asked = browser.post(address(course, "formulation/"), pairs)
    assert asked.status_code == 403
    browser.force_login(service.account("T-01"), backend=BACKEND)

    assert HERS in text_of(browser.get(address(course, "formulation/")))
