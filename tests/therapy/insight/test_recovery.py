"""Does the insight find what was put in (INSIGHT 1.9)? Thirty clients a cell here; two hundred every night."""

from __future__ import annotations

from pathlib import Path

import pytest
import recovery
from diary_worlds import Wish
from found_again import Tally, kind_cell, own_prior_cell, people_cell, share
from recovery import Figure, null_row, nulls, row

SMOKE = 30


def test_ranges_hold_what_was_drawn_from_the_prior() -> None:
    found = own_prior_cell(30, 5, SMOKE)
    assert found.people > 100
    assert 0.82 <= found.coverage <= 0.97


def test_in_lifelike_diaries_ranges_hold_and_sizes_are_nearer_than_slope_by_slope() -> None:
    found = people_cell(30, 5, clients=SMOKE) + people_cell(90, 3, clients=10)
    assert found.coverage >= 0.82
    assert found.error_ratio <= 0.75
    assert share(found.turned, found.directions) <= 0.05
    assert share(found.false["20"], found.found["20"]) <= 0.25
    assert found.power("10") >= found.power("20") >= 0.1


@pytest.mark.parametrize(("wish", "most"), [(Wish(null=True), 0.14), (Wish(null=True, colouring=0.25), 0.24)])
def test_where_there_is_nothing_little_is_found(wish: Wish, most: float) -> None:
    found = people_cell(30, 3, wish, SMOKE)
    assert share(found.clients_found["20"], found.clients) <= most
    assert found.clients_found["20"] <= found.clients_found["10"]


def test_kinds_hold_too() -> None:
    found = kind_cell(30, clients=SMOKE)
    assert found.coverage >= 0.80
    assert share(kind_cell(30, True, SMOKE).clients_found["20"], SMOKE) <= 0.17


def test_a_figure_knows_whether_it_holds() -> None:
    assert Figure(0.12, most=0.10).holds
    assert not Figure(0.14, most=0.10).holds
    assert not Figure(0.30, least=0.38).holds
    assert not Figure(float("nan"), least=0.38).holds
    assert str(Figure(0.14, most=0.10)) == "**.140**"
    made = row("x", lambda n, p: n / p / 100, people=(1, 2), most=(0.2, 0.3, 0.5))
    assert str(made) == "| x | ≤ 0.20, 0.30, 0.50 | .140 / .070 | .300 / .150 | **.900** / .450 |"
    assert not made.holds


def test_tallies_add_up() -> None:
    one = Tally(clients=2, people=3, covered=2, found={"10": 1, "20": 0})
    both = one + one
    assert (both.clients, both.covered, both.found) == (4, 4, {"10": 2, "20": 0})


def test_the_figures_go_between_their_marks_and_nowhere_else(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"above\n{recovery.BEGIN}\nold\n{recovery.END}\nbelow\n", encoding="utf-8")
    recovery.write("new", page)
    assert page.read_text(encoding="utf-8") == f"above\n{recovery.BEGIN}\nnew\n{recovery.END}\nbelow\n"


def test_the_page_has_the_marks_and_figures_of_a_run() -> None:
    text = recovery.PAGE.read_text(encoding="utf-8")
    figures = text.partition(recovery.BEGIN)[2].partition(recovery.END)[0]
    assert "200 clients a cell" in figures
    assert "500 further clients without any effect" in figures
    assert "**" not in figures.partition("| what |")[2], "a figure on the page lies outside what is required"


@pytest.mark.nightly
def test_every_required_figure_holds() -> None:
    broken = [str(one) for one in recovery.recovery(200) if not one.holds]
    assert broken == []


@pytest.mark.nightly
def test_five_hundred_clients_without_any_effect() -> None:
    assert null_row(500).holds
    assert nulls(30, 500).people > 1500
