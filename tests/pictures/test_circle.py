"""The circle as a picture: everybody at the same angle then and now, wishes and lines drawn, a table behind."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from openipt.pictures import Person, Tie, circle, circle_pair
from openipt.pictures.circle_values import KINDS, angles, roomiest

turns = st.floats(0, 360, allow_nan=False)


def apart(one: float, other: float) -> float:
    """How far two angles are from each other."""
    return min((one - other) % 360, (other - one) % 360)


@given(st.lists(turns, min_size=1, max_size=40))
def test_one_more_person_finds_the_widest_room_there_is(taken: list[float]) -> None:
    found = roomiest(taken)

    near = min(apart(found, angle) for angle in taken)
    order = sorted(angle % 360 for angle in taken)
    widest = max(after - before for before, after in zip(order, [*order[1:], order[0] + 360], strict=True))
    assert abs(near - widest / 2) <= 0.1
    assert 0 <= found < 360


def test_the_first_person_stands_off_the_top() -> None:
    assert roomiest([]) == 20.0


@given(st.lists(st.none() | turns, min_size=1, max_size=30))
def test_nobody_stands_on_somebody_else(turned: list[float | None]) -> None:
    people = [Person(f"P{n}", "A", 1, angle=angle) for n, angle in enumerate(turned)]

    found = sorted(angle % 360 for angle in angles(people).values())

    least = min(12.0, 360 / len(people)) - 0.01
    gaps = [after - before for before, after in zip(found, [*found[1:], found[0] + 360], strict=True)]
    assert len(people) == 1 or min(gaps) >= least


@given(st.integers(1, 4), st.integers(1, 4), turns)
def test_then_and_now_somebody_stands_at_the_same_angle(then: int, now: int, angle: float) -> None:
    people = [
        [Person("P1", "Lena", ring, angle=angle), Person("P2", "Rui", 2, angle=angle + 90)] for ring in (then, now)
    ]

    drawn = circle_pair("", *people, then_label="A", now_label="B").svg

    dots = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="8" class="f-paper c-accent"', drawn)
    assert len(dots) == 4
    rui = [dots[1], dots[3]]
    assert rui[0] == rui[1]  # whoever has not moved is drawn in the same place


def test_every_kind_of_line_is_drawn_told_in_the_legend_and_stands_in_the_table() -> None:
    people = [Person("P1", "Lena", 1, angle=0), Person("P2", "Noah", 2, angle=90), Person("P3", "Rui", 3, angle=200)]
    plain = circle("", people).svg

    for kind in KINDS:
        picture = circle("", people, ties=[Tie("P2", "P1", kind)])
        assert picture.svg.count("<path") + picture.svg.count("<polyline") > plain.count("<path"), kind
        assert any(row[0].startswith("Noah and Lena: ") for row in picture.table.rows), kind
        ElementTree.fromstring(picture.svg)  # noqa: S314 - our own drawing
    arrow = circle("", people, ties=[Tie("P2", "P1", "messenger")]).svg
    assert "<polygon" in arrow
    assert "<polygon" not in circle("", people, ties=[Tie("P2", "P1", "close")]).svg


def test_a_wished_place_is_an_open_dot_with_a_dashed_way() -> None:
    drawn = circle("", [Person("P1", "Lena", 3, wished=1, angle=60)]).svg

    assert re.search(r'<line [^>]*stroke-dasharray="4 4"', drawn)
    assert "wished place" in drawn
    assert "stroke-dasharray" not in circle("", [Person("P1", "Lena", 3, wished=3, angle=60)]).svg


@given(st.text(max_size=80))
def test_a_name_is_never_mark_up(name: str) -> None:
    ElementTree.fromstring(circle("", [Person("P1", f"<b>{name}", 1)]).svg)  # noqa: S314 - our own drawing


def test_whoever_the_page_is_about_has_a_second_line_and_words_for_it() -> None:
    people = [Person("P1", "Lena", 1, marked=True), Person("P2", "Rui", 2)]

    drawn = circle("", people)

    assert re.findall(r'<circle cx="[\d.]+" cy="[\d.]+" r="([\d.]+)" class="f-none c-ink"', drawn.svg) == ["13", "9"]
    assert [row[3] for row in drawn.table.rows] == ["the person this is about", ""]
