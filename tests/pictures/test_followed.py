"""A measure over dates as a picture: gaps left open, an expected course only where one is given, a table."""

from __future__ import annotations

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openipt.pictures.followed import Marker, Stretch, followed
from openipt.pictures.timeline_values import Score

START = date(2026, 1, 5)


def on(day: int) -> date:
    return START + timedelta(days=day)


def scores(*values):
    return [Score(on(7 * week), value) for week, value in enumerate(values)]


def test_every_score_stands_in_the_table_and_in_the_description() -> None:
    picture = followed("PHQ-9", scores(20, None, 12.5), finding="From 20 to 12.5")
    assert picture.table.rows == (("5 Jan 2026", "20"), ("12 Jan 2026", "no answers"), ("19 Jan 2026", "12.5"))
    assert "20, no answers, 12.5" in picture.description
    assert "From 20 to 12.5" in picture.svg
    assert picture.svg.count("<polyline") == 0  # one score on each side of the gap: nothing to join


def test_without_an_expected_course_there_is_no_band() -> None:
    assert "f-band" not in followed("PHQ-9", scores(20, 12)).svg


def test_an_expected_course_is_drawn_behind_and_told_in_the_table() -> None:
    band = [Stretch(on(0), 20, 20, 20), Stretch(on(28), 15, 10, 20)]
    picture = followed("PHQ-9", scores(20, 12), expected=band, expected_words=("expected", "most lie here"))
    assert picture.svg.index("f-band") < picture.svg.index("f-accent")
    assert ("2 Feb 2026", "expected: 15; most lie here: 10 – 20") in picture.table.rows


def test_a_marked_day_is_named_once_in_the_legend_and_each_time_in_the_table() -> None:
    picture = followed("PHQ-9", scores(20, 12, 4), markers=[Marker(on(0), "sudden gain"), Marker(on(7), "sudden gain")])
    assert picture.svg.count("sudden gain") == 1
    assert sum(said == "sudden gain" for _, said in picture.table.rows) == 2


def test_names_are_escaped() -> None:
    picture = followed("<script>", scores(1), measure="a & b", finding="<b>")
    assert "<script>" not in picture.svg
    ElementTree.fromstring(picture.svg)  # noqa: S314 - our own drawing


@given(
    st.lists(st.tuples(st.integers(0, 800), st.none() | st.floats(-50, 200)), max_size=60),
    st.sampled_from([200.0, 390.0, 640.0, 1280.0]),
)
def test_any_scores_give_a_drawing_inside_its_frame(rows, width) -> None:
    picture = followed("Scale", [Score(on(day), value) for day, value in rows], width=width, cut_off=10)
    root = ElementTree.fromstring(picture.svg)  # noqa: S314 - our own drawing
    across, down = float(root.get("width")), float(root.get("height"))
    for circle in root.iter("{http://www.w3.org/2000/svg}circle"):
        assert 0 <= float(circle.get("cx")) <= across
        assert 0 <= float(circle.get("cy")) <= down
    assert len(picture.table.rows) == len(rows)
    assert not re.search(r"\bnan\b|\binf\b", picture.svg)


@pytest.mark.parametrize("width", [390, 640])
def test_the_same_scores_give_the_same_drawing(width) -> None:
    assert followed("x", scores(3, 2), width=width) == followed("x", scores(3, 2), width=width)
