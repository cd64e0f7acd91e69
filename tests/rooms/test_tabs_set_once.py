"""The tabs of a course are set once for all courses: each with its own label and name, and no name is kept."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openipt.rooms.workspace.templatetags import tabs
from openipt.rooms.workspace.templatetags.tabs import Shown, course_tabs


def course(label: str = "C02", name: str = "Mateo", newest: int | None = 8, **more: object) -> SimpleNamespace:
    return SimpleNamespace(
        id=label,
        name=name,
        newest=newest,
        group=more.get("group"),
        record=SimpleNamespace(ended_on=more.get("ended_on"), manual="ipt-classic"),
        manual=SimpleNamespace(known=more.get("known", True)),
    )


def made(one: SimpleNamespace, tab: str = "course", **more: object) -> str:
    how = {"number": None, "latest": None, "on": "", "asked": True} | more
    return str(course_tabs(one, tab, **how))


def test_another_course_differs_in_its_label_and_its_name_alone() -> None:
    assert made(course("B-17", "Ana")) == made(course()).replace("C02", "B-17").replace("Mateo", "Ana")


def test_a_page_belongs_to_one_tab_in_both_widths() -> None:
    for tab in ("course", "agreed", "people", "measures", "safety", "care", "invite", "insight", "treatment"):
        assert made(course(), tab).count('aria-current="page"') == 2


@pytest.mark.parametrize(
    ("one", "how", "leads_to"),
    [
        (course(), {}, "/courses/C02/sessions/8/"),
        (course(), {"latest": 5}, "/courses/C02/sessions/5/"),
        (course(), {"number": 3, "latest": 5}, "/courses/C02/sessions/3/"),
        (course(newest=None), {}, "/courses/C02/sessions/ahead/"),
    ],
)
def test_sessions_lead_to_the_one_that_is_meant(one: SimpleNamespace, how: dict, leads_to: str) -> None:
    assert made(one, **how).count(f'href="{leads_to}"') == 2


def test_an_ended_course_without_a_session_leads_to_none() -> None:
    assert "Sessions" not in made(course(newest=None, ended_on="2026-01-01"))


def test_what_is_not_there_has_no_tab() -> None:
    assert "goes along with mood" in made(course())
    assert "goes along with mood" not in made(course(), asked=False)
    assert "goes along with mood" not in made(course(group=object()))
    assert "Manual" not in made(course(known=False))


@given(st.text(), st.text())
def test_neither_a_name_nor_a_day_brings_anything_but_letters_into_the_page(name: str, on: str) -> None:
    page = made(course(name=name), on=on)

    assert page.count("<") == made(course()).count("<")
    assert page.count("<nav") == 2


def test_no_name_and_no_label_is_kept() -> None:
    tabs._once.cache_clear()
    made(course("C02", "Mateo"))
    kept = tabs._once(Shown(8, False, False, "ipt-classic"), "course", True)

    assert tabs._once.cache_info().hits == 1
    assert "Mateo" not in kept
    assert "C02" not in kept
