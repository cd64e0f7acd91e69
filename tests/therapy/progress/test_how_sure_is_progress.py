"""How sure the expected course is (INSIGHT 2.3): a small run each time, the whole run nightly, its figures on a page.

The nightly run writes them down where it is asked to:

    OPENIPT_WRITE_FIGURES=1 pytest -m nightly tests/therapy/progress/test_how_sure_is_progress.py
"""

from __future__ import annotations

import os
import platform
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from caseload_world import caseload
from progress_figures import all_figures, coverage, ranks, reference_after, table_of

PAGE = Path(__file__).parents[3] / "docs" / "explanation" / "how-sure-is-progress.md"
BLOCK = re.compile(r"(<!-- figures -->\n).*?(\n<!-- end of figures -->)", re.DOTALL)


@pytest.fixture(scope="module")
def test_courses():
    return caseload(800, 5)


def test_the_caseload_is_the_one_that_was_described(test_courses) -> None:
    change = test_courses.change
    assert 0.40 <= (change < 6).mean() <= 0.50
    assert 0.02 <= (change <= -6).mean() <= 0.05
    assert change.mean() == pytest.approx(6.1, abs=0.6)
    assert change.std() == pytest.approx(6.4, abs=0.5)


def test_after_150_local_courses_the_band_holds_about_80_in_100(test_courses) -> None:
    assert 0.77 <= coverage(reference_after(150, 1), test_courses) <= 0.84


@pytest.mark.parametrize(("week", "goal"), [(4, 0.84), (8, 0.90)])
def test_the_outlook_tells_apart_who_will_not_have_improved(week, goal, test_courses) -> None:
    made = ranks(reference_after(150, 1), test_courses, week)
    assert made.by_model >= goal  # the whole run asks for .85 and .91
    assert made.by_model >= made.by_change - 0.01


def test_the_page_holds_figures_of_a_run() -> None:
    block = BLOCK.search(PAGE.read_text(encoding="utf-8"))
    assert block
    assert re.search(r"Measured on \d{4}-\d\d-\d\d, \d+ cores", block[0])
    assert "AUC in week 4, after local courses, least" in block[0]


@pytest.mark.nightly
def test_the_whole_run_reaches_what_was_asked_for() -> None:
    figures = all_figures()
    if os.environ.get("OPENIPT_WRITE_FIGURES"):
        _write(figures)
    assert figures["80 % band, after local courses, least"] >= 0.77
    assert figures["80 % band, after local courses, most"] <= 0.84
    for week, goal in ((4, 0.85), (8, 0.91)):
        least = figures[f"AUC in week {week}, after local courses, least"]
        assert least >= goal
        assert least >= figures[f"AUC in week {week}, change so far alone"] - 0.01
    assert figures["reliably worse at the end: called worse or off track at some time"] >= 0.90


def _write(figures) -> None:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    machine = f"{cores} cores ({platform.machine()}), Python {platform.python_version()}"
    made = table_of(figures, machine, datetime.now(UTC).date())
    text = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(BLOCK.sub(lambda found: f"{found[1]}{made}{found[2]}", text), encoding="utf-8")
