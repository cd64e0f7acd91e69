"""The worked cases of the demonstration stand as they should on every day of the week."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import pytest

from openipt.exchange.cases.opening import case_named, open_case
from openipt.exchange.clinic import demo_cases
from openipt.therapy.course import closing, decision_points, due, open_flags, where
from openipt.therapy.manuals import Manual, open_manual
from openipt.therapy.record import Record, done_tasks

DAYS = [date(2026, 11, 23) + timedelta(days=n) for n in (0, 1, 2, 5, 6, 401)]  # Monday, Tuesday, ... and next year

cases_on = cache(demo_cases)


@pytest.fixture(params=DAYS, ids=lambda day: f"{day:%a-%j}")
def today(request) -> date:
    return request.param


def on_the_day(today: date, place: int) -> tuple[Manual, Record]:
    record = cases_on(today)[place][1]
    return open_manual(record.manual), record


def test_one_is_before_its_second_session_which_is_today_or_in_the_next_days(today):
    manual, record = on_the_day(today, 0)
    assert where(manual, record, today).number == 2
    assert record.ended_on is None
    assert today - timedelta(days=7) <= record.sessions[0].day < today
    assert not record.of("formulation")


def test_one_is_in_the_middle_and_a_decision_is_due_that_nobody_has_written(today):
    manual, record = on_the_day(today, 1)
    here = where(manual, record, today)
    assert (here.held, here.phase.kind) == (8, "middle")
    waiting = [point for point in decision_points(manual, record, today) if point.recorded is None]
    assert [point.point.id for point in waiting] == ["DP8"]
    to_decide = [item for item in due(manual, record, today) if item.kind == "decision"]
    assert [(item.id, item.overdue) for item in to_decide] == [("DP8", False)]
    assert timedelta(days=1) <= today - waiting[0].on <= timedelta(days=7)


def test_one_is_near_its_end_and_the_ending_has_been_spoken_about(today):
    manual, record = on_the_day(today, 2)
    here = where(manual, record, today)
    assert (here.left, here.phase.kind, record.ended_on) == (2, "termination", None)
    assert "END.01" in done_tasks(record)


def test_one_has_ended_some_weeks_ago_and_nothing_is_wanting(today):
    manual, record = on_the_day(today, 3)
    assert timedelta(days=21) <= today - record.ended_on <= timedelta(days=27)
    assert closing(manual, record, today).wanting == ()


def test_no_answer_waits_in_any_of_them_and_nothing_lies_ahead(today):
    for _, record in cases_on(today):
        assert open_flags(open_manual(record.manual), record, today) == ()
        assert all(entry.recorded_at.date() < today for entry in record.entries)


def test_sessions_keep_their_day_of_the_week_and_entries_their_ids(today):
    for case, record in cases_on(today):
        whole = open_case(case_named(case.id)).records[0]
        assert {one.day.weekday() for one in record.sessions} <= {one.day.weekday() for one in whole.sessions}
        assert {entry.id for entry in record.entries} < {entry.id for entry in whole.entries} or record.ended_on
