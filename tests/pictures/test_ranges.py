"""Ranges: on one axis, in the order given, with a table; whatever the names are."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest

from openipt.pictures.ranges import Range, ranges

ROWS = [
    Range("Zoe", "worth asking about", 1.5, 0.8, 2.2, True, ("1.5", "0.8 to 2.2")),
    Range("Ann", "nothing seen so far", -0.2, -1.4, 0.9, False, ("-0.2", "-1.4 to 0.9")),
    Range("Max", "not enough entries", cells=("", "")),
]


def drawn(rows, **how):
    return ranges("What was seen", rows, head=("Person", "Middle", "Range"), **how)


def texts(svg: str) -> list[str]:
    return [unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", svg)]


def lines(svg: str, class_: str) -> list[tuple[float, float]]:
    found = (dict(re.findall(r'([a-z0-9]+)="([^"]*)"', line)) for line in re.findall(r"<line[^>]*>", svg))
    return [(float(line["x1"]), float(line["x2"])) for line in found if line["class"] == class_]


def closed(svg: str) -> bool:
    """Whether every element that is opened is closed."""

    class Reader(HTMLParser):
        depth = 0

        def handle_starttag(self, tag, attrs) -> None:
            self.depth += 1

        def handle_startendtag(self, tag, attrs) -> None:
            pass

        def handle_endtag(self, tag) -> None:
            self.depth -= 1

    reader = Reader()
    reader.feed(svg)
    return reader.depth == 0


def test_rows_stand_in_the_order_given_in_picture_and_table() -> None:
    made = drawn(ROWS)
    assert [name for name in texts(made.svg) if name in ("Zoe", "Ann", "Max")] == ["Zoe", "Ann", "Max"]
    assert made.table.rows == (("Zoe", "1.5", "0.8 to 2.2"), ("Ann", "-0.2", "-1.4 to 0.9"), ("Max", "", ""))


def test_every_range_lies_on_the_same_axis_around_zero() -> None:
    made = drawn(ROWS, width=600)
    ((low, high),) = lines(made.svg, "c-accent")
    axis_low, axis_high = next(one for one in lines(made.svg, "c-edge") if one == (28.0, 572.0))
    middle = (axis_low + axis_high) / 2
    assert (low - middle) / (high - middle) == pytest.approx(0.8 / 2.2, abs=0.01)


def test_what_is_worth_asking_about_is_told_apart_by_more_than_colour() -> None:
    made = drawn(ROWS)
    assert {"worth asking about", "nothing seen so far", "not enough entries"} <= set(texts(made.svg))
    assert made.svg.count('stroke-width="6"') == 1


@pytest.mark.parametrize("width", [120, 300, 640, 1200])
@pytest.mark.parametrize("name", ["", "x" * 300, "<svg onload=x>", "عائشة", "\u202eRui"])
def test_any_name_fits_and_stays_text(name: str, width: float) -> None:
    made = drawn([Range(name, "worth asking about", 1, 0.5, 9000, True, ("1", "2"))], width=width,
                 ends=("lower mood with good contact", "higher mood with good contact"))  # fmt: skip
    assert "<svg onload" not in made.svg
    assert texts(made.svg)
    assert closed(made.svg)


def test_nothing_to_draw_is_a_picture_too() -> None:
    made = drawn([])
    assert 'role="img"' in made.svg
    assert made.table.rows == ()
