"""The service's own crisis numbers: region, source, the day they were last rung; a wrong line hides no other."""

from __future__ import annotations

import warnings
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.checks import run_checks
from hypothesis import given
from hypothesis import strategies as st
from one_course import text_of

from openipt.rooms.ui.crisis_numbers import HOLDS, NAME, TAG, crisis_numbers, faults

TODAY = date(2026, 3, 2)
HOUSE = Path(__file__).resolve().parents[3]
GOOD = (
    '{name: Crisis line, call: "+00 000 11", hours: day and night, region: North, source: their card, checked_on: %s}'
)


@pytest.fixture
def page(tmp_path, settings) -> Path:
    place = tmp_path / NAME
    settings.CRISIS_NUMBERS = str(place)
    return place


def numbers(*rows: str) -> str:
    return "numbers:\n" + "".join(f"  - {row}\n" for row in rows)


def test_a_number_is_read_with_everything_that_is_to_be_shown_beside_it(page: Path) -> None:
    page.write_text(numbers(GOOD % "2026-02-01", GOOD.replace("North", "South") % "2026-02-01"))

    found = crisis_numbers()

    assert [region for region, _ in found.by_region] == ["North", "South"]
    assert (found.every[0].dial, found.every[0].source) == ("+0000011", "their card")
    assert list(faults(found, TODAY)) == []


@pytest.mark.parametrize(
    "row",
    [
        "{name: Crisis line}",
        GOOD.replace('"+00 000 11"', "ask at the desk") % "2026-02-01",
        GOOD % "last spring",
        "just words",
        GOOD.replace("source: their card, ", "") % "2026-02-01",
    ],
)
def test_a_wrong_line_is_named_and_hides_no_other(page: Path, row: str) -> None:
    page.write_text(numbers(row, GOOD % "2026-02-01"))

    found = crisis_numbers()

    assert len(found.every) == 1
    assert found.wrong[0].startswith("Number 1 is not shown")


@pytest.mark.parametrize("text", ["numbers: none", "", "numbers: [", "- 1"])
def test_a_page_that_cannot_be_read_breaks_nothing_and_is_told(page: Path, text: str) -> None:
    page.write_text(text)

    assert crisis_numbers().every == ()
    assert list(faults(crisis_numbers(), TODAY))


@given(st.integers(0, 1000))
def test_a_number_is_old_after_half_a_year_and_not_a_day_before(days: int) -> None:
    from openipt.rooms.ui.crisis_numbers import Number

    one = Number(name="x", call="112", hours="always", region="here", source="us", checked_on=TODAY - timedelta(days))

    assert one.is_old(TODAY) == (days > HOLDS.days)


def test_the_check_of_a_service_warns_of_old_numbers_and_of_none(page: Path) -> None:
    page.write_text(numbers(GOOD % "2020-01-01"))
    [warned] = run_checks(tags=[TAG], include_deployment_checks=True)
    assert "Ring it again" in warned.msg

    page.unlink()
    [warned] = run_checks(tags=[TAG], include_deployment_checks=True)
    assert "No crisis number" in warned.msg


@pytest.mark.django_db(databases=["default", "keys"])
def test_the_safety_page_shows_them_by_region_and_says_to_staff_which_are_old(page, browser, course) -> None:
    page.write_text(numbers(GOOD % "2020-01-01"))

    shown = " ".join(text_of(browser.get(f"/courses/{course.label}/safety/")).split())

    assert '<h3 class="small">North</h3>' in shown
    assert "From their card; last rung 1 January 2020." in shown
    assert "more than 180 days ago" in shown


def test_every_page_of_numbers_that_this_house_brings_along_is_fresh() -> None:
    """A build with old numbers warns: it does harm to send somebody to a number that nobody answers."""
    pages = [one for one in HOUSE.rglob(f"*{NAME}") if ".venv" not in one.parts and "var" not in one.parts]
    for one in pages:
        for words in faults(crisis_numbers(one), date.today()):
            warnings.warn(f"{one.relative_to(HOUSE)}: {words}", stacklevel=1)
