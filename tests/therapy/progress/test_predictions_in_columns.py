"""Whole caseloads at once say what one course after the other says."""

from __future__ import annotations

import subprocess
import sys
import time

import numpy as np
import pytest
from caseload_world import caseload

from openipt.therapy.forms import open_form
from openipt.therapy.progress import Expectation, default_reference, local_reference, predict, predict_columns

PHQ9 = open_form("phq-9")
DEFAULT = default_reference(PHQ9, 16)
TEST = caseload(300, 11)


def test_a_row_of_columns_says_what_a_course_alone_says() -> None:
    own = local_reference(PHQ9, caseload(150, 12).as_maps())
    for reference in (DEFAULT, own):
        made = predict_columns(reference, TEST.scores[:, :12], TEST.planned)
        for n, course in enumerate(TEST.as_maps()):
            known = {week: score for week, score in course.items() if week < 12}
            alone = predict(reference, known, int(TEST.planned[n]))
            assert made.p_no_reliable_improvement[n] == pytest.approx(alone.p_no_reliable_improvement, abs=1e-9)
            assert min(max(made.mean[n], 0), 27) == pytest.approx(alone.mean, abs=1e-9)
            assert made.sd[n] == pytest.approx(alone.sd, abs=1e-9)
        outlooks = [
            Expectation(own).outlook([7 * week for week in course if week < 12], [course[w] for w in course if w < 12])
            for course in TEST.as_maps()
        ]
    assert made.twice_far_off.tolist() == [one.twice_far_off for one in outlooks]
    assert 0 < made.twice_far_off.sum() < 150


def test_no_first_score_and_a_reached_end_give_nothing() -> None:
    scores = np.array([[np.nan, 12.0, 11.0], [15.0, 12.0, np.nan], [15.0, 12.0, 11.0]])
    made = predict_columns(DEFAULT, scores, np.array([14, 2, 2]))
    assert np.isnan(made.p_no_reliable_improvement).tolist() == [True, False, True]
    assert np.isnan(predict_columns(DEFAULT, np.full((2, 3), np.nan)).mean).all()


def test_courses_longer_than_the_reference_are_refused() -> None:
    with pytest.raises(ValueError, match="weeks beyond 16"):
        predict_columns(DEFAULT, np.zeros((1, 18)))
    with pytest.raises(ValueError, match="weeks beyond 16"):
        predict_columns(DEFAULT, np.zeros((1, 3)), 17)


def test_long_courses_are_no_different() -> None:
    long = default_reference(PHQ9, 70)
    chance = np.random.default_rng(3)
    scores = np.where(chance.random((20, 60)) < 0.2, np.nan, chance.integers(0, 28, (20, 60)))
    scores[:, 0] = 18
    made = predict_columns(long, scores, 70)
    for n, row in enumerate(scores):
        alone = predict(long, {week: float(score) for week, score in enumerate(row) if score == score}, 70)
        assert made.p_no_reliable_improvement[n] == pytest.approx(alone.p_no_reliable_improvement, abs=1e-9)


def test_an_empty_caseload_is_no_fault() -> None:
    assert len(predict_columns(DEFAULT, np.empty((0, 5))).mean) == 0


def test_twenty_thousand_courses_take_a_tenth_of_a_second() -> None:
    scores = np.tile(TEST.scores, (67, 1))[:20_000, :12]
    planned = np.tile(TEST.planned, 67)[:20_000]
    taken = []
    for _ in range(3):
        start = time.process_time()
        predict_columns(DEFAULT, scores, planned)
        taken.append(time.process_time() - start)
    assert min(taken) < 0.1


def test_numpy_is_loaded_only_when_something_is_predicted() -> None:
    code = (
        "import sys, openipt, openipt.therapy.course, openipt.therapy.progress, openipt.cli\n"
        "assert 'numpy' not in sys.modules\n"
        "openipt.therapy.progress.predict\n"
        "assert 'numpy' in sys.modules and 'scipy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)
