"""The demonstration clinic has crisis numbers that can be shown, and none that rings at a stranger's."""

from __future__ import annotations

from datetime import date

from django.template.loader import render_to_string

from openipt.rooms.ui.crisis_numbers import crisis_numbers, faults
from openipt.site.demo_numbers import write_demo_numbers
from openipt.site.home import Home


def test_the_demonstration_clinic_has_crisis_numbers(tmp_path) -> None:
    today = date(2026, 11, 22)
    write_demo_numbers(Home(tmp_path), today)
    numbers = crisis_numbers(tmp_path / "crisis-numbers.yaml")

    assert list(faults(numbers, today)) == []
    assert [one.dial for one in numbers.every] == ["112", "+442079460123"]


def test_a_page_that_is_there_stays_as_it_is(tmp_path) -> None:
    page = tmp_path / "crisis-numbers.yaml"
    page.write_text("numbers: []\n")
    write_demo_numbers(Home(tmp_path), date(2026, 11, 22))

    assert page.read_text() == "numbers: []\n"


def test_no_number_of_the_demonstration_is_said_to_have_been_rung(tmp_path) -> None:
    today = date(2026, 11, 22)
    write_demo_numbers(Home(tmp_path), today)
    numbers = crisis_numbers(tmp_path / "crisis-numbers.yaml")
    page = render_to_string("ui/crisis/numbers.html", {"numbers": numbers, "today": today})

    assert "last rung" not in page
    assert page.count("A demonstration: nobody has rung it.") == 2
