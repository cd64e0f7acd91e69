"""A course is to begin, and there is danger to life: the emergency way stands first, the reason comes after it."""

from __future__ import annotations

import pytest
from one_course import mark, text_of

from openipt.rooms.ui.crisis_numbers import NAME

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

LINE = (
    'numbers:\n  - {name: Night line, call: "+00 000 11", hours: day and night, region: North, source: their card, '
    'checked_on: "2026-02-01"}\n'
)


@pytest.fixture
def ask(browser, tmp_path, settings):
    settings.CRISIS_NUMBERS = str(tmp_path / NAME)
    (tmp_path / NAME).write_text(LINE)
    who = {"called": "Robin", "manual": "ipt-classic", "began_on": "2026-03-02", "_do": "begin"}
    return lambda **answers: browser.post("/courses/new/", {**mark(), **who, **answers})


def test_acute_danger_shows_whom_to_ring_before_it_asks_for_a_reason(ask) -> None:
    answer = ask(rule_acute_danger="yes")

    page = text_of(answer)
    assert answer.status_code == 422
    places = [
        page.index("Acute danger to life</h2>"),
        page.index("Ring emergency services now."),
        page.index("Night line"),
        page.index("This speaks against it: “Acute danger to life”. Write why it begins all the same."),
    ]
    assert places == sorted(places)
    assert 'name="rule_acute_danger" value="yes" checked' in page


def test_every_item_that_speaks_against_it_is_named(ask) -> None:
    page = text_of(ask(rule_psychosis="yes", rule_mania="yes"))

    assert "“Psychosis”; “Mania, or bipolar disorder”" in page
    assert "Ring emergency services" not in page


def test_with_a_reason_it_begins_all_the_same(ask) -> None:
    assert ask(rule_acute_danger="yes", chosen_because="The crisis team is here and asked for it.").status_code == 302
