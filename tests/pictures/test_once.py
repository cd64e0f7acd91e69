"""The same values give the same picture, drawn once; others give another."""

from __future__ import annotations

from html import escape

from hypothesis import given
from hypothesis import strategies as st

from openipt.pictures import Picture, Table, sparkline
from openipt.pictures.once import once


def test_it_is_drawn_once_for_the_same_values_and_a_list_is_as_good_as_a_tuple() -> None:
    drawn = []

    @once
    def draw(title: str, values: tuple[float, ...] = (), *, width: int = 1, id_prefix: str = "own") -> Picture:
        drawn.append((title, values, width))
        return Picture(f"<svg id='{id_prefix}'>{title}{values}{width}</svg>", title, "", Table("", (), ()))

    assert draw("One", [1, 2]) == draw("One", (1, 2))
    assert draw("One", [1, 2], width=2) != draw("One", [1, 2])
    assert draw("Two", [1, 2]).title == "Two"
    assert len(drawn) == 3


def test_two_on_a_page_are_drawn_once_and_keep_their_own_ids() -> None:
    one, other = (sparkline("A course", [3, 4], id_prefix=prefix).svg for prefix in ("first", "second"))

    assert 'id="first-title"' in one
    assert 'aria-labelledby="second-title second-desc"' in other
    assert one.replace("first-", "second-") == other
    assert 'id="sparkline-title"' in sparkline("A course", [3, 4]).svg


@given(st.lists(st.lists(st.none() | st.integers(0, 27), max_size=6), max_size=8))
def test_no_course_ever_gets_the_picture_of_another(courses: list[list[int | None]]) -> None:
    for values in courses:
        shown = sparkline("A course", values).table.rows
        assert [cell for _, cell in shown] == ["no answers" if one is None else str(one) for one in values]


@given(st.lists(st.lists(st.text(alphabet="a<&\x1f'"), min_size=1, max_size=4).map(tuple), max_size=4))
def test_every_cell_of_a_table_stands_by_itself_and_is_escaped(rows: list[tuple[str, ...]]) -> None:
    shown = Table("", (), tuple(rows)).html

    for first, *others in rows:
        told = "".join(f"<td>{escape(cell)}</td>" for cell in others)
        assert f'<tr><th scope="row">{escape(first)}</th>{told}</tr>' in shown
