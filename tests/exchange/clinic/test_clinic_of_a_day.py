"""The clinic of a day: how many courses, of which kinds, with which needs; outcomes near the published ones."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from statistics import mean, stdev

import pytest
from laws import broken_laws

from openipt.exchange.cases.opening import case_ids, case_named, open_case
from openipt.exchange.clinic import clinic
from openipt.exchange.clinic.rota import MAIN, STAFF, SUPERVISORS
from openipt.therapy.course import closing, decision_points, due, open_flags, state, where
from openipt.therapy.manuals import open_manual
from openipt.therapy.record import Record

TODAY = date(2026, 11, 25)  # a Wednesday


@pytest.fixture(scope="module")
def courses() -> tuple[Record, ...]:
    return clinic(TODAY)


@pytest.fixture(scope="module")
def running(courses):
    return [record for record in courses if record.ended_on is None]


@pytest.fixture(scope="module")
def over(courses):
    return [record for record in courses if record.ended_on is not None]


def test_forty_courses_are_open_and_one_hundred_and_twenty_have_ended(running, over):
    assert (len(running), len(over)) == (40, 120)


def test_they_spread_over_nine_manuals_five_therapists_two_supervisors_and_two_years(courses, over):
    assert len({record.manual for record in courses}) == 9
    assert Counter(record.manual for record in courses).most_common(1)[0][0] == "ipt-classic"
    assert {record.staff for record in courses} == set(STAFF)
    assert {record.supervisor for record in courses} == set(SUPERVISORS)
    began = [record.began_on for record in over]
    assert TODAY - timedelta(weeks=105) <= min(began) < TODAY - timedelta(weeks=90)
    assert max(record.ended_on for record in over) > TODAY - timedelta(weeks=10)


def test_nobody_has_the_name_of_somebody_else_and_everybody_meets_on_a_working_day(courses):
    names = Counter(record.says("intake")["alias"] for record in courses)
    assert [name for name, n in names.items() if n > 1] == []
    assert not set(names) & {record.says("intake")["alias"] for name in case_ids() for record in told(name)}
    assert {session.day.weekday() for record in courses for session in record.sessions} <= set(range(5))


def test_no_therapist_sees_two_people_at_once(running):
    slots = Counter(
        (record.staff, session.happened_at)
        for record in running
        for session in record.sessions
        if session.day > TODAY - timedelta(weeks=3)
    )
    assert [slot for slot, n in slots.items() if n > 1] == []


@pytest.mark.parametrize("part", range(8))
def test_every_course_of_the_clinic_is_lawful(courses, part):
    broken = [wrong for record in courses[part::8] for wrong in broken_laws(record, TODAY)]
    assert broken == []


def told(name: str) -> tuple[Record, ...]:
    return open_case(case_named(name)).records


def needs(record: Record) -> set[str]:
    """Return what a course needs on the day, in a word each."""
    manual = open_manual(record.manual)
    here = where(manual, record, TODAY)
    points = [point for point in decision_points(manual, record, TODAY) if point.recorded is None]
    last = record.sessions[-1] if record.sessions else None
    found = {state(manual, record, TODAY).id, here.phase.kind}
    found |= {"flag"} if open_flags(manual, record, TODAY) else set()
    found |= {"decision due"} if any(one.kind == "decision" for one in due(manual, record, TODAY)) else set()
    found |= {"decision overdue"} if any(point.overdue for point in points) else set()
    found |= {"missed"} if last and not last.attended else set()
    found |= {"before its second session"} if here.held == 1 else set()
    found |= {"afraid"} if any(flag.rule == "R7" for flag in record.flags) else set()
    found |= {"low fit"} if any(one.answers["client_fit"] < 6 for one in record.of("formulation")) else set()
    return found


def test_the_main_therapist_has_twelve_open_courses_with_every_sort_of_need(running):
    own = [record for record in running if record.staff == MAIN]
    assert len(own) == 12
    assert set().union(*map(needs, own)) >= {
        "flag", "decision due", "decision overdue", "missed", "before its second session", "afraid", "low fit",
        "worse", "ask", "off_track", "on_track", "early", "initial", "middle", "termination",
    }  # fmt: skip


def test_a_few_answers_and_a_few_decisions_wait_for_a_person_but_not_many(running):
    flagged = [record for record in running if "flag" in needs(record)]
    to_decide = [record for record in running if "decision due" in needs(record)]
    assert 3 <= len(flagged) <= 8
    assert 3 <= len(to_decide) <= 14


def test_outcomes_lie_near_the_published_ones(over):
    """Dropout 17 to 24 % (Linardon 2019); targets of `library/evidence`: response 40 to 55, remission 25 to 40 %."""
    endings = Counter(record.says("ending")["ending"] for record in over)
    treated = [record for record in over if open_manual(record.manual).purpose == "treatment"]
    made = [closing(open_manual(record.manual), record, record.ended_on).outcome for record in treated]
    share = {
        word: 100 * sum(map(holds, made)) / len(made)
        for word, holds in {
            "response": lambda one: one.response is True,
            "remission": lambda one: one.remission is True,
            "worse": lambda one: one.reliable == "deteriorated",
        }.items()
    }
    first = [one.first for one in made]
    effect = (mean(first) - mean(one.last for one in made)) / stdev(first)
    assert 15 <= 100 * endings["stopped_coming"] / len(over) <= 26
    assert 38 <= share["response"] <= 58
    assert 22 <= share["remission"] <= 42
    assert 1 <= share["worse"] <= 9
    assert 0.9 <= effect <= 1.7


@pytest.mark.parametrize("days", [3, 4])
def test_a_weekend_is_no_trouble(days):
    """A Saturday and a Sunday: the same courses, still forty of them open."""
    today = TODAY + timedelta(days=days)
    told = [record for record in clinic_part(today) if record.ended_on is None]
    assert len(told) == 40
    assert all(session.day.weekday() < 5 for record in told for session in record.sessions)
    assert [wrong for record in told[:12] for wrong in broken_laws(record, today)] == []


def clinic_part(today: date) -> list[Record]:
    """Return the open courses of a day; the finished ones cost most and differ least."""
    from openipt.exchange.clinic.rota import _open

    return list(_open(today))
