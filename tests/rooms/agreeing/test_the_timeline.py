"""What happened stands on the timeline, and a newer version of it keeps the older one."""

from __future__ import annotations

import pytest
from rooms.agreeing.desk import address, fields_on, saved, send, text_of

from openipt.casebook.models import Entry, Thing
from openipt.casebook.queries.record import record

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def test_an_event_is_put_on_the_timeline_and_changed_as_a_new_version(browser, course) -> None:
    saved(
        send(browser, course, "timeline/", text="The project was refused", **{"date.year": "2025", "date.month": "04"})
    )
    known = record(course)
    first = known.newest("timeline", known.events[0].id)
    assert (first.answers["date"], first.answers["precision"]) == ("2025-04", "month")

    shown = browser.get(address(course, f"timeline/?replaces={first.id}"))
    pairs = {**fields_on(shown.content.decode()), "text": "The project was refused, nothing said", "_do": "save"}
    saved(browser.post(address(course, f"timeline/?replaces={first.id}"), pairs))

    known = record(course)
    assert len(known.events) == 1
    assert known.says("timeline", known.events[0].id)["text"] == "The project was refused, nothing said"
    assert Entry.objects.filter(form="timeline").count() == 2  # the older version is kept
    page = text_of(browser.get(address(course, "timeline/")))
    assert "April 2025" in page
    assert "In the record. It stands on the timeline below." in text_of(
        browser.get(address(course, "timeline/?told=saved"))
    )


def test_an_event_without_a_year_comes_back_with_words_and_everything_typed(browser, course) -> None:
    answer = send(browser, course, "timeline/", text="Lena takes permanent nights", **{"date.month": "11"})

    assert answer.status_code == 422
    assert "Write at least the year." in text_of(answer)
    assert "Lena takes permanent nights" in text_of(answer)
    assert not Thing.objects.filter(kind="event").exists()


def test_medication_stands_on_the_timeline(browser, course) -> None:
    saved(send(browser, course, "medication/", drug="Sertraline", action="start", dose_mg="50"))

    assert "Sertraline" in browser.get(address(course, "timeline/")).content.decode()
