"""Whole caseloads judged at once say what the one table says of each course."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from caseload_world import caseload
from factories import Course
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openipt.therapy.course import state
from openipt.therapy.course.state_columns import STATES, states_of
from openipt.therapy.forms import open_form
from openipt.therapy.manuals import open_manual
from openipt.therapy.progress import Expectation, default_reference

PHQ9 = open_form("phq-9")
OWN = replace(default_reference(PHQ9, 16), courses=150, version="local-150")
paths = st.lists(st.none() | st.integers(0, 27), min_size=1, max_size=15)


def table_says(scores, manual, reference, planned=14) -> str:
    course = Course(manual)
    for week, score in enumerate(scores):
        course.session(7 * week)
        if score is not None and score == score:
            course.total(7 * week, float(score))
    expectation = Expectation(reference, planned) if reference else None
    return state(course.manual, course.record, course.day(7 * len(scores) - 7), expectation).id


def columns_say(scores, manual, reference) -> str:
    row = np.array([[np.nan if score is None else score for score in scores]], dtype=float)
    return STATES[int(states_of(PHQ9, open_manual(manual), row, len(scores) - 1, reference)[0])]


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(paths, st.sampled_from(["ipt-classic", "ipt-m", "ipt-a", "ipt-b"]), st.sampled_from([None, OWN]))
def test_columns_and_table_agree_on_every_weekly_course(scores, manual, reference) -> None:
    assert columns_say(scores, manual, reference) == table_says(scores, manual, reference)


@pytest.mark.parametrize("reference", [None, OWN])
def test_they_agree_on_a_caseload_in_which_everybody_is_somewhere_else(reference) -> None:
    test = caseload(150, 21)
    today = np.minimum(np.random.default_rng(1).integers(0, 16, 150), test.last)
    made = states_of(PHQ9, open_manual("ipt-classic"), test.scores, today, reference, test.planned)
    alone = [
        table_says(row[: now + 1], "ipt-classic", reference, int(planned))
        for row, now, planned in zip(test.scores, today, test.planned, strict=True)
    ]
    assert [STATES[code] for code in made] == alone
    assert len(set(alone)) >= 5


def test_a_measure_without_numbers_is_never_worse_and_has_no_clinical_range() -> None:
    form = open_form("own-stress")
    made = states_of(form, open_manual("ipt-classic"), np.array([[2.0, 10, 10, 10]]), 3)
    assert STATES[made[0]] == "off_track"  # only the decision point's percent is left to judge by


def test_fifty_states_take_five_thousandths_of_a_second_and_twenty_thousand_a_tenth() -> None:
    test = caseload(50, 3)
    courses = []
    for row in test.scores[:, :12]:
        course = Course()
        for week, score in enumerate(row):
            course.session(7 * week)
            if score == score:
                course.total(7 * week, float(score))
        courses.append(course)
    expectation, manual, taken, all_taken = Expectation(OWN), open_manual("ipt-classic"), [], []
    many = np.tile(test.scores, (400, 1))
    for _ in range(5):
        records = [course.record for course in courses]
        start = time.process_time()
        for record in records:
            state(manual, record, courses[0].day(77), expectation)
        taken.append(time.process_time() - start)
        start = time.process_time()
        states_of(PHQ9, manual, many, 11, OWN)
        all_taken.append(time.process_time() - start)
    # The budgets themselves are held by the bench on a quiet machine; here only what no busy machine can excuse.
    assert min(taken) < 0.010
    assert min(all_taken) < 0.2
