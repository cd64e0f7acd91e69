"""A task of an agenda is set once for all courses: with each one's own addresses, and with nobody's words kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openipt.rooms.workspace.sessions.meeting import Line
from openipt.rooms.workspace.sheets.of_tasks import pages_of
from openipt.rooms.workspace.standing_in import COURSE, SESSION, Place
from openipt.rooms.workspace.templatetags import tasks
from openipt.rooms.workspace.templatetags.tasks import as_task
from openipt.therapy.course import AgendaItem
from openipt.therapy.manuals import open_manual, open_task
from openipt.therapy.words import say

ALL = ("INI.02", "INI.12", "INI.14", "DSP.01", "GRF.02", "MID.02", "END.09")


@pytest.fixture(autouse=True)
def _nothing_set_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_set", {})


def line(task: str, **more: object) -> Line:
    pages = pages_of(open_manual("ipt-classic"), task, in_session=True, measure="phq-9")
    item = AgendaItem(task, "work", "offered", "every", 0)
    return replace(Line(item, task, open_task(task), False, pages, Place("C02", "S09"), say("why_now.every")), **more)


@pytest.mark.parametrize("task", ALL)
def test_in_another_course_only_the_addresses_differ(task: str) -> None:
    here, there = line(task), line(task, place=Place("B-00017", "0198-aa"))

    assert str(as_task(there, True)) == str(as_task(here, True)).replace("C02", "B-00017").replace("S09", "0198-aa")
    assert as_task(here, True) == as_task(line(task), True), "and it is itself again afterwards"


@pytest.mark.parametrize("task", ALL)
def test_no_address_is_left_open_and_what_is_kept_holds_no_label(task: str) -> None:
    made = as_task(line(task), True)

    assert COURSE not in made
    assert SESSION not in made
    assert not any("C02" in kept or "S09" in kept for kept in tasks._set.values())


def test_done_or_not_writing_or_not_and_each_reason_is_set_by_itself() -> None:
    first = line("DSP.01")
    again = replace(first, item=replace(first.item, reason="again"))
    shown = [
        as_task(first, True),
        as_task(first, False),
        as_task(replace(first, done=True), True),
        as_task(replace(first, item=None), True),
        as_task(again, True),
        as_task(replace(first, why_now=say("why_now.again", n=3)), True),
    ]

    assert len(set(shown)) == len(shown) - 1  # without a place on the agenda it stands as one that is offered
    assert shown[3] == shown[0]


def test_a_reason_may_name_somebody_and_is_not_kept() -> None:
    held = line(
        "DSP.01", item=AgendaItem("DSP.01", "work", "held_back", "area", 0, say("gate.consent.closed"), "consent")
    )

    assert "Held back" in as_task(held, True)
    assert tasks._set == {}
    assert "Held back" not in as_task(line("DSP.01"), True)


def test_what_is_kept_does_not_grow_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "_MOST", 2)
    for task in ALL:
        as_task(line(task), True)

    assert 1 <= len(tasks._set) <= 2
